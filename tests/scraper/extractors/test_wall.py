"""What stands in a story's place is named; a story about it stays a story."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.errors import Reason
from scraper.extractors.wall import signs, what_it_is

ODDMENTS = Path(__file__).parents[3] / "fixtures" / "sites" / "oddments.example.test"
ROWS = [(kind, text) for kind, its in signs().items() for text in its.hits]
MISSES = [(kind, text) for kind, its in signs().items() for text in its.misses]
STORY = "<p>The council met on Monday and voted on the budget for the coming year.</p>" * 30


@pytest.mark.parametrize(("kind", "text"), ROWS)
def test_a_title_that_must_be_seen(kind: str, text: str) -> None:
    assert signs()[kind].titles.search(text)


@pytest.mark.parametrize(("kind", "text"), MISSES)
def test_a_title_that_must_not(kind: str, text: str) -> None:
    assert not signs()[kind].titles.search(text)


@pytest.mark.parametrize(
    ("name", "reason", "status"),
    [
        ("challenge", Reason.CHALLENGE, 200),
        ("checked", Reason.CHALLENGE, 403),
        ("consent", Reason.CONSENT_WALL, 200),
        ("soft-404", Reason.SOFT_404, 200),
        ("listing", Reason.INDEX_PAGE, 200),
        ("shell", Reason.NEEDS_BROWSER, 200),
        ("walled", None, 200),
    ],
)
def test_the_oddments(name: str, reason: Reason | None, status: int) -> None:
    path = ODDMENTS / f"{name}.html"
    url = f"http://oddments.example.test/{name}.html"
    tree = LexborHTMLParser(path.read_bytes())
    text = "\n\n".join(it.text() for it in tree.css("main p, article p"))
    found = what_it_is(tree, status=status, text=text, url=url)
    assert (found.reason if found else None) == reason
    if found:
        assert found.evidence


@pytest.mark.parametrize(
    "title",
    [text for _, text in ROWS],
)
def test_a_story_with_such_a_title_is_a_story(title: str) -> None:
    """A false alarm loses an article, so the text outweighs every sign."""
    page = f"<title>{title}</title><body class=error404><div id=root><h1>{title}</h1>{STORY}</div>"
    tree = LexborHTMLParser(page)
    text = "\n\n".join(it.text() for it in tree.css("p"))
    assert what_it_is(tree, text=text, url="https://news.example/2024/05/03/x") is None


def test_a_short_item_that_is_dated_is_a_story() -> None:
    page = """<title>404</title><meta property="article:published_time" content="2024-05-03">
    <h1>404: a number turns thirty</h1><p>Page not found, it says, no longer available.</p>"""
    assert what_it_is(LexborHTMLParser(page), text="Page not found") is None


def test_an_error_with_its_own_status_is_the_fetchers() -> None:
    page = "<title>Page not found</title><h1>404</h1><p>The page you are looking for is gone.</p>"
    assert what_it_is(LexborHTMLParser(page), status=404, text="gone") is None
    found = what_it_is(LexborHTMLParser(page), status=200, text="gone")
    assert found is not None
    assert found.reason is Reason.SOFT_404


def test_a_reader_without_javascript_is_told_so_on_a_page_with_a_story() -> None:
    page = f"<script></script><noscript>Please enable JavaScript</noscript>{STORY}"
    assert what_it_is(LexborHTMLParser(page), text="") is None
