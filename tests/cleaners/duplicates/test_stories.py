"""Stories as people wrote them: which are linked, and what is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.clean import clean
from cleaners.duplicates import CopyKind, Document, deduplicate, repeated_passages
from cleaners.duplicates.evidence import passages
from cleaners.duplicates.repeats import Repeat, returning, without
from cleaners.errors import BadDocument
from tests.cleaners.duplicates.made import copies, report, text

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
SEEDS = sorted((FIXTURES / "text").glob("seed-*/input.txt"))
# Stories for tuning: these tests say that the machine works, the benchmark says how well.
ROWS = [
    it
    for path in sorted((FIXTURES / "duplicates").glob("en-*.jsonl"))
    for it in map(json.loads, path.read_text("utf-8").splitlines())
    if it["split"] == "tune"
]
NO_COPIES = ("hard", "quote", "same_topic", "template", "roundup")


def test_copies_are_linked_and_look_alikes_are_not() -> None:
    found = deduplicate([(it["id"], it["text"]) for it in ROWS], evidence=False)
    home = {name: it.members[0] for it in found.clusters for name in it.members}
    kinds = {it["id"]: it["kind"] for it in ROWS}
    linked = [name for name in home if kinds[name] in NO_COPIES]
    told = [it for it in ROWS if it["kind"] not in NO_COPIES]
    together = sum(home.get(it["id"]) == home.get(f"{it['story']}#base") for it in told)
    assert together >= 0.97 * len(told)
    assert len(linked) <= 0.03 * len(ROWS)
    assert not [name for name in linked if kinds[name] in ("quote", "same_topic", "roundup")]


@pytest.mark.parametrize("is_cleaned", [False, True])
def test_the_two_seeds_are_one_story(is_cleaned: bool) -> None:
    texts = [path.read_text("utf-8") for path in SEEDS]
    if is_cleaned:
        texts = [clean(it).text for it in texts]
    documents = [(f"seed {number}", it) for number, it in enumerate(texts)]
    documents += [(it["id"], it["text"]) for it in ROWS]
    (match,) = (it for it in deduplicate(documents).matches if it.a == "seed 0")
    assert (match.b, match.kind) == ("seed 1", CopyKind.REWRITTEN)
    assert sum(it.a is not None and it.b is not None for it in match.evidence) > 8


def test_trimmed_led_and_contained_are_directed() -> None:
    # Invented sentences have no topic in common; of a report cut to less than half, the rest would
    # read like other stories of a roundup.
    told = report(1, 20)
    (match,) = deduplicate([("whole", text(told)), ("part", text(told[:12]))]).matches
    assert (match.a, match.b, match.kind) == ("part", "whole", CopyKind.CONTAINED)
    assert match.likeness == 1.0


def test_a_roundup_joins_nothing_and_is_told_as_what_it_is() -> None:
    one, other = report(1), report(2)
    documents = [
        ("one", text(one)),
        ("one too", text(one[:8])),
        ("other", text(other)),
        ("other too", text(other[:8])),
        ("roundup", text(one + other)),
    ]
    found = deduplicate(documents, evidence=False)
    assert {it.members for it in found.clusters} == {("one", "one too"), ("other", "other too")}
    assert "roundup" in found.unique
    assert {it.a for it in found.parts if it.b == "roundup"} >= {"one", "other"}


def test_a_window_of_time_parts_equal_and_like_texts() -> None:
    def dated(name: str, day: int, body: str) -> Document:
        return Document(name, body, published=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(day))

    told = copies(1)
    documents = [
        dated("a", 0, told["1"]),
        dated("b", 1, told["1"]),
        dated("c", 30, told["1"]),
        dated("d", 31, told["1 led"]),
        Document("undated", told["1 trimmed"]),
    ]
    found = deduplicate(documents[:4], window=timedelta(days=7), evidence=False)
    assert {it.members for it in found.clusters} == {("a", "b"), ("c", "d")}
    assert len(deduplicate(documents, evidence=False).clusters) == 1


def test_only_the_kinds_that_were_asked_for() -> None:
    documents = list(copies(1).items())
    exact = deduplicate(documents, kinds=frozenset({CopyKind.EXACT}))
    assert [it.members for it in exact.clusters] == [("1", "1 loud")]
    near = deduplicate(documents, kinds=frozenset({CopyKind.EXACT, CopyKind.NEAR}))
    assert {it.kind for it in near.matches} == {CopyKind.EXACT, CopyKind.NEAR}


def test_numbers_and_names_that_differ_are_called_out() -> None:
    a = "A storm over Kalmora killed 12 people on Sunday, Minister Dorvan said in the capital."
    (passage,) = passages(a, a.replace("12", "15").replace("Dorvan", "Wexel"))
    assert [(it.what, it.a, it.b) for it in passage.differs] == [
        ("number", "12", "15"),
        ("name", "Dorvan", "Wexel"),
    ]


def test_bad_documents_are_named() -> None:
    with pytest.raises(BadDocument, match=r"^b: two documents have this id"):
        deduplicate([("a", "x"), ("b", "y"), ("b", "z")])
    with pytest.raises(BadDocument, match=r"^b: the text is a int"):
        deduplicate([("a", "x"), {"id": "b", "text": 3}])
    with pytest.raises(BadDocument, match="neither an id nor a url"):
        deduplicate([{"text": "x"}])
    assert deduplicate([]).unique == ()
    assert deduplicate([("a", ""), ("b", "  \n"), ("c", "…")]).clusters == ()


def test_keep_says_why() -> None:
    told = copies(1)
    story = told["1"]
    wire = f"KALMORA, May 3 (Reuters) - {story}"
    first = datetime(2026, 1, 1, tzinfo=UTC)

    def kept(*documents: Document) -> tuple[str, str]:
        (cluster,) = deduplicate(documents, evidence=False).clusters
        return cluster.keep, cluster.why

    assert kept(Document("a", story), Document("b", wire)) == (
        "b", "carries the mark of an agency",
    )  # fmt: skip
    assert kept(
        Document("a", story, published=first + timedelta(hours=1)),
        Document("b", told["1 turned"], published=first),
    ) == ("b", "the earliest")
    assert kept(Document("a", story), Document("b", text(report(1)[:5])))[0] == "a"
    assert kept(
        Document("a", story, url="https://a.example/x"),
        Document("b", told["1 led"], url="https://b.example/y", canonical="https://a.example/x"),
    ) == ("a", "the others name it as canonical")


def test_paragraphs_that_return_are_counted_once_a_document() -> None:
    footer = "Sign up for our letter today"
    documents = [(f"{it}", text(report(it)) + f"\n{footer}\n{footer.upper()}!") for it in range(5)]
    (repeat,) = repeated_passages(documents)
    assert (repeat.text, repeat.documents, repeat.words) == (footer, 5, 6)
    assert repeat.first == ("0", "1", "2", "3", "4")
    assert repeated_passages([]) == []


@pytest.mark.parametrize(
    "body",
    [
        "word " * 200_000,
        "a. " * 100_000,
        "x" * 1_000_000,
        "\n" * 500_000,
        "𝔘" * 50_000,
        "\ud800 broken",
        "中" * 100_000,
    ],
    ids=["one word", "short", "one letter", "lines", "outside the plane", "surrogate", "han"],
)
def test_hostile_texts_end_soon(body: str) -> None:
    found = deduplicate([("a", body), ("b", body + " end"), ("c", "A plain text of words.")])
    assert set(found.unique) >= {"c"}


def test_a_flood_of_one_template_costs_no_square() -> None:
    told = report(1)
    documents = [(f"{it}", text([*told[:9], f"Number {it} was drawn."])) for it in range(150)]
    assert len(deduplicate(documents, evidence=False).clusters) == 1


@given(st.lists(st.sampled_from(["", " ", "Sign up today here", "Rain fell.", "Sun shone"])))
def test_what_returns_is_found_where_it_stands_and_nothing_else_goes(lines: list[str]) -> None:
    body = "\n".join(lines)
    known = [Repeat("Sign up, today here!", 3, 4, ())]
    (found,) = returning([body], known)
    assert [body[it.start : it.end] for it in found] == [it for it in lines if it[:4] == "Sign"]
    left = without(body, found)
    assert [it for it in left.split("\n") if it.strip()] == [
        it for it in lines if it.strip() and it[:4] != "Sign"
    ]
    assert without(left, ()) == left
