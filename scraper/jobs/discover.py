"""Finds the feeds and sitemaps of a site, and looks into each before it is named."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from scraper.errors import PageError
from scraper.fetchers.exchange import Want
from scraper.fetchers.polite import Polite
from scraper.page import Page
from scraper.sources.discover import Places, feeds_of, sitemaps_of
from scraper.sources.entry import Entry
from scraper.sources.feeds import read_feed
from scraper.sources.sitemaps import read_sitemap

Kind = Literal["feed", "sitemap"]

_LARGE: Final = Want(most=50 << 20)  # sitemaps.org


@dataclass(frozen=True, slots=True)
class Place:
    """``entries``: addresses of pages, or of further maps where it is an index."""

    kind: Kind
    url: str
    entries: int
    newest: datetime | None
    is_index: bool = False


async def discover(url: str, polite: Polite) -> AsyncIterator[Place | PageError]:
    """What was found, best first; an error for each declared place that turned out to be none.

    What the site declares is looked at; only where it declares nothing, or nothing that works, are
    the usual places tried, up to the first that works. Raises ``FetchError`` when the page at
    ``url`` itself cannot be had.
    """
    home = await polite.page(url)
    async for it in _look(feeds_of(home.html, home.url), polite, _read_feed):
        yield it
    robots = await polite.robots(home.url)
    async for it in _look(sitemaps_of(robots.sitemaps, home.url), polite, _read_sitemap):
        yield it


async def _look(
    places: Places, polite: Polite, read: Callable[[Page], Place]
) -> AsyncIterator[Place | PageError]:
    works = False
    for url in places.declared:
        it = await _try(url, polite, read)
        works = works or isinstance(it, Place)
        yield it
    for url in () if works else places.likely:
        it = await _try(url, polite, read)
        if isinstance(it, Place):
            yield it
            return


async def _try(url: str, polite: Polite, read: Callable[[Page], Place]) -> Place | PageError:
    try:
        return read(await polite.page(url, _LARGE))
    except PageError as error:
        return error


def _read_feed(page: Page) -> Place:
    entries = read_feed(page.html, page.url)
    return Place("feed", page.url, len(entries), _newest(entries))


def _read_sitemap(page: Page) -> Place:
    found = read_sitemap(page.html, page.url)
    if found.children:
        return Place("sitemap", page.url, len(found.children), _newest(found.children), True)
    return Place("sitemap", page.url, len(found.entries), _newest(found.entries))


def _newest(entries: Iterable[Entry]) -> datetime | None:
    return max((it.dated for it in entries if it.dated), default=None)
