"""Manners over real sockets: turns, pauses, tries, and that one host's trouble is its own."""

from __future__ import annotations

import asyncio
import time
from email.utils import formatdate

import pytest

import scraper
from scraper.errors import FetchError, Reason
from scraper.fetchers.http import Fetcher
from scraper.fetchers.polite import Polite
from tests.scraper.fetchers.site import Answer, Asked, Site, always, page, serving, to


class Times:
    """When each request of a host came."""

    def __init__(self, answer: Answer) -> None:
        self.begun = time.monotonic()
        self.of: dict[str, list[float]] = {}
        self.answer = answer

    def least(self, host: str) -> float:
        """Seconds between two of a host's requests, as far as can be told where they arrive.

        A request can come late on a busy machine, and never early: the one numbered n comes n
        delays after the first was sent, or later.
        """
        after = [it - self.begun for it in self.of[host]]
        return min(it / n for n, it in enumerate(after) if n)

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.of.setdefault(asked.host, []).append(time.monotonic())
        await self.answer(asked, writer)


def polite_run(answer: Answer, urls: list[str], **changes: object) -> tuple[list[object], Site]:
    async def go() -> tuple[list[object], Site]:
        async with serving(answer) as site:
            plain = site.settings(**changes)
            async with Fetcher(plain) as fetcher:
                polite = Polite(fetcher, plain, chance=lambda: 0.0)
                found = await asyncio.gather(*map(polite.fetch, urls), return_exceptions=True)
                return list(found), site

    return asyncio.run(go())


def test_a_host_is_asked_no_oftener_than_the_delay_says_and_hosts_do_not_wait_for_each_other() -> (
    None
):
    times = Times(always(page()))
    urls = [f"http://{host}.test/{n}" for host in "abc" for n in range(4)]
    polite_run(times, urls, delay=0.2)
    assert all(times.least(host) >= 0.2 for host in times.of)
    assert max(it[0] for it in times.of.values()) < min(it[-1] for it in times.of.values())


def test_crawl_delay_is_kept() -> None:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        robots = b"User-agent: *\nCrawl-delay: 0.3"
        writer.write(page(robots if asked.target == "/robots.txt" else b"<p>x</p>"))

    times = Times(answer)
    polite_run(times, [f"http://a.test/{n}" for n in range(3)], robots=True)
    del times.of["a.test"][0]  # robots.txt
    assert times.least("a.test") >= 0.3


def test_a_robots_txt_is_a_request_like_any_other() -> None:
    times = Times(always(page(b"User-agent: *")))
    polite_run(times, ["http://a.test/x"], robots=True, delay=0.3)
    assert len(times.of["a.test"]) == 2
    assert times.least("a.test") >= 0.3


def test_no_more_than_so_many_at_a_time() -> None:
    in_flight = {"now": 0, "most": 0}

    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        in_flight["now"] += 1
        in_flight["most"] = max(in_flight.values())
        await asyncio.sleep(0.05)
        in_flight["now"] -= 1
        writer.write(page())

    polite_run(answer, [f"http://a.test/{n}" for n in range(8)], per_host=2)
    assert in_flight["most"] == 2
    in_flight["most"] = 0
    polite_run(answer, [f"http://h{n}.test/" for n in range(9)], concurrency=3)
    assert in_flight["most"] == 3


@pytest.mark.parametrize("status", ["429 Too Many", "503 Busy"])
@pytest.mark.parametrize(
    ("retry_after", "least"),
    [
        ("1", 0.9),
        ("date", 0.4),  # in two seconds, as far as whole seconds can say
        ("-10", 0.9),  # nonsense: our own pause, which is capped here
        ("31536000", 0.9),  # a year: capped
    ],
)
def test_a_refusal_pauses_the_whole_host_and_no_other(
    status: str, retry_after: str, least: float
) -> None:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.host == "busy.test" and len(times.of["busy.test"]) == 1:
            value = (
                formatdate(time.time() + 2, usegmt=True) if retry_after == "date" else retry_after
            )
            writer.write(page(status=status, Retry_After=value))
        else:
            writer.write(page())

    times = Times(answer)
    cap = {"-10": 1.0, "31536000": 1.0}.get(retry_after, 60.0)
    urls = [f"http://{host}.test/{n}" for n in range(3) for host in ("busy", "other")]
    found, _ = polite_run(times, urls, retries=1, max_pause=cap, max_delay=0.01, delay=0.01)
    assert not [it for it in found if isinstance(it, FetchError)]
    first, second, *_ = times.of["busy.test"]
    assert least < second - first < 20
    assert times.of["other.test"][-1] < second


