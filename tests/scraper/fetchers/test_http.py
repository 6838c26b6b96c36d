from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import FetchError, JobError, Reason
from scraper.fetchers.exchange import ANYTHING, ROBOTS, Exchange, NotModified
from scraper.fetchers.http import Fetcher
from scraper.fetchers.settings import FetchSettings
from scraper.fetchers.wire import MOST_HOSTS
from scraper.page import Page
from tests.scraper.fetchers.site import (
    Answer,
    Asked,
    Site,
    always,
    ask,
    by_target,
    page,
    serving,
    to,
)

URL = "http://news.test/a"


def fetched(answer: Answer, url: str = URL, **changes: object) -> tuple[Page, Site]:
    outcome = asyncio.run(ask(answer, url, **changes))
    return outcome.page, outcome.site


def refused(answer: Answer, url: str = URL, **changes: object) -> FetchError:
    return asyncio.run(ask(answer, url, **changes)).error


def test_a_page_comes_with_what_is_known_of_it() -> None:
    found, site = fetched(always(page(b"<p>h\xc3\xa9</p>", ETag='"1"')), "http://NEWS.test:80/a#b")
    assert (found.url, found.asked) == ("http://news.test/a", "http://NEWS.test:80/a#b")
    assert found.html == b"<p>h\xc3\xa9</p>"
    assert found.headers["etag"] == '"1"'
    assert found.fetched_at.tzinfo
    assert site.asked[0].host == "news.test"
    assert site.asked[0].headers["user-agent"].startswith("winnow-news/")


def test_the_contact_stands_in_the_user_agent() -> None:
    _, site = fetched(always(page()), contact="mailto:desk@paper.test")
    assert site.asked[0].headers["user-agent"].endswith("(+mailto:desk@paper.test)")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("404 Not Found", Reason.HTTP_4XX),
        ("403 Forbidden", Reason.HTTP_4XX),
        ("429 Too Many Requests", Reason.HTTP_429),
        ("500 Oh", Reason.HTTP_5XX),
        ("503 Busy", Reason.HTTP_5XX),
        ("300 Multiple Choices", Reason.REDIRECT),
        ("999 No", Reason.PROTOCOL),
    ],
)
def test_a_status_that_is_no_page_has_its_reason(status: str, reason: Reason) -> None:
    error = refused(always(page(status=status)))
    assert error.reason is reason
    assert error.status == int(status[:3])
    assert status[:3] in error.detail


@pytest.mark.parametrize(
    ("status", "header", "expected"),
    [
        ("403 Forbidden", {"CF_Mitigated": "challenge"}, Reason.CHALLENGE),
        ("503 Busy", {"cf_mitigated": "challenge"}, Reason.CHALLENGE),
        ("202 Accepted", {"x_amzn_waf_action": "challenge"}, Reason.CHALLENGE),
        ("405 No", {"x_amzn_waf_action": "captcha"}, Reason.CHALLENGE),
        ("403 Forbidden", {"X_DataDome": "protected"}, Reason.CHALLENGE),
        ("404 Not Found", {"X_DataDome": "protected"}, Reason.HTTP_4XX),
        ("200 OK", {"X_DataDome": "protected"}, None),
        ("200 OK", {"x_amzn_waf_action": "allow"}, None),
    ],
)
def test_a_challenge_that_says_so_is_called_one(
    status: str, header: dict[str, str], expected: Reason | None
) -> None:
    outcome = asyncio.run(ask(always(page(status=status, **header)), URL))
    assert getattr(outcome.result, "reason", None) is expected


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Unavailable"])
def test_what_retry_after_says_is_on_the_error(status: str) -> None:
    assert refused(always(page(status=status, Retry_After="7"))).retry_after == 7.0
    assert refused(always(page(status=status))).retry_after is None


