from __future__ import annotations

import gzip
import time
import tracemalloc
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import Reason, SourceError
from scraper.sources import walk
from scraper.sources.entry import Entry
from scraper.sources.sitemaps import MOST_BYTES, Sitemap, read_sitemap

HERE = "http://a.test/sitemap.xml"

NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="n" xmlns:image="i">
<url><loc> http://a.test/1?a=1&amp;b=2 </loc><lastmod>2026-11-01</lastmod>
<news:news><news:publication><news:name>The Paper</news:name></news:publication>
<news:publication_date>2026-11-02T13:00:00+01:00</news:publication_date>
<news:title><![CDATA[Town & country]]></news:title></news:news>
<image:image><image:loc>http://a.test/photo.jpg</image:loc></image:image></url>
<url><loc>http://a.test/2</loc><lastmod>2026-10-01</lastmod></url>
<url><loc>http://a.test/3</loc></url>
<url><loc>ftp://a.test/4</loc></url>
</urlset>"""

INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>http://a.test/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>
<sitemap><loc>http://a.test/new.xml</loc><lastmod>2026-11-02</lastmod></sitemap>
<sitemap><loc>http://a.test/undated.xml</loc></sitemap></sitemapindex>"""


def refused(body: bytes) -> Reason:
    with pytest.raises(SourceError) as caught:
        read_sitemap(body, HERE)
    return caught.value.reason


def test_news_tags_date_and_title_are_read_and_pictures_are_no_pages() -> None:
    found = read_sitemap(NEWS, HERE)
    assert [it.url for it in found.entries] == [
        "http://a.test/1?a=1&b=2", "http://a.test/2", "http://a.test/3",
    ]  # fmt: skip
    assert found.entries[0].dated == datetime(2026, 11, 2, 12, tzinfo=UTC)
    assert found.entries[0].title == "Town & country"
    assert found.notes == ("1 entries without a web address left out",)


def test_since_leaves_out_what_is_older_and_says_what_has_no_date() -> None:
    found = read_sitemap(NEWS, HERE, date(2026, 11, 1))
    assert [it.url for it in found.entries] == ["http://a.test/1?a=1&b=2"]
    assert "1 entries without a date left out" in found.notes
    children = read_sitemap(INDEX, HERE, date(2026, 11, 1)).children
    assert [it.url for it in children] == ["http://a.test/new.xml", "http://a.test/undated.xml"]


@pytest.mark.parametrize(
    "pack",
    [
        bytes,
        gzip.compress,
        lambda it: gzip.compress(gzip.compress(it)),
        lambda it: gzip.compress(it[:50]) + gzip.compress(it[50:]),
    ],
)
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_packed_or_not_with_a_mark_or_space_before_it(pack: object, before: bytes) -> None:
    assert len(read_sitemap(pack(before + NEWS), HERE).entries) == 3  # type: ignore[operator]


def test_lists_and_feeds_are_sitemaps_too() -> None:
    plain = b"\xef\xbb\xbfhttp://a.test/1\r\n\r\nhttp://a.test/2\nno address\n"
    assert [it.url for it in read_sitemap(plain, HERE).entries] == [
        "http://a.test/1",
        "http://a.test/2",
    ]
    feed = b"<rss version='2.0'><channel><item><link>http://a.test/1</link></item></channel></rss>"
    assert read_sitemap(feed, HERE).entries == (Entry("http://a.test/1"),)


def test_a_map_that_breaks_off_gives_what_came_before() -> None:
    found = read_sitemap(NEWS[: NEWS.index(b"<url><loc>http://a.test/3")] + b"<url><loc>", HERE)
    assert len(found.entries) == 2
    assert any(it.startswith("breaks off") for it in found.notes)
    assert (
        len(read_sitemap(NEWS.replace(b"<url><loc>ftp", b"<url>&nbsp;<loc>ftp"), HERE).entries) == 3
    )


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE urlset>",
        b'<!DOCTYPE urlset SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE urlset [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>',
    ],
)
def test_a_doctype_is_refused(doctype: bytes) -> None:
    assert refused(NEWS.replace(b"?>", b"?>" + doctype, 1)) is Reason.HOSTILE


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"  \n", Reason.EMPTY),
        (b"<!DOCTYPE html><html><body>404</body></html>", Reason.HOSTILE),
        (b"<html><body>404</body></html>", Reason.UNREADABLE),
        (b"not found", Reason.UNREADABLE),
        (b"\x1f\x8bgarbage", Reason.UNREADABLE),
        (b"\0" * 1000, Reason.UNREADABLE),
        (b"<urlset>" * 100_000, Reason.HOSTILE),
    ],
)
def test_what_is_no_sitemap_is_a_typed_error(body: bytes, reason: Reason) -> None:
    assert refused(body) is reason


