"""What a page says about itself in JSON-LD, read however broken the JSON is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import orjson

Thing = Mapping[str, Any]

# A hostile page may hold millions of things; a real one of WCXB and news holds at most 900.
MOST_THINGS = 5_000

# Subtypes of schema.org's Article and CreativeWork that carry one text with an author and a date.
ARTICLE_TYPES = frozenset(
    {
        "article",
        "advertisercontentarticle",
        "analysisnewsarticle",
        "askpublicnewsarticle",
        "backgroundnewsarticle",
        "blogposting",
        "discussionforumposting",
        "howto",
        "liveblogposting",
        "medicalscholarlyarticle",
        "newsarticle",
        "opinionnewsarticle",
        "recipe",
        "report",
        "reportagenewsarticle",
        "review",
        "reviewnewsarticle",
        "satiricalarticle",
        "scholarlyarticle",
        "socialmediaposting",
        "techarticle",
    }
)
# Those of a newsroom.
NEWS_TYPES = frozenset(
    {
        "newsarticle",
        "reportagenewsarticle",
        "liveblogposting",
        "opinionnewsarticle",
        "analysisnewsarticle",
        "backgroundnewsarticle",
        "reviewnewsarticle",
    }
)
PAGE_TYPES = frozenset({"webpage", "itempage", "faqpage", "qapage", "medicalwebpage"})
FOLDERS = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement", "item")
# In a list page these hold other articles; what they say is not about this page.
OF_OTHERS = frozenset({"itemListElement", "item", "hasPart"})


@dataclass(frozen=True, slots=True)
class LinkedData:
    """``article`` is the thing that the page is about, ``page`` the web page itself.

    Each is empty where the page does not say. ``by_id`` resolves references (``{"@id": …}``).
    """

    article: Thing
    page: Thing
    sites: tuple[Thing, ...]
    by_id: Mapping[str, Thing]
    is_product: bool = False
    trail: tuple[str, ...] = ()  # the names of a breadcrumb, from the front page on

    def follow(self, value: object) -> list[object]:
        """The value as a list, references resolved one step.

        >>> LinkedData({}, {}, (), {"#a": {"name": "Ada"}}).follow({"@id": "#a"})
        [{'name': 'Ada'}]
        """
        if value is None:
            return []
        if not isinstance(value, list):
            value = [value]
        return [
            self.by_id.get(it["@id"], it)
            if isinstance(it, dict) and isinstance(it.get("@id"), str) and "name" not in it
            else it
            for it in value[:100]
        ]


def linked_data(scripts: Iterable[str], addresses: Sequence[str | None] = ()) -> LinkedData:
    """Reads the texts of a page's JSON-LD scripts; ``addresses`` are those the page is known by.

    Of several articles the one that names one of the addresses is the page's own; where none
    does, the only one, or the first that does not stand in a list.
    """
    things: list[tuple[Thing, bool]] = []
    for script in scripts:
        for value in _parse(script):
            things.extend(_things(value, MOST_THINGS - len(things)))
    trail = next((_trail(it) for it, _ in things if "breadcrumblist" in types(it)), ())
    by_id: dict[str, Thing] = {}
    for it, _ in things:
        name = it.get("@id")
        if isinstance(name, str) and len(it) > 2:
            by_id.setdefault(name, it)
    own = {_bare(it) for it in addresses if it}
    articles = [(it, listed) for it, listed in things if types(it) & ARTICLE_TYPES]
    pages = [it for it, _ in things if types(it) & PAGE_TYPES]
    return LinkedData(
        article=_own(articles, own),
        page=_own([(it, False) for it in pages], own),
        sites=tuple(it for it, _ in things if types(it) & {"website"}),
        by_id=by_id,
        is_product=not articles
        and any("product" in types(it) or "offers" in it for it, listed in things if not listed),
        trail=trail,
    )


def types(thing: Thing) -> set[str]:
    """The bare, lower-case type names.

    >>> types({"@type": "http://schema.org/NewsArticle"})
    {'newsarticle'}
    """
    found = thing.get("@type")
    names = found if isinstance(found, list) else [found]
    return {it.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for it in names if isinstance(it, str)}


def text_of(value: object) -> str | None:
    """A value as one line of text, with HTML entities read (publishers escape twice)."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("@id")
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    return " ".join(unescape(value).split()) or None


MOST_STEPS = 12  # of a breadcrumb; the longest of the pages for tuning has 8


def _trail(thing: Thing) -> tuple[str, ...]:
    steps = thing.get("itemListElement")
    if not isinstance(steps, list):
        return ()
    names = []
    for step in steps[:MOST_STEPS]:
        inner = step.get("item") if isinstance(step, dict) else None
        name = text_of(step.get("name")) if isinstance(step, dict) else None
        if name is None and isinstance(inner, dict):
            name = text_of(inner.get("name"))
        if name and not name.startswith("http"):
            names.append(name)
    return tuple(names)


def _own(found: Sequence[tuple[Thing, bool]], own: set[str]) -> Thing:
    for it, _ in found:
        if own & set(_addresses(it)):
            return it
    free = [it for it, listed in found if not listed]
    if free:
        # Among things that name other addresses or none, the one that says most about itself.
        named = [it for it in free if "datePublished" in it or "author" in it]
        return (named or free)[0]
    return {}


def _addresses(thing: Thing) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = thing.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and value.startswith(("http", "/")):
            yield _bare(value)


def _bare(address: str) -> str:
    """An address as far as two spellings of one page agree: host and path."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    host = (parts.netloc or "").lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}"


def _things(value: object, room: int) -> Iterator[tuple[Thing, bool]]:
    """Every typed thing at the top, in a graph, or in a list, and whether it stands in a list.

    Walks with a stack of its own: nesting is the page's to choose.
    """
    waiting: list[tuple[object, bool]] = [(value, False)]
    while waiting and room > 0:
        it, listed = waiting.pop(0) if len(waiting) < 64 else waiting.pop()
        if isinstance(it, list):
            waiting.extend((each, listed) for each in it[:MOST_THINGS])
        elif isinstance(it, dict):
            if "@type" in it or "@id" in it:
                room -= 1
                yield it, listed
            elif "headline" in it:
                room -= 1
                yield {**it, "@type": "Article"}, listed
            listed = listed or bool(types(it) & {"itemlist", "collectionpage"})
            waiting.extend(
                (it[key], listed or key in OF_OTHERS)
                for key in FOLDERS
                if isinstance(it.get(key), dict | list)
            )


def _parse(script: str) -> list[object]:
    text = script.strip()
    if not text:
        return []
    try:
        return [orjson.loads(text)]
    except orjson.JSONDecodeError:
        return _parse_broken(text)


_AROUND = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.{0,40}?\*/)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


def _parse_broken(text: str) -> list[object]:
    """Raw line breaks in strings, comments around, commas too many, several values in a row."""
    text = _AROUND.sub("", _AROUND.sub("", text)).strip().rstrip(";")
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text), unescape(text)):
        found: list[object] = []
        at = 0
        decoder = json.JSONDecoder(strict=False)
        try:
            while at < len(candidate) and len(found) < 50:
                value, at = decoder.raw_decode(candidate, at)
                found.append(value)
                while at < len(candidate) and candidate[at] in " \t\r\n,;":
                    at += 1
            return found
        except (ValueError, RecursionError):
            if found:
                return found
    return []
