"""An article in every format: nothing lost, nothing that acts, and valid for who reads it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cleaners.blocks import Block, Kind, Link, Markup
from cleaners.labels import Cleaned, Label, Labeled, Vote
from scraper.article import Article, Image
from scraper.corpus.formats.markdown import markdown
from scraper.corpus.formats.written import FORMS, written


def block(kind: Kind, text: str, *, tight: bool = False, level: int = 0, path: str = "p") -> Block:
    markup = Markup(("body", *path.split()), 0, level=level)
    return Block(0, kind, text, markup, tight)


def article(*blocks: Block, label: Label = Label.CONTENT) -> Article:
    """An article of these blocks, all under one label."""
    numbered = [replace(it, index=at) for at, it in enumerate(blocks)]
    vote = Vote(0, label, "test.rule", 1.0, "because")
    body = Cleaned(tuple(Labeled(it, replace(vote, block=it.index)) for it in numbered))
    return Article(
        body,
        url="https://news.example/2024/05/03/river",
        title="River rises & falls",
        authors=("Ada Example", "Bo Sample"),
        published=datetime(2024, 5, 3, 15, 47, tzinfo=UTC),
        site="The Daily Winnow",
        tags=("rain", "river"),
        language="en",
    )


LINKED = Block(
    0,
    Kind.PARAGRAPH,
    "See the map, or not.",
    Markup(
        ("body", "p"), 7, links=(Link(4, 11, "/map?a=1&b=(2)"), Link(16, 19, "javascript:alert(1)"))
    ),
)
SAMPLE = article(
    block(Kind.HEADING, "River rises & falls", level=1),
    block(Kind.PARAGRAPH, "It rained <all> day.\nAnd on."),
    LINKED,
    block(Kind.HEADING, "What next", level=3),
    block(Kind.LIST_ITEM, "Sandbags", level=1, path="ul li"),
    block(Kind.LIST_ITEM, "Big ones", tight=True, level=2, path="ul li ol li"),
    block(Kind.LIST_ITEM, "Boats", tight=True, level=1, path="ul li"),
    block(Kind.QUOTE, "I saw it rise."),
    block(Kind.TABLE, "Day\tLevel"),
    block(Kind.TABLE, "Monday\t3 | 4 m", tight=True),
    block(Kind.CODE, "a = ```b```\n  c"),
    block(Kind.CAPTION, "The river on Monday"),
)


def test_markdown() -> None:
    assert markdown(SAMPLE) == (
        "# River rises & falls\n\n"
        "It rained \\<all\\> day.\\\nAnd on.\n\n"
        "See [the map](https://news.example/map?a=1&b=%282%29), or not.\n\n"
        "### What next\n\n"
        "- Sandbags\n    1. Big ones\n- Boats\n\n"
        "> I saw it rise.\n\n"
        "| Day | Level |\n| --- | --- |\n| Monday | 3 \\| 4 m |\n\n"
        "````\na = ```b```\n  c\n````\n\n"
        "*The river on Monday*\n"
    )


def test_html_is_simple_and_whole() -> None:
    tree = LexborHTMLParser(written(SAMPLE, "html"))
    assert tree.css_first("html").attributes["lang"] == "en"
    assert [it.text() for it in tree.css("h1,h3")] == ["River rises & falls", "What next"]
    assert [it.attributes["href"] for it in tree.css("a")] == [
        "https://news.example/map?a=1&b=(2)",
    ]
    assert tree.css_first("ul > li > ol > li").text() == "Big ones"
    assert [it.text() for it in tree.css("ul > li")][1] == "Boats"
    assert [it.text() for it in tree.css("tr")[1].css("td")] == ["Monday", "3 | 4 m"]
    assert tree.css_first("pre").text() == "a = ```b```\n  c"
    assert "It rained <all> day." in tree.css_first("p").text()


def test_tei_is_valid_for_the_validator_that_its_users_have() -> None:
    xml = pytest.importorskip("trafilatura.xml")
    etree = pytest.importorskip("lxml.etree")
    # Its schema is that of corpora, which has no tables; TEI P5 itself has them.
    blocks = [it.block for it in SAMPLE.body.blocks if it.block.kind is not Kind.TABLE]
    document = written(article(*blocks), "xml").encode()
    assert xml.validate_tei(etree.fromstring(document)) is True


def test_tei_holds_what_is_known() -> None:
    root = ElementTree.fromstring(written(SAMPLE, "xml"))
    name = {"t": "http://www.tei-c.org/ns/1.0"}
    assert [it.text for it in root.findall(".//t:titleStmt/t:author", name)][:2] == [
        "Ada Example",
        "Bo Sample",
    ]
    assert root.find(".//t:ref", name).attrib["target"].startswith("https://news.example/map")  # type: ignore[union-attr]
    entry = root.find(".//t:div[@type='entry']", name)
    assert entry is not None
    said = " ".join("".join(entry.itertext()).split())
    assert "Sandbags" in said
    assert "And on." in said


def test_json_is_one_line_with_what_was_removed() -> None:
    gone = article(block(Kind.PARAGRAPH, "Share this"), label=Label.SHARING)
    text = written(gone, "json")
    assert text.count("\n") == 1
    row = json.loads(text)
    assert row["text"] == ""
    assert row["removed"] == [
        {
            "label": "sharing",
            "rule": "test.rule",
            "confidence": 1.0,
            "evidence": "because",
            "text": "Share this",
            "at": 0,
        }
    ]


def test_images_are_whole_or_left_out() -> None:
    images = (
        Image("/a (1).jpg", "A [b]"),
        Image("data:image/png;base64,AA"),
        Image("//cdn.example/c.jpg"),
    )
    text = markdown(replace(SAMPLE, images=images, main_image="https://cdn.example/m.jpg"))
    assert "![](https://cdn.example/m.jpg)" in text
    assert "![A \\[b\\]](https://news.example/a%20%281%29.jpg)" in text
    assert "![](https://cdn.example/c.jpg)" in text
    assert "data:" not in text


KINDS = st.sampled_from(list(Kind))
BLOCKS = st.lists(
    st.builds(
        lambda kind, text, tight, level, path: block(
            kind, text, tight=tight, level=level, path=path
        ),
        KINDS,
        st.text(min_size=1, max_size=60),
        st.booleans(),
        st.integers(0, 9),
        st.sampled_from(["p", "ul li", "ol li", "ul li ol li", "table tr"]),
    ),
    max_size=8,
)


@pytest.mark.parametrize("form", FORMS)
@given(blocks=BLOCKS, title=st.none() | st.text(max_size=20))
@settings(max_examples=40, deadline=None)
def test_any_article_can_be_written(form: str, blocks: list[Block], title: str | None) -> None:
    text = written(replace(article(*blocks), title=title), form)  # type: ignore[arg-type]
    assert text.endswith("\n")
    if form == "xml":
        ElementTree.fromstring(text.encode("utf-8", "replace"))
    if form == "json":
        json.loads(text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", ["http://[x", "http://a:b/", "", "\x00", "//"])
def test_an_address_that_is_none_harms_nothing(form: str, address: str) -> None:
    odd = replace(
        SAMPLE, url=address, canonical=address, main_image=address, images=(Image(address),)
    )
    assert "River rises" in written(odd, form) or form == "text"  # type: ignore[arg-type]


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_text_never_becomes_an_element_of_html(text: str) -> None:
    tree = LexborHTMLParser(
        written(article(block(Kind.PARAGRAPH, text + "<script>x</script>")), "html")
    )
    assert tree.css("script") == []
