"""What elements are called, and what of it is passed over where a page says too much."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.extractors.columns import columns
from scraper.extractors.elements import LONGEST_NAMES, MOST_NAMES, OPENING, Elements, elements
from scraper.extractors.walk import walk

TAGS = st.sampled_from(["p", "div", "li", "h2", "x-y", "blink", "acronym", "rb", "slot", "output"])
NAMES = st.lists(
    st.sampled_from(["nav", "a", "shareBar", "<div", "<p", "Ü", "c" * 300]), max_size=4
)


def held(html: str) -> Elements:
    page = columns(LexborHTMLParser(html))
    assert page is not None
    return elements(page, walk(page))


@given(st.lists(st.tuples(TAGS, NAMES, NAMES), min_size=1, max_size=12))
def test_each_kind_has_its_tag_and_its_names_in_their_order(
    said: list[tuple[str, list[str], list[str]]],
) -> None:
    html = "".join(
        f"<{tag} class='{' '.join(first)}' id='{' '.join(second)}'>text</{tag}>"
        for tag, first, second in said
    )
    found = held(html)
    assert len(set(found.names)) == len(found.names)
    for at, (tag, first, second, *_) in enumerate(found.keys):
        cut = [(it or "")[:LONGEST_NAMES].split() for it in (first, second)]
        assert found.names_of(at) == [OPENING[tag], *cut[0], *cut[1]]


def test_past_so_many_names_an_element_has_its_tag_alone() -> None:
    lines = [f"<p class='a{it} b{it}'>text</p>" for it in range(MOST_NAMES // 2 + 50)]
    found = held("".join(lines) + "<h2 class=late>text</h2>")
    assert len(found.names) <= MOST_NAMES
    assert found.names_of(1) == ["<p", "a0", "b0"]
    assert found.names_of(len(found.keys) - 1) == ["<h2"]
