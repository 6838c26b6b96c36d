"""The lines of a correction are TOML that the reader of site rules takes."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.extractors.site.rules import SiteRules, read_rules
from scraper.views.selectors import (
    count_steps,
    drop_line,
    keep_line,
    places,
    quoted,
    value_lines,
)


def rules(folder: Path, *lines: str) -> SiteRules:
    path = folder / "a.example.toml"
    path.write_text("\n".join(["checked = 2026-03-01", *lines]), "utf-8")
    return read_rules(path, "a.example")


def test_the_lines_are_read_as_rules(tmp_path: Path) -> None:
    found = rules(tmp_path, drop_line("advert", "div.a > p"), keep_line(".b"), *value_lines("h1.c"))
    assert [(label.value, it) for label, it in found.drop] == [("advert", "div.a > p")]
    assert found.keep == (".b",)
    assert (found.title, found.author, found.date) == ("h1.c", "h1.c", "h1.c")


@given(st.text().filter(lambda it: it < "\ud800" or it > "\udfff"))
def test_a_quoted_string_is_the_same_string(value: str) -> None:
    from tomllib import loads

    value = value.encode("utf-8", "replace").decode("utf-8")
    assert loads(f"it = {quoted(value)}")["it"] == value


# What a class attribute can hold as one name, as HTML splits it at white space.
CLASSES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Zs", "Zl", "Zp", "Cs", "Co", "Cn")),
    min_size=1,
    max_size=12,
)


@given(CLASSES)
def test_the_selector_finds_the_class_whatever_it_is_called(name: str) -> None:
    from html import escape

    path = ("body", f"div.{name}", "p")
    selectors = [it.selector for it in places(path, count_steps([(path, True)]))]
    tree = LexborHTMLParser(f'<div class="{escape(name)}"><p>here</p></div><p>there</p>')
    for it in selectors:
        assert len(tree.css(it)) == 1, it


def test_a_place_tells_what_else_stands_in_it() -> None:
    promo, text = ("body", "div.main", "div.promo"), ("body", "div.main", "p")
    steps = count_steps([(promo, False), (promo, True), (text, True)])
    found = {it.selector: (it.blocks, it.kept) for it in places(promo, steps)}
    assert found == {"div.promo": (2, 1), "div.main": (3, 2)}


def test_a_path_without_a_class_gives_no_selector() -> None:
    path = ("body", "article", "p")
    assert places(path, count_steps([(path, True)])) == []
