"""A job's sources to the addresses that they give, narrowed as the job file says."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Final

from scraper.errors import PageError, Reason, SourceError
from scraper.fetchers.exchange import Want
from scraper.fetchers.polite import Polite
from scraper.jobs.lanes import STORED
from scraper.jobs.listings import Listing, Listings
from scraper.jobs.settings import SourceSettings
from scraper.jobs.state import Found
from scraper.jobs.stored import find_archived, find_rows, find_saved
from scraper.page import Page
from scraper.sources import walk
from scraper.sources.canonical import canonicalize, host_of
from scraper.sources.entry import Entry, is_since
from scraper.sources.feeds import read_feed
from scraper.sources.scope import is_wanted, read_patterns
from scraper.sources.sitemaps import Sitemap, read_sitemap
from scraper.sources.urls import read_urls

# A sitemap may have 50 MB (sitemaps.org), whatever the limit for a page is.
SITEMAP: Final = Want(most=50 << 20)
FEED: Final = Want(most=20 << 20)

# What a source names: an address, a page that is stored, or a fault in its place.
Named = Entry | Found | PageError
Note = Callable[[str], None]


async def addresses(
    listings: Listings, index: int, polite: Polite, note: Note
) -> AsyncIterator[Found]:
    """What the source numbered ``index`` gives: in its order, ``limit`` of them at most.

    A feed or sitemap that stands as it did when ``listings`` were kept gives nothing. What cannot
    be read comes as a ``Found`` that has failed already; ``note`` is called with what was left out,
    and why. Raises JobError for a pattern that is no regular expression.
    """
    source = listings.source
    include = read_patterns(source.include, "source.include")
    exclude = read_patterns(source.exclude, "source.exclude")
    taken = 0
    async for it in named(listings, polite, note):
        if taken == source.limit:
            return
        found = as_found(it, index)
        # A crawl begins at its home page, whatever is wanted of the pages it leads to.
        if found.reason or source.site or is_wanted(found.asked, include, exclude):
            taken += 1
            yield found


def as_found(it: Named, index: int) -> Found:
    if isinstance(it, Found):
        return Found(it.url, it.asked, STORED, index, locator=it.locator)
    if isinstance(it, PageError):
        return Found(
            it.where, it.where, host_of(it.where), index, reason=it.reason, detail=it.detail
        )
    url = canonicalize(it.url)
    return Found(url, it.url, host_of(url), index)


async def named(listings: Listings, polite: Polite, note: Note) -> AsyncIterator[Named]:
    """All that the source names, before anything is narrowed but the date."""
    source = listings.source
    if source.feed:
        async for it in of_feed(source.feed, listings, polite):
            yield it
    elif source.sitemap:
        async for it in of_sitemap(source.sitemap, listings, polite, note):
            yield it
    else:
        for it in of_disk(source):
            yield it


def of_disk(source: SourceSettings) -> Iterator[Named]:
    """The sources that need no network."""
    if source.file:
        yield from of_list(source.file)
    elif source.html:
        yield from find_saved(source.html)
    elif source.warc:
        yield from find_archived(source.warc)
    elif source.pages:
        yield from find_rows(source.pages)
    elif source.stdin:
        yield from read_urls(sys.stdin)
    else:
        yield from read_urls([source.site] if source.site else source.urls)


def of_list(path: Path) -> Iterator[Named]:
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            yield from read_urls(lines)
    except OSError as error:
        yield SourceError(str(path), Reason.UNREADABLE, error.strerror or str(error))


async def if_changed(url: str, listings: Listings, polite: Polite, want: Want) -> Page | Listing:
    """A feed or sitemap; where it stands as it did, what is known of it. Raises ``FetchError``."""
    known = listings.known(url)
    page = await polite.fetch(url, etag=known.etag, last_modified=known.last_modified, want=want)
    if isinstance(page, Page):
        return page
    listings.unchanged += 1
    return known


async def of_feed(url: str, listings: Listings, polite: Polite) -> AsyncIterator[Named]:
    try:
        page = await if_changed(url, listings, polite, FEED)
        if isinstance(page, Listing):
            return
        entries = read_feed(page.html, page.url)
    except PageError as error:
        yield error
        return
    listings.hear(url, page)
    for it in entries:
        if is_since(it, listings.source.since):
            yield it


async def of_sitemap(
    url: str, listings: Listings, polite: Polite, note: Note
) -> AsyncIterator[Named]:
    """A sitemap and all that it leads to, one map in memory at a time."""
    way = walk.begin([url])
    for text in way.notes:
        note(text)
    while way.waiting:
        where = way.waiting[0][0]
        try:
            page = await if_changed(where, listings, polite, SITEMAP)
            if isinstance(page, Listing):
                found = Sitemap(children=tuple(map(Entry, page.children)))
            else:
                found = read_sitemap(page.html, page.url, listings.source.since)
                listings.hear(where, page, [it.url for it in found.children])
        except PageError as error:
            way = walk.skipped(way, error.detail)
            yield error
            continue
        before = len(way.notes)
        way = walk.seen(way, found)
        for text in way.notes[before:]:
            note(text)
        for it in found.entries:
            yield it
