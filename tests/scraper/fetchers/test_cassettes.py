"""The small world of ``fixtures/sites``, as it once came over the wire, replayed without a network.

The cassettes in ``fixtures/cassettes`` were recorded from the project's own server on loopback
under names that cannot exist outside (RFC 6761). To record them again:

    pytest tests/scraper/fetchers/test_cassettes.py --record-mode=rewrite
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from scraper.demo.world import serve
from scraper.errors import FetchError, Reason
from scraper.fetchers.exchange import ANYTHING, NotModified
from scraper.fetchers.http import Fetcher
from scraper.fetchers.polite import Polite
from scraper.fetchers.settings import FetchSettings
from scraper.jobs.discover import Place, discover
from scraper.sources import walk
from scraper.sources.canonical import host_of
from scraper.sources.feeds import read_feed
from scraper.sources.sitemaps import read_sitemap

pytestmark = pytest.mark.vcr

T = TypeVar("T")
Ask = Callable[[Callable[[Polite], Awaitable[T]]], T]


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(Path(__file__).parents[3] / "fixtures" / "cassettes")


@pytest.fixture
def vcr_config() -> dict[str, object]:
    return {"decode_compressed_response": False, "match_on": ["method", "uri"]}


@pytest.fixture
def polite(record_mode: str) -> Iterator[Ask[object]]:
    """Runs what it is given with a ``Polite``; replayed, a name that is looked up is a failure."""

    async def nobody(host: str, port: int) -> Sequence[str]:
        raise AssertionError(f"{host} was looked up")

    def go(what: Callable[[Polite], Awaitable[T]], connect_to: dict[str, str]) -> T:
        async def run() -> T:
            settings = FetchSettings(delay=0, retries=0, deadline=10, connect_to=connect_to)
            async with Fetcher(settings, resolve=nobody) as fetcher:
                return await what(Polite(fetcher, settings))

        return asyncio.run(run())

    if record_mode == "none":
        yield lambda what: go(what, {})
    else:
        with serve() as world:
            yield lambda what: go(what, world.connect_to)


@pytest.mark.parametrize(
    "feed",
    [
        "http://nordfunk.example.test/feed/",
        "http://ilgazzettinodelgolfo.example.test/atom.xml",
        "http://jornaldaserra.example.test/feed.json",
        "http://countyecho.example.test/index.rdf",
    ],
    ids=["rss", "atom", "json", "rdf"],
)
def test_a_feed_leads_to_its_articles(feed: str, polite: Ask[None]) -> None:
    async def go(door: Polite) -> None:
        found = await door.page(feed, ANYTHING)
        entries = read_feed(found.html, found.url)
        assert len(entries) >= 3
        assert all(it.dated for it in entries)
        assert all(it.title for it in entries)
        assert {host_of(it.url) for it in entries} == {host_of(feed)}
        article = await door.page(entries[0].url)
        assert article.status == 200
        assert b"<html" in article.html
        assert article.headers["content-encoding"] == "gzip"

    polite(go)


@pytest.mark.parametrize(
    "start",
    [
        "http://ilgazzettinodelgolfo.example.test/sitemap.xml.gz",
        "http://eldiariodelvalle.example.test/sitemap_index.xml",
        "http://nordfunk.example.test/news-sitemap.xml",
    ],
    ids=["gz", "index", "news"],
)
def test_a_sitemap_leads_to_its_articles(start: str, polite: Ask[None]) -> None:
    async def go(door: Polite) -> None:
        way, entries = walk.begin([start]), []
        while way.waiting:
            found = await door.page(way.waiting[0][0], ANYTHING)
            read = read_sitemap(found.html, found.url)
            entries.extend(read.entries)
            way = walk.seen(way, read)
        assert len(entries) >= 3
        assert {host_of(it.url) for it in entries} == {host_of(start)}
        assert (await door.page(entries[-1].url)).status == 200

    polite(go)


def test_a_site_is_discovered(polite: Ask[None]) -> None:
    async def go(door: Polite) -> None:
        found = [it async for it in discover("http://nordfunk.example.test/", door)]
        assert [(it.kind, it.entries > 0) for it in found if isinstance(it, Place)] == [
            ("feed", True),
            ("sitemap", True),
        ]

    polite(go)


def test_a_page_that_has_not_changed_is_not_sent_again(polite: Ask[None]) -> None:
    async def go(door: Polite) -> None:
        url = "http://www.harborpost.example.test/"
        first = await door.page(url)
        again = await door.fetch(url, etag=first.headers["etag"])
        assert isinstance(again, NotModified)
        assert again.headers["etag"] == first.headers["etag"]

    polite(go)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("checked.html", Reason.CHALLENGE),
        ("wait.html", Reason.HTTP_429),
        ("closed.html", Reason.HTTP_5XX),
        ("broken.html", Reason.HTTP_5XX),
        ("gone.html", Reason.HTTP_4XX),
        ("round.html", Reason.REDIRECT),
        ("nowhere.html", Reason.REDIRECT),
        ("report.pdf", Reason.NOT_HTML),
    ],
    ids=lambda it: it.partition(".")[0],
)
def test_what_is_no_page_says_why(target: str, reason: Reason, polite: Ask[FetchError]) -> None:
    async def go(door: Polite) -> FetchError:
        with pytest.raises(FetchError) as caught:
            await door.page(f"http://oddments.example.test/{target}")
        return caught.value

    assert polite(go).reason is reason


def test_redirects_are_followed_to_the_end_of_the_way(polite: Ask[None]) -> None:
    async def go(door: Polite) -> None:
        twice = await door.page("http://oddments.example.test/moved-twice.html")
        assert twice.url == "http://oddments.example.test/truncated.html"
        away = await door.page("http://oddments.example.test/elsewhere.html")
        assert host_of(away.url) == "www.harborpost.example.test"

    polite(go)
