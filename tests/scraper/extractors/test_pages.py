"""Each folder of fixtures/pages is a page and what must come out of it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from scraper.extractors.extract import extract

FOLDERS = sorted((Path(__file__).parents[3] / "fixtures" / "pages").glob("*/expect.toml"))


def case(expected: Path) -> object:
    """What we get wrong today says so in its file; once it is right, the mark has to go."""
    wrong = tomllib.loads(expected.read_text("utf-8")).get("wrong_today")
    marks = [pytest.mark.xfail(strict=True, reason=wrong)] if wrong else []
    return pytest.param(expected, id=expected.parent.name, marks=marks)


@pytest.mark.parametrize("expected", [case(it) for it in FOLDERS])
def test_what_must_come_out_of_a_page_does(expected: Path) -> None:
    wanted = tomllib.loads(expected.read_text("utf-8"))
    article = extract((expected.parent / "page.html").read_bytes())
    removed = "\n".join(it.block.text for it in article.body.removed)
    assert [it for it in wanted["kept"] if it not in article.text] == []
    assert [it for it in wanted["removed"] if it in article.text or it not in removed] == []
    if "type" in wanted:
        assert article.page_type == wanted["type"]
    labels = {it.block.text: it.label.value for it in article.body.blocks}
    assert {text: labels.get(text) for text in wanted.get("labels", {})} == wanted.get("labels", {})


def test_there_are_pages() -> None:
    assert len(FOLDERS) >= 4
