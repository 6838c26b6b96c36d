"""Pages made to hurt: each ends in an article or a typed error, in time that grows with its size."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.article import Article
from scraper.errors import ExtractError, Reason
from scraper.extractors.extract import extract

STORY = (
    "<p>"
    + "It rained all day in Ghent, and the river rose by half a metre before noon. " * 4
    + "</p>"
)
BARE = b" ".join(b"a%x" % it for it in range(40_000))
# Seconds; ten times what the slowest takes on an idle machine, as tests run on busy ones.
PATIENCE = 10


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n\t ", Reason.EMPTY),
        (b"%PDF-1.7 \xe2\xe3 stream", Reason.NOT_HTML),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), Reason.NOT_HTML),
        (bytes(range(256)) * 8 + bytes(4000), Reason.NOT_HTML),
        (b"<frameset cols=50%><frame src=a.html></frameset>", Reason.NOTHING_TO_READ),
        (b"<html><head><title>t</title></head></html>", Reason.NOTHING_TO_READ),
        (b"<script>document.write('story')</script>", Reason.NOTHING_TO_READ),
        (b"<div>" * 100_000 + b"deep", Reason.HOSTILE),
        (b"<div>" * 50_000 + b"x" + b"</div>" * 50_000, Reason.HOSTILE),
        (b"<p>" + b"word " * 6_300_000, Reason.HOSTILE),
        (b"line<br>" * 150_000, Reason.HOSTILE),
        (b"<a href=/x>link</a> " * 1_000_000, Reason.HOSTILE),
        (b"<p " + b" ".join(b"a%d=1" % it for it in range(100_000)) + b">x", Reason.HOSTILE),
        (b"<p " + b" ".join(b"a%d='>'" % it for it in range(30_000)) + b">x", Reason.HOSTILE),
        (b"<p " + b" ".join(b"a%d=\"<b>'\"" % it for it in range(30_000)), Reason.HOSTILE),
        (b"<p " + b" ".join(b"a%d='>'" % it for it in range(9)) + b">", Reason.NOTHING_TO_READ),
        # A quoted ">" hides that the tag goes on, with attributes that need no equals sign.
        (b"<p x='>' " + BARE + b">x", Reason.HOSTILE),
        (b"<p x= \n \">\" " + BARE + b">x", Reason.HOSTILE),
        (b"<p x='<script>' " + BARE + b"</script>", Reason.HOSTILE),
        (b"<script>a<b c='</script><p x='>' " + BARE + b">x", Reason.HOSTILE),
        (b"<p " + b" ".join(b"x%d='>' " % it + BARE[: 5 << 10] for it in range(99)), Reason.HOSTILE),
        (b"<p a b c d e f g h i j k l m n o p q r s t u v w>" * 90_000, Reason.HOSTILE),
        (b"".join(b"<p " + BARE[: 5 << 10] + b">" for _ in range(2_000)), Reason.HOSTILE),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_soon(page: bytes, reason: Reason) -> None:
    start = time.process_time()
    with pytest.raises(ExtractError) as error:
        extract(page, "https://example.org/story")
    assert error.value.reason is reason
    assert error.value.where == "https://example.org/story"
    assert time.process_time() - start < PATIENCE


@pytest.mark.parametrize(
    "page",
    [
        "<b>" * 3_000 + STORY,
        "<table><tr><td>" * 800 + STORY,
        "<p><b><i>" * 2_000 + STORY,
        "<ul><li>" * 2_000 + STORY,
        "<a href=x>" * 5_000 + STORY,
        "<br>" * 50_000 + STORY,
        STORY + "&#x110000;&#0;&nosuch;&amp" * 3_000,
        STORY + "<!--" * 20_000,
        STORY + "<![CDATA[" * 5_000,
        "<div class='" + "a" * 500_000 + "'>" + STORY,
        "<div class='" + "aB-" * 100_000 + "'>" + STORY,
        STORY + "<script type=application/ld+json>" + '{"articleBody":[' * 3_000,
        STORY + "<script type=application/ld+json>" + "[" * 50_000 + "]" * 50_000 + "</script>",
        STORY + "\ufffd\u202e\u0001" * 5_000,
        STORY + "<p>" + "字" * 200_000,
        STORY * 2_000,
        STORY + "<script>var tag = \"<p " + "a b c d " * 9_000 + ">\"</script>",
        STORY + "<!-- <p " + "a b c d " * 9_000 + "-->",
        STORY + "<p>" + "It rained all day in Ghent. " * 300_000,
        STORY + "<p>short line</p>" * 40_000,
    ],
    ids=lambda it: it[:24],
)  # fmt: skip
def test_what_can_be_read_is_read_soon(page: str) -> None:
    start = time.process_time()
    article = extract(page)
    assert "It rained all day in Ghent" in article.text
    assert time.process_time() - start < PATIENCE


def test_memory_stays_near_the_size_of_the_page() -> None:
    page = ("<div class=story>" + STORY * 20 + "</div>") * 40
    extract(page)
    tracemalloc.start()
    extract(page)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 60 * len(page)


SCRAPS = st.sampled_from(
    ["<p>", "</p>", "<div class=x>", "</div>", "<br>", "<table>", "<tr>", "<td>", "</table>", "<a href=",
     "'", '"', ">", "<", "<!--", "-->", "<script>", "</script>", "<template>", "<svg>", "<math>", "&#x",
     "<noscript>", "<li>", "<pre>", "<body>", "<html>", "</body>", "<select>", "<option>", "\0", "\ud7ff",
     "It rained all day in Ghent. ", "字字字。", " ", "\n", "<form>", "<h1>", "<frameset>", "<plaintext>",
     '<script type="application/ld+json">{"articleBody": "Rain."}</script>', "<meta charset=utf-16>"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(SCRAPS, max_size=60))
def test_scraps_of_html_are_read_or_refused(scraps: list[str]) -> None:
    try:
        article = extract("".join(scraps))
    except ExtractError:
        return
    assert isinstance(article, Article)
    assert article.text.strip()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_bytes_are_read_or_refused(page: bytes) -> None:
    try:
        extract(b"<p>" + page)
        reason = None
    except ExtractError as error:
        reason = error.reason
    assert reason in {None, Reason.NOTHING_TO_READ, Reason.NOT_HTML}
