"""The joins find what a batch over the same documents finds, however the documents are parted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from cleaners.duplicates import CopyKind, Threshold
from cleaners.duplicates.candidates import meetings, packed, sharing
from scraper.scale.settings import BuildSettings, CopySettings, Portions
from scraper.scale.stages import components
from scraper.scale.stages.frame import TO, Frame, column, table
from tests.cleaners.duplicates.made import copies, report, text
from tests.scraper.scale.corpora import (
    built,
    expected,
    rows,
    said,
    stands,
    told_stories,
    write_lines,
)

SMALL = Portions(partition=60_000, leaf=100)
EDGES = some.lists(some.tuples(some.integers(0, 30), some.integers(0, 30)), max_size=40)


def made(many: int) -> list[dict[str, Any]]:
    """Reports with four copies of each, some of them dated, and texts that say nothing."""
    found = [{"id": name, "text": it} for n in range(many) for name, it in copies(n).items()]
    for n, it in enumerate(found):
        if n % 3:
            it["published"] = f"2024-05-{1 + n % 28:02}T10:00:00+00:00"
        if n % 7 == 0:
            it |= {"url": f"https://a.test/{n}", "canonical": f"https://a.test/{n - n % 5}"}
    return [*found, {"id": "mute", "text": "…"}, {"id": "dumb", "text": ""}]


def test_the_stories_of_the_fixtures(tmp_path: Path) -> None:
    documents = told_stories(420)
    path = write_lines(tmp_path / "in.jsonl", documents)
    found = built(BuildSettings((path,), str(tmp_path / "out"), portions=SMALL))
    clusters, parts, unique = said(expected(documents))
    assert len(clusters) > 30
    assert parts
    assert stands(tmp_path / "out") == (clusters, parts, unique)
    assert len(list((tmp_path / "out" / "articles").iterdir())) > 4
    assert (found.stories, found.copies) == (len(unique), len(documents) - len(unique))


@pytest.mark.parametrize(
    "asked",
    [
        CopySettings(window=timedelta(days=3)),
        CopySettings(kinds=frozenset({CopyKind.EXACT, CopyKind.NEAR})),
        CopySettings(kinds=frozenset({CopyKind.EXACT})),
        CopySettings(Threshold.LOOSE, frozenset({CopyKind.CONTAINED, CopyKind.REWRITTEN})),
    ],
    ids=["window", "near", "exact", "not near"],
)
def test_what_is_asked_for_changes_both_alike(asked: CopySettings, tmp_path: Path) -> None:
    documents = made(14)
    path = write_lines(tmp_path / "in.jsonl", documents)
    out = tmp_path / "out"
    built(BuildSettings((path,), str(out), asked, portions=Portions(20_000, 40)))
    assert stands(out) == said(expected(documents, asked))


def test_what_is_too_much_for_one_machine_is_joined_until_nothing_changes(tmp_path: Path) -> None:
    documents = made(14)
    path = write_lines(tmp_path / "in.jsonl", documents)
    stars = tmp_path / "out"
    # One edge is one too many.
    built(BuildSettings((path,), str(stars), portions=Portions(20_000, 40, edges=0)))
    assert stands(stars) == said(expected(documents))


def test_a_second_document_under_one_id_is_told_apart_from_copies(tmp_path: Path) -> None:
    told = [{"id": "a", "text": text(report(1))}, {"id": "b", "text": text(report(2))}]
    path = write_lines(tmp_path / "in.jsonl", [*told, {"id": "a", "text": text(report(2))}])
    found = built(BuildSettings((path,), str(tmp_path / "out")))
    assert (found.articles, found.same, found.copies, found.stories) == (3, 1, 0, 2)
    assert stands(tmp_path / "out") == said(expected(told))
    (again,) = rows(tmp_path / "out", "copies")
    assert (again["id"], again["match"], again["keep"]) == ("a", "same", False)


def test_a_flood_of_one_text_is_one_cluster(tmp_path: Path) -> None:
    told = [{"id": f"{n:04}", "text": text(report(1 + n % 2))} for n in range(900)]
    path = write_lines(tmp_path / "in.jsonl", told)
    found = built(BuildSettings((path,), str(tmp_path / "out"), portions=Portions(leaf=200)))
    assert (found.articles, found.texts, found.clusters, found.stories) == (900, 2, 2, 2)


@given(EDGES, some.integers(1, 5))
@settings(deadline=None, max_examples=60)
def test_stars_and_union_find_the_same_components(
    edges: list[tuple[int, int]], buckets: int
) -> None:
    u, v = (np.array([it[n] for it in edges if it[0] != it[1]], dtype=np.int64) for n in (0, 1))
    numbers, component = components.united(u, v)
    frame = Frame(buckets=buckets, groups=(*tuple(range(0, 32, 32 // buckets))[:buckets], 32))
    sent = components.ends(frame, 0, {"verdicts": table(a=u, b=v)})["edges"]
    both = exchanged(frame, components.doubled, "edges", "both", sent)
    before = None
    for _ in range(20):
        large = exchanged(frame, components.large_star, "both", "edges", both)
        now = sum(components.checksum(of(large, it)) for it in range(buckets))
        both = exchanged(frame, components.small_star, "edges", "both", large)
        edges_now = exchanged(frame, components.small_star, "edges", "edges", large)
        if now == before:
            break
        before = now
    else:
        pytest.fail("no end")
    labels = exchanged(frame, components.stars, "edges", "labels", edges_now)
    found = {(int(it["group"]), int(it["component"])) for it in labels.to_pylist()}
    assert found == set(zip(numbers.tolist(), component.tolist(), strict=True))


def exchanged(frame: Frame, stage: Any, takes: str, gives: str, sent: Any) -> Any:
    """All that a stage sends when each bucket has taken its own."""
    found = [stage(frame, it, {takes: of(sent, it)})[gives] for it in range(frame.buckets)]
    return pyarrow.concat_tables(found)


def of(sent: Any, bucket: int) -> Any:
    return sent.filter(pyarrow.array(column(sent, TO) == bucket))


@given(
    some.lists(some.frozensets(some.integers(0, 40), max_size=12), max_size=60),
    some.integers(1, 4),
)
@settings(deadline=None, max_examples=60)
def test_terms_in_parts_add_up_to_terms_at_once(
    documents: list[frozenset[int]], parts: int
) -> None:
    key = np.array([it for terms in documents for it in sorted(terms)], dtype=np.uint32)
    counts = np.array([len(it) for it in documents], dtype=np.int64)
    owner = np.repeat(np.arange(len(documents)), counts)
    whole = sorted(int(it) for block in sharing(packed(key, owner), counts) for it in block)
    met: dict[int, int] = {}
    for part in range(parts):
        chosen = key % parts == part
        for pair, many in zip(*meetings(packed(key[chosen], owner[chosen])), strict=True):
            met[int(pair)] = met.get(int(pair), 0) + int(many)
    least = {
        it: max(3, -(-12 * min(counts[it >> 32], counts[it & 0xFFFFFFFF]) // 100)) for it in met
    }
    assert whole == sorted(it for it, many in met.items() if many >= least[it])
