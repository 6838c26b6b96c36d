"""clean_many: streaming, in order, and what returns goes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.boilerplate.repeats import LineCounts, Repeats
from cleaners.clean import clean
from cleaners.clean_many import clean_many, source_of
from cleaners.duplicates.results import Document
from cleaners.errors import BadDocument

HOUSE = "The Daily Ferry is a member of the press council of the islands."


def text(number: int, house: str = HOUSE) -> str:
    return "\n\n".join(
        [
            f"The council of Town{number} met on the matter of its ferry, which has carried cars and people across the "
            f"sound for {number + 3} years, and which is to be sold in the spring.",
            f"Nobody in Town{number} spoke for the sale, and {number + 7} people spoke against it, among them the "
            "captain, who said that he had been asked by nobody.",
            house,
        ]
    )


def rows(count: int, host: str = "ferry.example") -> Iterator[dict[str, str]]:
    for number in range(count):
        yield {"id": str(number), "text": text(number), "host": host}


def test_a_house_line_goes_from_every_text_and_the_order_stays() -> None:
    cleaned = list(clean_many(rows(20)))
    assert [it.id for it, _ in cleaned] == [str(it) for it in range(20)]
    assert not [it.id for it, result in cleaned if HOUSE in result.text]
    assert [result.text for _, result in cleaned] == [text(it, "").strip() for it in range(20)]
    labels = {it.label.value for _, result in cleaned for it in result.removed}
    assert labels == {"repeated"}


@pytest.mark.parametrize(
    "line",
    [
        HOUSE,
        "Thank you for reading the Ferry and for caring about the islands.",
        "The Ferry has been printed on the islands since 1871.",
    ],
)
def test_four_texts_of_four_are_enough_though_the_model_takes_the_line_for_story(line: str) -> None:
    """What is presumed of any line counts once, not in the model's word again."""
    texts = [(str(it), text(it, line)) for it in range(4)]
    assert [result.text for _, result in clean_many(texts)] == [
        text(it, "").strip() for it in range(4)
    ]


def test_it_reads_ahead_only_so_far() -> None:
    read: list[int] = []

    def watched() -> Iterator[dict[str, str]]:
        for number, row in enumerate(rows(100)):
            read.append(number)
            yield row

    next(clean_many(watched(), ahead=10))
    assert len(read) == 11


def test_counts_of_an_earlier_run_help_the_first_text() -> None:
    counts = LineCounts()
    list(clean_many(rows(20), counts=counts))
    later = list(
        clean_many([{"id": "new", "text": text(999), "host": "ferry.example"}], counts=counts)
    )
    assert HOUSE not in later[0][1].text


def test_two_sources_do_not_teach_each_other() -> None:
    mixed = [{"id": str(it), "text": text(it), "host": f"host{it}.example"} for it in range(20)]
    assert all(HOUSE in result.text for _, result in clean_many(mixed))


@pytest.mark.parametrize(
    ("document", "source"),
    [
        (Document("a", "x", host="www.Ferry.example"), "ferry.example"),
        (Document("a", "x", url="https://www.ferry.example/a"), "ferry.example"),
        (Document("a", "x", url="http://[bad"), ""),
        (Document("a", "x"), ""),
    ],
)
def test_source(document: Document, source: str) -> None:
    assert source_of(document) == source


def test_a_document_without_text_is_an_error_with_its_id() -> None:
    with pytest.raises(BadDocument, match="a7"):
        list(clean_many([{"id": "a7"}]))


FIXTURES = [
    it.read_text("utf-8")
    for it in sorted((Path(__file__).parents[2] / "fixtures" / "text").glob("*/input.txt"))
]
LINES = st.sampled_from([line for it in FIXTURES for line in it.split("\n")]) | st.text(max_size=40)
TEXTS = st.sampled_from(FIXTURES) | st.lists(LINES, max_size=30).map("\n".join)


@given(st.lists(TEXTS, max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_text_becomes_the_same_among_others_as_alone(texts: list[str]) -> None:
    """To the last digit of the confidences, so that a batch is only faster."""
    # A source for each, so that nothing returns.
    documents = [{"id": str(n), "text": it, "host": f"{n}.example"} for n, it in enumerate(texts)]
    together = [result for _, result in clean_many(documents)]
    assert [tuple(it.blocks) for it in together] == [tuple(clean(it).blocks) for it in texts]


def test_without_the_model() -> None:
    alone = [clean(it, rules=()) for it in FIXTURES]
    rows = [{"id": str(n), "text": it, "host": f"{n}.example"} for n, it in enumerate(FIXTURES)]
    assert [it for _, it in clean_many(rows, rules=())] == alone
    assert alone != [clean(it) for it in FIXTURES]


def test_memory_is_flat() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        counts = LineCounts(Repeats(most_lines=100))
        for _ in clean_many(rows(count), counts=counts, ahead=20):
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(30)  # what is loaded once is no growth
    assert peak(240) < 1.5 * peak(60)
