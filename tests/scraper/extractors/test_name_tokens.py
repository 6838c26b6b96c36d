"""The names of elements taken apart: many at once as one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scraper.extractors.model.name_tokens import MOST_PARTS, tokens_of_name, tokens_of_names
from scraper.extractors.model.remembered import AT_ONCE, REMEMBERED, remembered

NAMES = st.lists(
    st.sampled_from(["nav", "Nav", "shareBar", "BIG", "x", "İx", "Σ", "-", "_", "md:", "<", "7"]),
    min_size=1,
    max_size=MOST_PARTS + 2,
).map("".join)


@given(st.lists(NAMES, min_size=1, unique=True))
def test_the_tokens_of_many_names_are_those_of_each(names: list[str]) -> None:
    of = tokens_of_names(tuple(names))
    ends = [*of.begin[1:].tolist(), len(of.tokens)]
    for name, begin, end in zip(names, of.begin.tolist(), ends, strict=True):
        assert tuple(of.tokens[it] for it in of.order[begin:end]) == tokens_of_name(name)


def test_what_is_remembered_is_made_once() -> None:
    known: dict[str, int] = {}
    asked: list[str] = []

    def lengths(names: tuple[str, ...]) -> list[int]:
        asked.extend(names)
        return list(map(len, names))

    assert remembered(known, ["a", "bcd"], lengths) == [1, 3]
    assert remembered(known, ["bcd", "ef", "ef"], lengths) == [3, 2, 2]
    assert asked == ["a", "bcd", "ef"]


def test_what_is_remembered_stays_bounded() -> None:
    known: dict[str, int] = {"a": 1}
    many = [f"{it:09}" for it in range(REMEMBERED + 1)]
    sizes: list[int] = []

    def lengths(names: tuple[str, ...]) -> list[int]:
        sizes.append(len(names))
        return list(map(len, names))

    assert remembered(known, many, lengths) == [9] * len(many)
    assert known == {}
    assert max(sizes) == AT_ONCE