def test_a_bomb_is_too_large_and_takes_no_memory() -> None:
    bomb = gzip.compress(gzip.compress(NEWS[:-9] + b" " * (2 * MOST_BYTES), 1), 1)
    tracemalloc.start()
    try:
        assert refused(bomb) is Reason.TOO_LARGE
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


def test_a_million_entries_are_cut_and_it_says_so() -> None:
    entry = b"<url><loc>http://a.test/12345</loc></url>"
    body = b"<urlset>" + entry * 1_000_000 + b"</urlset>"
    begin = time.process_time()
    found = read_sitemap(body, HERE)
    assert len(found.entries) == 50_000
    assert found.notes == ("cut after 50000 entries",)
    assert time.process_time() - begin < 10


def test_a_long_text_in_an_element_is_not_kept() -> None:
    body = b"<urlset><url><loc>http://a.test/" + b"x" * 5_000_000 + b"</loc></url></urlset>"
    tracemalloc.start()
    try:
        read_sitemap(body, HERE)
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=100), st.sampled_from([NEWS, INDEX]), st.integers(0, 900))
def test_no_bytes_end_in_anything_but_a_typed_error(noise: bytes, body: bytes, at: int) -> None:
    try:
        found = read_sitemap(body[:at] + noise + body[at:], HERE)
    except SourceError:
        return
    assert all(it.url.startswith("http") for it in found.entries)


# Walking a tree of maps.


def read_all(maps: dict[str, list[str]], start: str) -> tuple[list[str], walk.Walk]:
    """Goes through maps that name maps; the order in which they were read."""
    order = []
    way = walk.begin([start])
    while way.waiting:
        where = way.waiting[0][0]
        order.append(where)
        children = tuple(Entry(it) for it in maps[where])
        way = walk.seen(way, Sitemap(children=children))
    return order, way


def test_a_map_that_names_itself_is_read_once() -> None:
    maps = {
        "http://a.test/1": ["http://a.test/1", "HTTP://A.test:80/1#x", "http://a.test/2"],
        "http://a.test/2": ["http://a.test/1"],
    }
    order, way = read_all(maps, "http://a.test/1")
    assert order == ["http://a.test/1", "http://a.test/2"]
    assert any("known already" in it for it in way.notes)


def test_maps_fifty_deep_are_followed_so_far_and_it_says_so() -> None:
    maps = {f"http://a.test/{n}": [f"http://a.test/{n + 1}"] for n in range(60)}
    order, way = read_all(maps, "http://a.test/0")
    assert len(order) == walk.DEEPEST + 1
    assert any("deeper than" in it for it in way.notes)


def test_maps_without_number_are_bounded() -> None:
    maps = {"http://a.test/0": [f"http://a.test/{n}" for n in range(1, 3000)]}
    maps |= {
        f"http://a.test/{n}": [f"http://a.test/{n}-{m}" for m in range(5)] for n in range(1, 3000)
    }
    order, way = read_all(
        maps | {f"http://a.test/{n}-{m}": [] for n in range(3000) for m in range(5)},
        "http://a.test/0",
    )
    assert len(order) == walk.MOST_MAPS
    assert any("left out" in it for it in way.notes)


def test_what_could_not_be_read_is_noted_and_the_walk_goes_on() -> None:
    way = walk.skipped(walk.begin(["http://a.test/1", "nothing", "http://a.test/2"]), "404")
    assert [it[0] for it in way.waiting] == ["http://a.test/2"]
    assert way.notes[-1] == "http://a.test/1: 404"
