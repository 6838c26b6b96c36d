"""Reads RSS, Atom, RDF and JSON feeds to the addresses that they name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import fastfeedparser

from scraper.errors import Reason, SourceError
from scraper.sources.canonical import absolute
from scraper.sources.entry import Entry, read_date

MOST_ENTRIES = 10_000  # A feed has tens; some broadcasters' have a few thousand.

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


def read_feed(body: bytes, where: str) -> tuple[Entry, ...]:
    """The entries in the feed's order, each address once; what is no address is left out.

    ``where`` is the feed's own address, to which the others may be relative. Raises
    ``SourceError``: hostile for a feed that declares entities, unreadable for what is no feed.
    """
    if _ENTITY.search(body[:1_000_000]):
        raise SourceError(where, Reason.HOSTILE, "a feed that declares entities")
    try:
        feed = fastfeedparser.parse(
            body,
            include_content=False,
            include_tags=False,
            include_media=False,
            include_enclosures=False,
        )
        rows = feed.entries[:MOST_ENTRIES]
    # It is written for feeds that were meant to be feeds; these are not.
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise SourceError(where, Reason.UNREADABLE, f"not a feed: {error}"[:300]) from error
    found: dict[str, Entry] = {}
    for row in rows:
        if entry := _entry(row, where):
            found.setdefault(entry.url, entry)
    return tuple(found.values())


def _entry(row: Mapping[str, Any], where: str) -> Entry | None:
    link = str(row.get("link") or "").strip()
    if not link:
        return None
    try:
        url = absolute(link, where)
    except SourceError:
        return None
    dated = read_date(str(row.get("published") or row.get("updated") or ""))
    return Entry(url, dated, str(row.get("title") or "")[:500])