def test_304_to_our_conditions_is_not_modified_and_no_page() -> None:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        same = asked.headers.get("if-none-match") == '"1"' and "if-modified-since" in asked.headers
        writer.write(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n' if same else page())

    async def go() -> object:
        async with serving(answer) as site, Fetcher(site.settings()) as fetcher:
            date = "Mon, 02 Nov 2026 10:00:00 GMT"
            return await fetcher.fetch(URL, etag='"1"', last_modified=date)

    found = asyncio.run(go())
    assert isinstance(found, NotModified)
    assert found.headers["etag"] == '"1"'


def test_an_etag_goes_back_as_it_came_whatever_letters_it_has() -> None:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(page(ETag='"caf\xe9"'))

    async def go() -> Site:
        async with serving(answer) as site, Fetcher(site.settings()) as fetcher:
            first = await fetcher.fetch(URL)
            await fetcher.fetch(URL, etag=first.headers["etag"])
            return site

    assert asyncio.run(go()).asked[1].headers["if-none-match"] == '"caf\xe9"'


def test_what_is_no_page_is_refused_before_its_body_is_read() -> None:
    film = page(b"x", Content_Type="video/mp4", Content_Length=str(10**9))
    assert refused(always(film)).reason is Reason.NOT_HTML


def test_whoever_wants_anything_gets_it() -> None:
    answer = always(page(b"{}", Content_Type="application/json"))
    assert asyncio.run(ask(answer, URL, ANYTHING)).page.html == b"{}"


def test_a_connection_is_used_again() -> None:
    async def go() -> Site:
        async with serving(always(page())) as site, Fetcher(site.settings()) as fetcher:
            for n in range(5):
                await fetcher.fetch(f"{URL}{n}")
            await fetcher.fetch("http://other.test/")
            return site

    assert asyncio.run(go()).connections == 2


def test_a_connection_that_went_stale_is_replaced_once() -> None:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.target == "/b" and served["b"] == 0:
            served["b"] += 1
            writer.close()  # as a server does whose patience ran out while our request was on its way
            return
        writer.write(page())

    served = {"b": 0}

    async def go() -> Site:
        async with serving(answer) as site, Fetcher(site.settings()) as fetcher:
            await fetcher.fetch(URL)
            await fetcher.fetch("http://news.test/b")
            return site

    assert [it.target for it in asyncio.run(go()).asked] == ["/a", "/b", "/b"]


def test_a_server_that_hangs_up_again_and_again_is_a_failure() -> None:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.target == "/a":
            writer.write(page())
        else:
            writer.close()

    async def go() -> list[object]:
        async with serving(answer) as site, Fetcher(site.settings()) as fetcher:
            await fetcher.fetch(URL)
            urls = [f"http://news.test/{n}" for n in range(10)] + [URL] * 10
            return list(await asyncio.gather(*map(fetcher.fetch, urls), return_exceptions=True))

    found = asyncio.run(go())
    assert all(isinstance(it, FetchError) for it in found[:10])
    assert all(isinstance(it, Page) for it in found[10:])


def test_a_server_that_hangs_up_on_a_new_connection_is_a_failure() -> None:
    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.close()

    assert refused(answer).reason is Reason.PROTOCOL


def test_nobody_listening_is_a_failure_to_connect() -> None:
    error = refused(always(page()), connect_to={"*.test": "127.0.0.1:1"})
    assert error.reason is Reason.CONNECT


def test_what_is_not_http_is_a_protocol_error() -> None:
    assert refused(always(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")).reason is Reason.PROTOCOL
    endless = b"HTTP/1.1 200 OK\r\n" + b"X-Pad: y\r\n" * 40_000
    assert refused(always(endless)).reason is Reason.PROTOCOL


def test_every_exchange_is_shown_with_its_body_as_it_came() -> None:
    seen: list[Exchange] = []
    answers = {"/a": to("/b", X_Hop="1"), "/b": page(b"<p>b</p>")}

    async def go() -> None:
        async with (
            serving(by_target(answers)) as site,
            Fetcher(site.settings(), on_exchange=seen.append) as fetcher,
        ):
            await fetcher.fetch(URL)

    asyncio.run(go())
    assert [(it.url, it.status) for it in seen] == [(URL, 302), ("http://news.test/b", 200)]
    assert seen[1].body == b"<p>b</p>"
    assert seen[1].address == "127.0.0.1"
    assert ("Host", "news.test") in seen[1].request
    assert ("X-Hop", "1") in seen[0].response


def test_open_hosts_are_bounded() -> None:
    async def go() -> int:
        async with serving(always(page())) as site, Fetcher(site.settings()) as fetcher:
            for n in range(MOST_HOSTS + 20):
                await fetcher.fetch(f"http://h{n}.test/")
            return fetcher._wire.open_hosts

    assert asyncio.run(go()) == MOST_HOSTS


def test_a_body_may_be_cut_where_that_is_wanted() -> None:
    answer = always(page(b"a" * 700_000, Content_Type="text/plain"))
    assert (
        len(asyncio.run(ask(answer, "http://news.test/robots.txt", ROBOTS)).page.html) == 500 << 10
    )


@pytest.mark.parametrize(
    "change",
    [
        {"concurrency": 0},
        {"delay": -1},
        {"deadline": 0},
        {"max_redirects": -1},
        {"user_agent": ""},
        {"user_agent": "bad\r\nX-Injected: 1"},
        {"headers": {"X-A": "b\r\nX-Injected: 1"}},
        {"headers": {"X-Ä": "b"}},
    ],
)
def test_settings_that_make_no_sense_name_their_key(change: dict[str, object]) -> None:
    with pytest.raises(JobError, match=rf"fetch\.{next(iter(change))}"):
        FetchSettings(**change)  # type: ignore[arg-type]


def test_networks_that_are_none_name_their_key() -> None:
    with pytest.raises(JobError, match=r"fetch\.allow_private"):
        Fetcher(FetchSettings(allow_private=("10.1.0.0/99",)))


class Noise:
    """A server that says what it is told, and hangs up; one for many examples."""

    said = b""

    async def answer(self, _: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(self.said)
        await writer.drain()
        writer.close()


@pytest.fixture(scope="module")
def hear() -> Iterator[Callable[[bytes], Page | NotModified | FetchError]]:
    noise = Noise()

    async def opened(stack: AsyncExitStack) -> Fetcher:
        site = await stack.enter_async_context(serving(noise.answer))
        return await stack.enter_async_context(Fetcher(site.settings()))

    async def fetch(fetcher: Fetcher) -> Page | NotModified | FetchError:
        try:
            return await fetcher.fetch(URL)
        except FetchError as error:
            return error

    def go(said: bytes) -> Page | NotModified | FetchError:
        noise.said = said
        return runner.run(fetch(fetcher))

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        fetcher = runner.run(opened(stack))
        yield go
        runner.run(stack.aclose())


@given(
    head=st.sampled_from(
        [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 F\r\nLocation: ", page()[:60]]
    ),
    noise=st.binary(max_size=80) | st.text("\r\n: 0aéX-;,=%", max_size=80).map(str.encode),
)
def test_no_answer_ends_in_anything_but_a_page_or_a_typed_error(
    head: bytes, noise: bytes, hear: Callable[[bytes], Page | NotModified | FetchError]
) -> None:
    found = hear(head + noise)
    assert isinstance(found, Page) or found.reason in set(Reason)  # type: ignore[union-attr]
