"""Chooses when an article came out and when it was changed among what a page says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser

from scraper.extractors.metadata.authors import is_newsroom, is_said_a_story, is_story
from scraper.extractors.metadata.head import Found, Head
from scraper.extractors.metadata.linked_data import text_of
from scraper.extractors.metadata.moments import has_hour, is_likely, moment
from scraper.extractors.metadata.shown_days import day_in_address, lone_day, shown_dates
from scraper.extractors.metadata.visible import Line

Dated: TypeAlias = tuple[datetime, str]  # a moment and where it stood

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


RE_DATED = timedelta(days=1)  # within it, two days of one moment may differ by the time zone


def dates(
    head: Head,
    tree: LexborHTMLParser,
    now: datetime,
    near: Callable[[], list[Line]],
    origins: MutableMapping[str, str],
) -> tuple[datetime | None, datetime | None]:
    """When it was published and when changed; notes their origins.

    A value that is no likely moment is passed over for the next one. What readers see is asked
    where the markup says nothing, and where it may have been written anew: outside of newsrooms
    many a page is given the day of its last change, and shows the day that it came out.
    """
    modified = _first(_modified(head), now)
    published = None
    if is_story(head):
        published = _first(_published(head), now)
        if published is None or not (is_newsroom(head) or _is_in_address(published[0], head)):
            shown = list(shown_dates(near()))
            seen = _first(iter([found for kind, found in shown if kind == "published"]), now)
            if published is None or (seen and _day(seen[0]) < _day(published[0]) - RE_DATED):
                published = seen or published or _elsewhere(head, tree, shown, now, modified)
            if modified is None:
                modified = _first(iter([it for kind, it in shown if kind == "modified"]), now)
    if published:
        origins["published"] = published[1]
    if modified:
        origins["modified"] = modified[1]
    return published[0] if published else None, modified[0] if modified else None


def _is_one(one: Dated | None, other: Dated | None) -> bool:
    """Whether two moments with an hour are one, by the world's clock or by the one on the wall."""
    if one is None or other is None or not has_hour(one[0]):
        return False
    first, second = one[0], other[0]
    if first.tzinfo and second.tzinfo and abs(first - second) < ONE_MOMENT:
        return True
    return abs(first.replace(tzinfo=None) - second.replace(tzinfo=None)) < ONE_MOMENT


ONE_MOMENT = timedelta(minutes=2)


def _is_in_address(found: datetime, head: Head) -> bool:
    return day_in_address(head.url) == found.date().isoformat()


def _day(found: datetime) -> datetime:
    return datetime(found.year, found.month, found.day)


def _elsewhere(
    head: Head,
    tree: LexborHTMLParser,
    shown: Sequence[tuple[str, Found]],
    now: datetime,
    modified: Dated | None,
) -> Dated | None:
    """Less sure places: the address, the day of the web page where the page shows a day at all, and
    a day that stands alone on the page in an element that is called a date, if it is not that of
    the last change."""
    address = day_in_address(head.url)
    if address:
        return _first(iter([(address, "address")]), now)
    value = text_of(head.linked.page.get("datePublished"))
    if value and shown and is_said_a_story(head):
        return _first(iter([(value, "json-ld webpage")]), now)
    value = lone_day(tree) if is_said_a_story(head) and not shown else None
    alone = _first(iter([(value, "a lone date")]), now) if value else None
    return None if _is_one(alone, modified) else alone


def _first(values: Iterator[Found], now: datetime) -> Dated | None:
    """The first likely moment, or one that tells the same day more exactly."""
    chosen: Dated | None = None
    for value, origin in values:
        found = moment(value)
        if found is None or not is_likely(found, now):
            continue
        if chosen is None or (has_hour(found) and found.date() == chosen[0].date()):
            chosen = (found, origin)
        if has_hour(chosen[0]):
            break
    return chosen


def _published(head: Head) -> Iterator[Found]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        value = text_of(head.linked.article.get(key))
        if value:
            yield value, f"json-ld {key}"
    for name in PUBLISHED:
        for value in head.all(name):
            yield value, f"meta {name}"
    for node in head.marked.get("datePublished", [])[:3]:
        marks = node.attributes
        value = marks.get("datetime") or marks.get("content") or node.text()
        yield value, "itemprop datePublished"
    for node in head.marked.get("pubdate", [])[:1]:
        yield node.attributes.get("datetime") or node.text(), "time pubdate"


def _modified(head: Head) -> Iterator[Found]:
    for thing, name in ((head.linked.article, "json-ld"), (head.linked.page, "json-ld webpage")):
        value = text_of(thing.get("dateModified"))
        if value:
            yield value, f"{name} dateModified"
    for name in MODIFIED:
        for value in head.all(name):
            yield value, f"meta {name}"
