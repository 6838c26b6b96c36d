"""Chooses when an article came out and when it was changed among what a page says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from scraper.extractors.metadata.authors import is_story
from scraper.extractors.metadata.head import Head
from scraper.extractors.metadata.linked_data import text_of
from scraper.extractors.metadata.moments import has_hour, is_likely, moment
from scraper.extractors.metadata.visible import Line, day_in_address, shown_dates

Found = tuple[str, str]

PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "article:published",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published-date",
    "w-published-date",
    "published",
    "published_at",
    "cxenseparse:publishtime",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "dc.date.issued",
    "dc.date.created",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc.created",
    "article_date_original",
    "originalpublicationdate",
    "rnews:datepublished",
    "bt:pubdate",
    "date",
)
MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
    "article:modified",
    "revised",
)


def dates(
    head: Head,
    tree: LexborHTMLParser,
    now: datetime,
    near: Callable[[], list[Line]],
    origins: MutableMapping[str, str],
) -> tuple[datetime | None, datetime | None]:
    """When it was published and when changed; notes their origins.

    A value that is no likely moment is passed over for the next one. What readers see is asked
    only where the markup says nothing, and only of pages that may be stories.
    """
    published = _first(_published(head, tree), now)
    modified = _first(_modified(head), now)
    if published is None and is_story(head):
        shown = list(shown_dates(near()))
        seen = [found for kind, found in shown if kind == "published"]
        address = day_in_address(head.url)
        if address:
            seen.append((address, "address"))
        published = _first(iter(seen), now)
        if modified is None:
            modified = _first(iter([it for kind, it in shown if kind == "modified"]), now)
    if published:
        origins["published"] = published[1]
    if modified:
        origins["modified"] = modified[1]
    return published[0] if published else None, modified[0] if modified else None


def _first(values: Iterator[Found], now: datetime) -> tuple[datetime, str] | None:
    """The first likely moment, or one that tells the same day more exactly."""
    chosen: tuple[datetime, str] | None = None
    for value, origin in values:
        found = moment(value)
        if found is None or not is_likely(found, now):
            continue
        if chosen is None or (has_hour(found) and found.date() == chosen[0].date()):
            chosen = (found, origin)
        if has_hour(chosen[0]):
            break
    return chosen


def _published(head: Head, tree: LexborHTMLParser) -> Iterator[Found]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        value = text_of(head.linked.article.get(key))
        if value:
            yield value, f"json-ld {key}"
    for name in PUBLISHED:
        for value in head.all(name):
            yield value, f"meta {name}"
    if not is_story(head):
        return
    for node in tree.css("[itemprop~=datePublished]")[:3]:
        marks = node.attributes
        value = marks.get("datetime") or marks.get("content") or node.text()
        yield value, "itemprop datePublished"
    for node in tree.css("time[pubdate]")[:1]:
        yield node.attributes.get("datetime") or node.text(), "time pubdate"
    kind = (head.first("og:type") or ("", ""))[0].lower()
    value = text_of(head.linked.page.get("datePublished"))
    if value and kind in ("article", "blog", "blogpost"):
        yield value, "json-ld webpage"


def _modified(head: Head) -> Iterator[Found]:
    for thing, name in ((head.linked.article, "json-ld"), (head.linked.page, "json-ld webpage")):
        value = text_of(thing.get("dateModified"))
        if value:
            yield value, f"{name} dateModified"
    for name in MODIFIED:
        for value in head.all(name):
            yield value, f"meta {name}"
