"""Nobody outside can make us talk to what is inside: no connection is even opened."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import FetchError, Reason
from scraper.fetchers.connect import Door
from scraper.fetchers.http import Fetcher
from scraper.fetchers.settings import FetchSettings
from scraper.page import Page
from scraper.sources.feeds import read_feed
from scraper.sources.sitemaps import read_sitemap
from tests.scraper.fetchers.site import always, by_target, page, serving, to


def forms(port: int) -> list[str]:
    """How 127.0.0.1 can be written."""
    hosts = [
        "127.0.0.1",
        "127.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:7f00:0001]",
        "[64:ff9b::7f00:1]",
        "[::127.0.0.1]",
        "localhost",
        "LOCALHOST",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "%31%32%37.0.0.1",
        "127.0.0.1.",
    ]
    return [f"http://{it}:{port}/" for it in hosts]


def test_loopback_is_refused_in_every_form_that_it_has() -> None:
    async def go() -> None:
        async with serving(always(page())) as site, Fetcher(FetchSettings(deadline=5)) as fetcher:
            for url in forms(site.port):
                with pytest.raises(FetchError) as caught:
                    await fetcher.fetch(url)
                assert caught.value.reason is Reason.BLOCKED_ADDRESS, (url, caught.value)
            assert site.connections == 0

    asyncio.run(go())


def test_a_redirect_into_the_inside_is_refused_in_every_form() -> None:
    async def go() -> None:
        async with serving(always(page())) as inner:
            targets = [*forms(inner.port), "http://169.254.169.254/latest/meta-data/"]
            answers = {f"/{n}": to(it) for n, it in enumerate(targets) if it.isascii()}
            async with serving(by_target(answers)) as outer, Fetcher(outer.settings()) as fetcher:
                for target in answers:
                    with pytest.raises(FetchError) as caught:
                        await fetcher.fetch(f"http://outside.test{target}")
                    assert caught.value.reason is Reason.BLOCKED_ADDRESS, caught.value
                assert len(outer.asked) == len(answers)
            assert inner.connections == 0

    asyncio.run(go())


def test_a_name_that_points_inside_is_refused() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    async def go() -> None:
        async with serving(always(page())) as site, Fetcher(resolve=resolve) as fetcher:
            with pytest.raises(FetchError, match=r"evil\.test is at 127\.0\.0\.1"):
                await fetcher.fetch(f"http://evil.test:{site.port}/")
            assert site.connections == 0

    asyncio.run(go())


def test_one_bad_address_among_good_ones_is_enough() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["93.184.215.14", "2606:4700::1111", "10.0.0.1"]

    with pytest.raises(FetchError, match=r"10\.0\.0\.1 is private"):
        asyncio.run(Door(resolve).addresses("mixed.test", 80))


@pytest.mark.block_network(allowed_hosts=[r"127\.0\.0\..*"])
def test_a_name_is_resolved_once_and_the_checked_address_is_connected_to() -> None:
    """Rebinding: what the name says the second time is never heard."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        # First an address that may be connected to (the test opens 127.0.0.2), then loopback.
        return ["127.0.0.2"] if len(asked) == 1 else ["127.0.0.1"]

    async def go() -> None:
        async with serving(always(page())) as site:  # Listens on 127.0.0.1 alone.
            opened = FetchSettings(allow_private=("127.0.0.2/32",), deadline=5)
            async with Fetcher(opened, resolve=resolve) as fetcher:
                with pytest.raises(FetchError) as first:
                    await fetcher.fetch(f"http://rebind.test:{site.port}/")
                assert first.value.reason is Reason.CONNECT
                assert "127.0.0.2" in first.value.detail
                assert asked == ["rebind.test"]
                with pytest.raises(FetchError) as second:
                    await fetcher.fetch(f"http://rebind.test:{site.port}/")
                assert second.value.reason is Reason.BLOCKED_ADDRESS
            assert site.connections == 0

    asyncio.run(go())


