"""Asks for one address over HTTP and hands over a page, or says in one reason why not.

Here redirects, cookies, decoding and the time limit come together; each is decided in a module
beside this one, and ``wire`` does the sending.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from scraper.errors import FetchError, Reason
from scraper.fetchers.address import Address, read_address
from scraper.fetchers.budget import Budget, Hold
from scraper.fetchers.connect import Door, Resolve, resolve_in
from scraper.fetchers.cookies import Cookie, cookie_line, keep_cookies
from scraper.fetchers.decode import ACCEPTED, decode, decoded
from scraper.fetchers.exchange import PAGES, Exchange, NotModified, Want, headers_of
from scraper.fetchers.guard import read_networks
from scraper.fetchers.redirect import REDIRECTS, headers_for, next_hop
from scraper.fetchers.settings import FetchSettings
from scraper.fetchers.status import failure_of
from scraper.fetchers.wire import Wire
from scraper.page import Page

_SAID = 1 << 18  # bytes that are kept of an error page: enough to see what it is
_AT_ONCE = 1 << 20  # bytes that are decoded in the event loop; most pages are smaller

OnExchange = Callable[[Exchange], None]
May = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Way:
    """What holds for a page from the first address to the last."""

    asked: Address
    headers: Mapping[str, str]
    want: Want
    may: May | None
    hold: Hold


class Fetcher:
    """Holds the connections. One ``Fetcher`` for a whole job; use it as a context.

    ``on_exchange`` is called with every request and its answer, redirects and errors included.
    Raises ``JobError`` for settings that cannot be met.
    """

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        on_exchange: OnExchange | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._settings = settings or FetchSettings()
        self._on_exchange = on_exchange
        self._threads = ThreadPoolExecutor(self._settings.concurrency, "names")
        # Two: so many large bodies are unpacked at a time, which bounds the memory too.
        self._unpacking = ThreadPoolExecutor(2, "unpack")
        networks = read_networks(self._settings.allow_private)
        resolve = resolve or resolve_in(self._threads)
        door = Door(resolve, networks, self._settings.connect_to)
        self._wire = Wire(self._settings, door)
        self.budget = Budget(self._settings.max_in_memory)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._wire.aclose()
        for it in (self._threads, self._unpacking):
            it.shutdown(wait=False, cancel_futures=True)

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        want: Want = PAGES,
        may: May | None = None,
    ) -> Page | NotModified:
        """One try, redirects included, within the settings' deadline.

        ``etag`` and ``last_modified`` are what an earlier page's headers said; when they still
        hold, the result is a ``NotModified``. ``may`` is awaited with each address before it is
        asked, the redirects' too, and stops the way by raising. Raises ``FetchError``; that of a
        429 or 503 has ``retry_after`` in seconds, if the server named them.
        """
        asked = read_address(url)
        if_changed = {"if-none-match": etag, "if-modified-since": last_modified}
        headers = self._headers(want) | {k: v for k, v in if_changed.items() if v}
        limit = self._settings.deadline
        try:
            async with asyncio.timeout(limit) as timer:
                with self.budget.hold(timer) as hold:
                    way = _Way(asked, headers, want, may, hold)
                    exchange, last = await self._follow(way)
                    return await self._result(exchange, last, url, way)
        except TimeoutError as error:
            raise FetchError(url, Reason.DEADLINE, f"not done after {limit:g} s") from error

    def _headers(self, want: Want) -> dict[str, str]:
        own = {
            "user-agent": self._settings.agent,
            "accept": want.accept,
            "accept-encoding": ACCEPTED,
        }
        return own | {name.lower(): value for name, value in self._settings.headers.items()}

    async def _follow(self, way: _Way) -> tuple[Exchange, Address]:
        asked, headers, want = way.asked, way.headers, way.want
        been = [asked]
        cookies: tuple[Cookie, ...] = ()
        most = self._settings.max_redirects if want.redirects is None else want.redirects
        while True:
            here = been[-1]
            if way.may:
                await way.may(here.url)
            sent = headers_for(here, asked, headers)
            if line := cookie_line(cookies, here):
                sent["cookie"] = f"{sent['cookie']}; {line}" if "cookie" in sent else line
            exchange = await self._wire.ask(here, sent, want, way.hold)
            if self._on_exchange:
                self._on_exchange(exchange)
            if exchange.status not in REDIRECTS:
                return exchange, here
            way.hold.shrink(0)
            cookies = keep_cookies(cookies, here, exchange.response)
            been.append(next_hop(been, headers_of(exchange.response).get("location"), most))
            headers = {k: v for k, v in headers.items() if not k.startswith("if-")}

    async def _result(
        self, exchange: Exchange, last: Address, asked: str, way: _Way
    ) -> Page | NotModified:
        want = way.want
        headers = headers_of(exchange.response)
        if failure := failure_of(exchange):
            failure.content_type = headers.get("content-type", "")
            if "html" in failure.content_type.lower():
                failure.body = _beginning(exchange, headers.get("content-encoding", ""))
            raise failure
        if exchange.status == 304:
            return NotModified(last.url, asked, exchange.asked_at, headers)
        most = self._settings.max_decoded_bytes if want.most is None else want.most
        encodings = headers.get("content-encoding", "")
        pieces = decoded(exchange.body, encodings, most, last.url, cut=want.cut)
        html = await self._join(pieces, most, way.hold)
        return Page(last.url, asked, exchange.asked_at, html, exchange.status, headers)

    async def _join(self, pieces: Iterator[bytes], most: int, hold: Hold) -> bytes:
        """All pieces; after the first ones in a thread, so that a bomb holds up no other page."""
        parts: list[bytes] = []
        size = 0
        for piece in pieces:
            parts.append(piece)
            size += len(piece)
            if size > _AT_ONCE:
                await hold.grow(most)
                loop = asyncio.get_running_loop()
                parts.append(await loop.run_in_executor(self._unpacking, b"".join, pieces))
                break
        return b"".join(parts)


def _beginning(exchange: Exchange, encodings: str) -> bytes:
    """Of a page that nobody asked for; empty where it cannot be decoded."""
    try:
        return decode(exchange.body, encodings, _SAID, exchange.url, cut=True)
    except FetchError:
        return b""
