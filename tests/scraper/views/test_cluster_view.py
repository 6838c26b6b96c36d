"""The copies of a story side by side, from a job that has found them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.duplicates import CopyKind, Match
from cleaners.duplicates.results import Cluster, Passage
from scraper.corpus.rows import ArticleRow
from scraper.errors import NothingMatched, OutputError
from scraper.views.copies import read_clusters, story
from scraper.views.inspection import clusters_file, inspect_cluster
from scraper.views.wording import compared


@pytest.fixture(scope="module")
def view(job: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    (cluster,) = read_clusters(clusters_file(job))
    path = tmp_path_factory.mktemp("cluster") / "cluster.html"
    # By the id of any copy.
    path.write_text(inspect_cluster(job, cluster.members[-1]), "utf-8")
    return path


def test_three_copies_stand_side_by_side_with_the_kept_one_first(view: Path, look: Any) -> None:
    seen = look(view)
    columns = seen.tab.locator(".copy")
    assert columns.count() == 3
    assert "kept" in columns.first.locator("header").inner_text()
    tops = columns.evaluate_all(
        "them => them.map(it => Math.round(it.getBoundingClientRect().top))"
    )
    assert len(set(tops)) == 1
    told = seen.tab.get_by_role("region", name="The copy that is kept").inner_text()
    assert "Why" in told
    assert seen.tab.locator(".when svg circle").count() == 3
    seen.assert_quiet(view)


def test_a_passage_is_shown_in_all_copies_by_keyboard_and_let_go_again(
    view: Path, look: Any
) -> None:
    seen = look(view)
    first = seen.tab.locator(".copy").first.locator("button[data-thread]").first
    thread = first.get_attribute("data-thread")
    first.focus()
    seen.tab.keyboard.press("Enter")
    assert seen.tab.locator(f'.passage.shown[data-thread="{thread}"]').count() == 3
    assert seen.tab.locator(".passage.shown").count() == 3
    assert first.get_attribute("aria-pressed") == "true"
    seen.tab.keyboard.press("Escape")
    assert seen.tab.locator(".passage.shown").count() == 0
    assert first.get_attribute("aria-pressed") == "false"
    seen.assert_quiet(view)


def test_the_same_number_stands_at_the_same_sentence(view: Path, look: Any) -> None:
    seen = look(view)
    for words in ("The council of Wendle", "Mayor Ilse Brandt", "Shopkeepers on the market"):
        found = seen.tab.locator(".copy .passage", has_text=words)
        assert found.count() == 3
        assert len(set(found.evaluate_all("them => them.map(it => it.dataset.thread)"))) == 1


def test_what_was_changed_added_and_cut_is_told(view: Path, look: Any) -> None:
    seen = look(view)
    changed = {*seen.tab.locator(".difference del").all_text_contents()}
    changed |= {*seen.tab.locator(".difference ins").all_text_contents()}
    assert {"14 ", "16 "} <= changed
    assert any("Ferries will run until midnight" in it for it in changed)
    assert any("The bridge was built in 1931" in it for it in changed)
    facts = seen.tab.locator(".differs").all_text_contents()
    assert any("14" in it and "16" in it for it in facts)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(view: Path, look: Any, width: int) -> None:
    seen = look(view, width=width)
    assert seen.tab.evaluate("document.documentElement.scrollWidth") <= width


def test_a_cluster_that_nobody_knows_is_an_error(job: Path) -> None:
    with pytest.raises(NothingMatched):
        inspect_cluster(job, "0" * 16)


def test_a_file_of_something_else_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "clusters.jsonl"
    path.write_text('{"members": 3}\n')
    with pytest.raises(OutputError):
        list(read_clusters(path))


def rows(**texts: str) -> dict[str, ArticleRow]:
    return {it: ArticleRow(it, f"http://{it}.example/", text) for it, text in texts.items()}


def test_a_copy_that_is_linked_through_another_one_takes_part_in_its_threads() -> None:
    links = (
        Match("a", "b", CopyKind.NEAR, 0.9, 0.99, (Passage((0, 4), (0, 4), 1.0),)),
        Match("b", "c", CopyKind.REWRITTEN, 0.5, 0.9, (Passage((0, 4), (5, 9), 0.6),)),
    )
    found = story(
        Cluster(("a", "b", "c"), "a", "the earliest", links),
        rows(a="One.", b="One.", c="Two. One."),
    )
    assert [it.row.id for it in found.copies] == ["a", "b", "c"]
    assert [[span.thread for span in it.spans] for it in found.copies] == [[1], [1], [1]]
    assert found.threads == {1: 3}
    assert found.copies[2].compared is not None
    assert found.copies[2].compared.to == "b"


def test_passages_beyond_the_text_are_left_out() -> None:
    link = Match("a", "b", CopyKind.NEAR, 0.9, 0.99, (Passage((0, 400), (0, 4), 1.0),))
    found = story(Cluster(("a", "b"), "a", "", (link,)), rows(a="One.", b="One."))
    assert found.copies[0].spans == ()


@given(st.text("ab 早い,.", max_size=40), st.text("ab 早い,.", max_size=40))
def test_the_pieces_are_the_sentences(a: str, b: str) -> None:
    left, right = compared(a, b)
    assert "".join(text for _, text in left) == a
    assert "".join(text for _, text in right) == b
