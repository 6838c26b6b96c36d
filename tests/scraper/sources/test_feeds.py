from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import Reason, SourceError
from scraper.sources.entry import Entry, is_since, read_date
from scraper.sources.feeds import MOST_ENTRIES, read_feed

HERE = "http://a.test/feeds/news"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>
<item><title>One &amp; only</title><link>http://a.test/1?utm_source=rss#x</link>
<pubDate>Mon, 02 Nov 2026 13:00:00 +0100</pubDate></item>
<item><title>Two</title><link>/2</link></item>
<item><guid isPermaLink="true">http://a.test/3</guid></item>
<item><link>mailto:desk@a.test</link></item>
<item><title>no link</title></item>
<item><link>http://a.test/1?utm_source=rss</link></item>
</channel></rss>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>A</title>
<link rel="self" href="http://a.test/self"/><link rel="alternate" href="http://a.test/1"/>
<updated>2026-11-02T12:00:00Z</updated></entry></feed>"""

RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>t</title></channel><item><title>A</title>
<link>http://a.test/1</link><dc:date>2026-11-02T12:00:00Z</dc:date></item></rdf:RDF>"""

JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [
{"id": "1", "url": "http://a.test/1", "title": "A", "date_published": "2026-11-02T13:00:00+01:00"}]}"""


def test_rss_gives_whole_addresses_each_once_in_order() -> None:
    found = read_feed(RSS, HERE)
    assert [it.url for it in found] == [
        "http://a.test/1?utm_source=rss",
        "http://a.test/2",
        "http://a.test/3",
    ]
    assert found[0] == Entry("http://a.test/1?utm_source=rss", NOON, "One & only")
    assert found[1].dated is None


@pytest.mark.parametrize("feed", [ATOM, RDF, JSON], ids=["atom", "rdf", "json"])
def test_other_feeds_are_feeds_too(feed: bytes) -> None:
    assert read_feed(feed, HERE) == (Entry("http://a.test/1", NOON, "A"),)


@pytest.mark.parametrize(
    "broken",
    [
        RSS[:-40],
        RSS.replace(b"&amp;", b"&"),
        RSS.replace(b"&amp;", b"&nbsp;"),
        b"\n\n  " + RSS,
        b"\xef\xbb\xbf" + RSS,
        RSS.decode().encode("utf-16"),
        RSS.replace(b"only", b"\xff\xfe\x00"),
    ],
)
def test_feeds_as_they_are_out_there(broken: bytes) -> None:
    assert "http://a.test/2" in [it.url for it in read_feed(broken, HERE)]


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><body>404</body></html>", b"{}", b"[]", b"garbage", b"\0" * 100, b"<a>" * 50_000],
)
def test_what_is_no_feed_is_unreadable(body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        read_feed(body, HERE)
    assert caught.value.reason is Reason.UNREADABLE


def test_entities_are_refused() -> None:
    laughs = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + RSS
    with pytest.raises(SourceError) as caught:
        read_feed(laughs, HERE)
    assert caught.value.reason is Reason.HOSTILE


def test_a_feed_without_end_is_cut() -> None:
    item = b"<item><link>http://a.test/%d</link></item>"
    body = b"<rss version='2.0'><channel>" + b"".join(item % n for n in range(3 * MOST_ENTRIES))
    begin = time.process_time()
    assert len(read_feed(body, HERE)) == MOST_ENTRIES
    assert time.process_time() - begin < 5


@given(st.binary(max_size=300), st.sampled_from([RSS, ATOM, RDF, JSON]), st.integers(0, 500))
def test_no_bytes_end_in_anything_but_a_typed_error(noise: bytes, feed: bytes, at: int) -> None:
    try:
        found = read_feed(feed[:at] + noise + feed[at:], HERE)
    except SourceError:
        return
    assert all(it.url.startswith("http") for it in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-11", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-02", datetime(2026, 11, 2, tzinfo=UTC)),
        ("2026-11-02T12:00:00Z", NOON),
        ("2026-11-02T13:00:00.000+01:00", NOON),
        (" 2026-11-02T12:00Z ", NOON),
        ("0001-01-01T00:00:00+14:00", None),
        ("2026-13-01", None),
        ("", None),
        ("١٢٣٤", None),
    ],
)
def test_dates_as_the_w3c_writes_them(text: str, expected: datetime | None) -> None:
    assert read_date(text) == expected


@given(st.text(max_size=60))
def test_no_date_makes_it_raise(text: str) -> None:
    found = read_date(text)
    assert found is None or found.tzinfo


def test_since_counts_days_in_utc_and_leaves_out_what_has_no_date() -> None:
    late = Entry(
        "http://a.test/", datetime.fromisoformat("2026-11-02T00:30:00+02:00")
    )  # the 1st in UTC
    assert not is_since(late, date(2026, 11, 2))
    assert is_since(late, date(2026, 11, 1))
    assert not is_since(Entry("http://a.test/"), date(2026, 11, 1))
    assert is_since(Entry("http://a.test/"), None)