def test_what_may_pass_is_tried_again_and_the_last_try_decides() -> None:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(page(status="500 Oh") if len(times.of["a.test"]) < 3 else page())

    times = Times(answer)
    found, _ = polite_run(times, ["http://a.test/"], retries=2)
    assert getattr(found[0], "status", None) == 200
    times = Times(always(page(status="500 Oh")))
    found, site = polite_run(times, ["http://a.test/"], retries=2)
    assert isinstance(found[0], FetchError)
    assert len(site.asked) == 3


def test_a_404_is_not_tried_again() -> None:
    found, site = polite_run(always(page(status="404 Not Found")), ["http://a.test/"], retries=5)
    assert isinstance(found[0], FetchError)
    assert len(site.asked) == 1


@pytest.mark.parametrize("robots", [False, True])
def test_a_host_that_stays_silent_is_down_and_the_others_are_not(robots: bool) -> None:
    async def go() -> tuple[bool, bool]:
        async with serving(always(page())) as site:
            away = {"dead.test": "127.0.0.1:1", "*.test": f"127.0.0.1:{site.port}"}
            plain = site.settings(connect_to=away, max_delay=0.0, robots=robots)
            async with Fetcher(plain) as fetcher:
                polite = Polite(fetcher, plain)
                for n in range(25):
                    with pytest.raises(FetchError):
                        await polite.fetch(f"http://dead.test/{n}")
                await polite.fetch("http://a.test/")
                return polite.is_down("http://dead.test/x"), polite.is_down("http://a.test/x")

    assert asyncio.run(go()) == (True, False)


def test_a_bad_address_costs_no_turn() -> None:
    found, site = polite_run(always(page()), ["http://", "gopher://a.test/", "http://a.test/"])
    reasons = [it.reason for it in found if isinstance(it, FetchError)]
    assert reasons == [Reason.BAD_ADDRESS, Reason.BAD_ADDRESS]
    assert len(site.asked) == 1


def test_being_cancelled_gives_the_turn_back() -> None:
    async def never(_: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async def go() -> None:
        async with serving(never) as site:
            plain = site.settings(deadline=30, concurrency=1)
            async with Fetcher(plain) as fetcher:
                polite = Polite(fetcher, plain)
                for _ in range(3):
                    task = asyncio.create_task(polite.fetch("http://a.test/"))
                    await asyncio.sleep(0.1)
                    task.cancel()
                    with pytest.raises(asyncio.CancelledError):
                        await task
                assert len(site.asked) == 3

    asyncio.run(go())


def test_a_page_is_a_page_even_when_the_server_thinks_we_had_it() -> None:
    async def go() -> FetchError:
        async with serving(always(b"HTTP/1.1 304 Not Modified\r\n\r\n")) as site:
            plain = site.settings()
            async with Fetcher(plain) as fetcher:
                with pytest.raises(FetchError) as caught:
                    await Polite(fetcher, plain).page("http://a.test/")
                return caught.value

    assert asyncio.run(go()).reason is Reason.PROTOCOL


def test_a_slow_redirect_target_does_not_hold_the_turn_for_ever() -> None:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.host == "a.test":
            writer.write(to("http://slow.test/"))
        else:
            await asyncio.sleep(60)

    began = time.monotonic()
    found, _ = polite_run(answer, ["http://a.test/1", "http://a.test/2"], deadline=0.3)
    assert [getattr(it, "reason", None) for it in found] == [Reason.DEADLINE] * 2
    # The second waits for two seconds: a host from which no page came is given a rest.
    assert time.monotonic() - began < 5


def test_fetch_is_all_of_it_in_one_call() -> None:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        body = b"User-agent: *\nDisallow: /no" if asked.target == "/robots.txt" else b"<p>x</p>"
        writer.write(page(body))

    async def go() -> None:
        async with serving(answer) as site:
            plain = site.settings(robots=True)
            found = await asyncio.to_thread(scraper.fetch, "http://a.test/yes", plain)
            assert found.html == b"<p>x</p>"
            with pytest.raises(FetchError) as caught:
                await asyncio.to_thread(scraper.fetch, "http://a.test/no", plain)
            assert caught.value.reason is Reason.ROBOTS

    asyncio.run(go())
