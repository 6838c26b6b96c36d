"""What returns text after text is learned; what many stories quote is not."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cleaners.boilerplate.repeats import LineCounts, Repeats
from cleaners.text.segment import segment

QUOTE = "“We will not close a single school,” the minister said."
HOUSE = "The Daily Ferry is a member of the press council."


def story(number: int) -> str:
    town = f"Town{number:03d}"
    return (
        f"The council of {town} met on the matter of its ferry number {number}, which has carried cars and people "
        f"across the sound of {town} for {number + 3} years, and which is to be sold."
    )


def text(number: int, *, quote: bool | str = False, house: bool = True) -> str:
    parts = [
        f"Headline about number {number}",
        story(number),
        quote if isinstance(quote, str) else QUOTE if quote else "",
        story(number + 1000),
    ]
    return "\n\n".join([*(it for it in parts if it), *([HOUSE] if house else [])])


def counted(
    texts: list[str], settings: Repeats | None = None, source: str = "a.example"
) -> LineCounts:
    counts = LineCounts(settings or Repeats())
    for it in texts:
        counts.add(segment(it), source)
    return counts


def removed(counts: LineCounts, text: str, source: str = "a.example") -> list[str]:
    blocks = segment(text)
    return [blocks[it.block].text for it in counts.votes(blocks, source)]


def test_a_house_line_goes_with_its_count_as_evidence() -> None:
    counts = counted([text(it) for it in range(10)])
    vote = next(iter(counts.votes(segment(text(3)), "a.example")))
    assert (vote.label.value, vote.rule) == ("repeated", "repeats.line")
    assert vote.evidence == "in 10 of 10 texts of a.example"
    assert removed(counts, text(3)) == [HOUSE]


def test_a_quotation_in_many_stories_stays() -> None:
    texts = [text(it, quote=it % 5 == 0) for it in range(40)]
    assert removed(counted(texts), texts[0]) == [HOUSE]


def test_another_source_is_another_matter() -> None:
    counts = counted([text(it) for it in range(10)])
    assert removed(counts, text(3), "b.example") == []


def test_copies_of_one_story_teach_nothing() -> None:
    assert removed(counted([text(7)] * 30), text(7)) == []


@pytest.mark.parametrize(("fewest", "expected"), [(4, [HOUSE]), (6, [])])
def test_fewest(fewest: int, expected: list[str]) -> None:
    counts = counted([text(it) for it in range(5)], Repeats(fewest=fewest))
    assert removed(counts, text(1)) == expected


@pytest.mark.parametrize(("edge_share", "expected"), [(0.02, [HOUSE]), (0.5, [])])
def test_edge_share(edge_share: float, expected: list[str]) -> None:
    counts = counted(
        [text(it, house=it % 4 == 0) for it in range(40)], Repeats(edge_share=edge_share)
    )
    assert removed(counts, text(4)) == expected


INSIDE = "Article content"
PARAGRAPH = (
    "The minister said on that day that not a single school of the islands would be closed, that no teacher "
    "would have to go, and that the ferry would wait for the children."
)


@pytest.mark.parametrize(("share", "expected"), [(0.15, [INSIDE, HOUSE]), (0.3, [HOUSE])])
def test_share(share: float, expected: list[str]) -> None:
    texts = [text(it, quote=INSIDE if it % 5 == 0 else "") for it in range(40)]
    assert removed(counted(texts, Repeats(share=share)), texts[0]) == expected


@pytest.mark.parametrize(("share", "expected"), [(0.4, [PARAGRAPH, HOUSE]), (0.6, [HOUSE])])
def test_prose_share(share: float, expected: list[str]) -> None:
    texts = [text(it, quote=PARAGRAPH if it % 2 == 0 else "") for it in range(40)]
    assert removed(counted(texts, Repeats(prose_share=share)), texts[0]) == expected


@pytest.mark.parametrize(
    ("line", "is_said"),
    [
        ("“We will not close a single school, not this year and not the next,” he said.", True),
        ("„Wir schließen keine einzige Schule, nicht in diesem Jahr und nicht danach.“", True),
        ("“The Daily Ferry” is a member of the press council of the islands.", False),
    ],
)
def test_what_somebody_says_is_no_house_line(line: str, is_said: bool) -> None:
    texts = [text(it, quote=line) for it in range(10)]
    assert (line not in removed(counted(texts), texts[0])) is is_said


def test_memory_is_bounded_and_the_house_line_is_not_forgotten() -> None:
    counts = counted([text(it) for it in range(400)], Repeats(most_lines=100))
    assert removed(counts, text(3)) == [HOUSE]
    sizes = [len(it) for it in (counts._lines, counts._stories)]
    assert max(sizes) <= 100


def test_more_texts_make_it_surer() -> None:
    sure = []
    for size in (5, 20, 80):
        votes = counted([text(it) for it in range(size)]).votes(segment(text(1)), "a.example")
        sure.append(next(iter(votes)).confidence)
    assert all(a < b for a, b in pairwise(sure))