def test_a_feed_and_a_sitemap_may_name_the_inside_but_it_is_not_asked() -> None:
    async def go() -> None:
        async with serving(always(page())) as site, Fetcher() as fetcher:
            inside = f"http://127.0.0.1:{site.port}/"
            feed = f"<rss version='2.0'><channel><item><link>{inside}</link></item></channel></rss>"
            maps = f"<urlset><url><loc>{inside}</loc></url></urlset>"
            entries = [
                *read_feed(feed.encode(), "http://out.test/feed"),
                *read_sitemap(maps.encode(), "http://out.test/sitemap.xml").entries,
            ]
            assert [it.url for it in entries] == [inside, inside]
            for it in entries:
                with pytest.raises(FetchError) as caught:
                    await fetcher.fetch(it.url)
                assert caught.value.reason is Reason.BLOCKED_ADDRESS
            assert site.connections == 0

    asyncio.run(go())


def test_a_network_that_was_opened_may_be_asked() -> None:
    async def go() -> Page:
        opened = FetchSettings(allow_private=("127.0.0.0/8",))
        async with serving(always(page())) as site, Fetcher(opened) as fetcher:
            found = await fetcher.fetch(f"http://127.0.0.1:{site.port}/")
            assert isinstance(found, Page)
            return found

    assert asyncio.run(go()).html == b"<p>hello</p>"


async def nobody(host: str, port: int) -> Sequence[str]:
    raise AssertionError(f"{host} was looked up")


def test_connect_to_takes_hosts_with_ports_and_patterns() -> None:
    door = Door(nobody, connect_to={"a.test:81": "127.0.0.1:1", "*.b.test": "[::1]:2"})
    assert asyncio.run(door.addresses("a.test", 81)) == (["127.0.0.1"], 1)
    assert asyncio.run(door.addresses("x.b.test", 443)) == (["::1"], 2)


def test_a_name_without_address_is_a_dns_failure() -> None:
    async def nothing(host: str, port: int) -> Sequence[str]:
        return []

    with pytest.raises(FetchError) as caught:
        asyncio.run(Door(nothing).addresses("gone.test", 80))
    assert caught.value.reason is Reason.DNS


def test_names_without_an_answer_do_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as all of asyncio's own threads, and then some."""
    look_up = socket.getaddrinfo

    def slow(host: str, *rest: object, **named: object) -> object:
        if host.startswith("silent"):
            time.sleep(2)
            raise socket.gaierror("no answer")
        return look_up("127.0.0.1", *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", slow)

    async def go() -> float:
        async with serving(always(page())) as site:
            opened = FetchSettings(allow_private=("127.0.0.0/8",))
            async with Fetcher(opened) as fetcher:
                waiting = [
                    asyncio.create_task(fetcher.fetch(f"http://silent{n}.test/")) for n in range(50)
                ]
                await asyncio.sleep(0.1)
                begin = time.monotonic()
                await fetcher.fetch(f"http://quick.test:{site.port}/")
                took = time.monotonic() - begin
                for it in await asyncio.gather(*waiting, return_exceptions=True):
                    assert isinstance(it, FetchError)
                    assert it.reason is Reason.DNS
                return took

    assert asyncio.run(go()) < 1


@pytest.mark.parametrize("url", ["http://ünïcödé..test/", "http://" + "a" * 70 + ".test/"])
def test_a_name_that_cannot_be_is_a_typed_error(url: str) -> None:
    async def go() -> FetchError:
        async with Fetcher(FetchSettings(deadline=5)) as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch(url)
            return caught.value

    assert asyncio.run(go()).reason in {Reason.DNS, Reason.BAD_ADDRESS}


@pytest.mark.block_network(allowed_hosts=[r"127\.0\.0\..*"])
def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.3", "127.0.0.1"]

    async def go() -> Page:
        async with serving(always(page())) as site:
            opened = FetchSettings(allow_private=("127.0.0.0/8",))
            async with Fetcher(opened, resolve=resolve) as fetcher:
                found = await fetcher.fetch(f"http://two.test:{site.port}/")
                assert isinstance(found, Page)
                return found

    assert asyncio.run(go()).status == 200


@settings(max_examples=25)  # A Fetcher takes 40 ms to open: it reads the certificates.
@given(st.lists(st.text(max_size=60), max_size=20))
def test_whatever_follows_the_scheme_ends_in_a_typed_error(texts: list[str]) -> None:
    async def nowhere(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    async def go() -> None:
        async with Fetcher(FetchSettings(deadline=5), resolve=nowhere) as fetcher:
            for it in texts:
                with pytest.raises(FetchError):
                    await fetcher.fetch(f"http://{it}")

    asyncio.run(go())
