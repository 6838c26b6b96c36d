"""Tells what stands in a story's place: challenge, consent wall, soft 404, list or empty shell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from tomllib import loads

from selectolax.lexbor import LexborHTMLParser

from scraper.errors import Reason
from scraper.extractors.metadata.head import Head, one_line, read_head
from scraper.extractors.metadata.linked_data import types

# Characters of extracted text. A page that holds so much is read whatever it looks like: a false
# alarm loses an article. The texts of challenge and error pages that we know have at most 900, the
# shortest article of the news set 1,060 (``benchmarks/walls.py`` counts the false alarms).
STORY = 1_500
# Below this there is no story at all: a shell, or a page that needs a browser to become one.
NOTHING = 200
# Headlines that are links elsewhere, which a list of stories has and a story has fewer of.
LISTED = 8
# The longest paragraph of a page that may be a list, in characters; teasers are shorter.
TEASER = 400
# Statuses with which a challenge is served (RFC 9110, Cloudflare's documentation).
DENIED = frozenset({401, 403, 405, 406, 429, 503})


@dataclass(frozen=True, slots=True)
class Wall:
    """What a page is instead of an article, and what it was seen by."""

    reason: Reason
    evidence: str


@dataclass(frozen=True, slots=True)
class Signs:
    """One section of ``data/walls.toml``."""

    titles: re.Pattern[str]
    texts: re.Pattern[str]
    selectors: str
    hits: tuple[str, ...]
    misses: tuple[str, ...]


@cache
def signs() -> Mapping[str, Signs]:
    source = files("scraper.extractors").joinpath("data/walls.toml").read_text("utf-8")

    def any_of(patterns: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)

    return {
        name: Signs(
            any_of(it["titles"]),
            any_of(it["texts"]),
            ",".join(it["selectors"]),
            tuple(it["hits"]),
            tuple(it["misses"]),
        )
        for name, it in loads(source).items()
    }


def what_it_is(
    tree: LexborHTMLParser, *, status: int = 200, text: str = "", url: str | None = None
) -> Wall | None:
    """What the page is if it is no article; None where it may be one.

    ``text`` is what the extractor made of the page, "" where it found nothing. Every judgment needs
    a sign *and* the lack of a story, so that an article about captchas remains an article.
    """
    head = read_head(tree, url)
    shown = [one_line(it.text()) for it in tree.css("h1,h2")[:6]]
    titles = [it for it in (head.title or "", *shown) if it]
    seen = one_line(tree.body.text(separator=" ")[:20_000]) if tree.body else ""
    page = _Page(tree, head, titles, text, seen, status)
    for judge in (_challenge, _consent, _soft_404, _index, _shell):
        found = judge(page)
        if found is not None:
            return found
    return None


@dataclass(frozen=True, slots=True)
class _Page:
    tree: LexborHTMLParser
    head: Head
    titles: list[str]
    text: str
    seen: str  # the first characters that a reader sees, script and style included by some pages
    status: int

    @property
    def is_story(self) -> bool:
        """Whether the page calls itself an article and dates it."""
        article = self.head.linked.article
        return bool(article.get("datePublished") or self.head.first("article:published_time"))

    @property
    def paragraphs(self) -> int:
        """Characters in the paragraphs of the page, whatever the extractor made of them."""
        return sum(len(one_line(it.text())) for it in self.tree.css("p")[:200])

    def sign(self, name: str) -> str | None:
        """The first sign of a kind: an element, a title; and the words of the text."""
        its = signs()[name]
        for title in self.titles[:3]:
            found = its.titles.search(title)
            if found:
                return f"title {found.group()!r}"
        return None

    def element(self, name: str) -> str | None:
        node = self.tree.css_first(signs()[name].selectors)
        if node is None:
            return None
        marks = node.attributes
        return f"<{node.tag} {marks.get('id') or marks.get('class') or marks.get('src') or ''}>"

    def words(self, name: str) -> str | None:
        found = signs()[name].texts.search(self.text[:3_000]) or signs()[name].texts.search(
            self.seen[:3_000]
        )
        return f"text {found.group()[:60]!r}" if found else None


def _challenge(page: _Page) -> Wall | None:
    if len(page.text) >= STORY or page.is_story:
        return None
    sign = [it for it in (page.sign("challenge"), page.element("challenge")) if it]
    words = page.words("challenge")
    # Two signs of three, or one and a status with which challenges come.
    found = [*sign, *([words] if words else [])]
    if len(found) >= 2 or (found and page.status in DENIED):
        return Wall(Reason.CHALLENGE, "; ".join(found))
    return None


def _consent(page: _Page) -> Wall | None:
    if len(page.text) >= STORY or page.is_story:
        return None
    found = [
        it for it in (page.sign("consent"), page.element("consent"), page.words("consent")) if it
    ]
    host = page.head.host.split(".")[0]
    if host in ("consent", "guce", "privacy", "myprivacy", "zustimmung"):
        found.append(f"host {host}")
    return Wall(Reason.CONSENT_WALL, "; ".join(found)) if len(found) >= 2 else None


def _soft_404(page: _Page) -> Wall | None:
    if len(page.text) >= STORY or page.is_story or page.status not in range(200, 300):
        return None
    found = [
        it for it in (page.sign("soft_404"), page.element("soft_404"), page.words("soft_404")) if it
    ]
    said = page.sign("soft_404") or page.element("soft_404")
    # A title alone may be a headline; with a page of few words it is the page.
    if said and (len(found) >= 2 or len(page.text) < NOTHING):
        return Wall(Reason.SOFT_404, "; ".join(found))
    return None


_LIST_CLASSES = frozenset(
    ["home", "blog", "archive", "category", "tag", "author", "search", "search-results"]
)
_STORY_CLASSES = frozenset(["single", "single-post", "page-article", "article", "postid"])
_LINKED = ",".join(f"h{n} a[href],a[href] h{n}" for n in (1, 2, 3, 4))
_ENTRIES = ",".join(
    f"{it} a[href]" for it in ("nav", "[class*=nav i]", "[class*=menu i]", "[id*=nav i]")
)
_LIST_TYPES = frozenset({"collectionpage", "searchresultspage", "profilepage"})


def _index(page: _Page) -> Wall | None:
    """A front page, a section, a tag, a search: headlines that lead elsewhere and no story."""
    kind = (page.head.first("og:type") or ("", ""))[0].lower()
    if page.is_story or kind in ("article", "product") or len(page.text) >= STORY:
        return None
    found = [*_said_list(page, kind), *_linked_list(page)]
    longest = max(map(len, page.text.split("\n\n")), default=0)
    # A story has paragraphs; what stands under a headline in a list is a line or two.
    if len(found) >= 2 and longest < TEASER:
        return Wall(Reason.INDEX_PAGE, "; ".join(found))
    return None


def _said_list(page: _Page, kind: str) -> Iterator[str]:
    """What the page calls itself."""
    if page.head.path in ("", "/"):
        yield "address without a path"
    if kind == "website":
        yield "og:type website"
    body = page.tree.body
    classes = set(((body.attributes.get("class") or "") if body else "").lower().split())
    if _LIST_CLASSES & classes and not _STORY_CLASSES & classes:
        yield f"body class {sorted(_LIST_CLASSES & classes)[0]!r}"
    named = {it for node in page.head.linked.by_id.values() for it in types(node)}
    named |= types(page.head.linked.page)
    if named & _LIST_TYPES:
        yield f"json-ld {sorted(named & _LIST_TYPES)[0]}"


def _linked_list(page: _Page) -> Iterator[str]:
    """How much of it leads elsewhere, and whether its own place is in the navigation."""
    own = page.head.url.rstrip("/") if page.head.url else None
    entries = (
        page.head.absolute(it.attributes.get("href")) for it in page.tree.css(_ENTRIES)[:500]
    )
    if own and any(it is not None and it.rstrip("/") == own for it in entries):
        yield "its own entry in the navigation"
    heads = len(page.tree.css("h1,h2,h3,h4"))
    linked = len(page.tree.css(_LINKED))
    if linked >= LISTED:
        yield f"{linked} of {heads} headlines are links"
        if linked >= 0.8 * heads:
            yield "hardly one is not"
    links = {one_line(it.text()) for it in page.tree.css("a[href]")[:2_000]}
    lines = [it for it in map(one_line, page.text.split("\n")) if it]
    in_links = [it for it in lines if it in links]
    if len(in_links) >= 3 and sum(map(len, in_links)) >= 0.4 * sum(map(len, lines)):
        yield f"{len(in_links)} of {len(lines)} lines are links"


def _shell(page: _Page) -> Wall | None:
    if len(page.text) >= NOTHING or not page.tree.css_first("script"):
        return None
    node = page.tree.css_first(signs()["needs_browser"].selectors)
    empty = node is not None and len(one_line(node.text())) < 50
    # Many pages have a line for readers without JavaScript and a story below it.
    words = None if page.paragraphs >= STORY else page.words("needs_browser")
    found = []
    if empty and node is not None:
        marks = node.attributes
        found.append(f"empty <{node.tag} {marks.get('id') or marks.get('class') or ''}>")
    if words:
        found.append(words)
    return Wall(Reason.NEEDS_BROWSER, "; ".join(found)) if found else None
