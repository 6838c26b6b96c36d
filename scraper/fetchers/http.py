"""Asks for one address over HTTP and hands over a page, or says in one reason why not.

The only module that knows httpx and httpcore. Of httpx it uses the transport, not the client:
redirects, cookies, decoding and time limits are decided in the modules beside this one.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from types import TracebackType
from typing import Self, cast

import httpcore
import httpx

from scraper.errors import FetchError, JobError, Reason
from scraper.fetchers.address import Address, read_address
from scraper.fetchers.connect import Door, Resolve, resolve_in
from scraper.fetchers.cookies import Cookie, cookie_line, keep_cookies
from scraper.fetchers.decode import ACCEPTED, decode
from scraper.fetchers.exchange import (
    PAGES,
    Exchange,
    Head,
    NotModified,
    Want,
    headers_of,
    refuse_head,
)
from scraper.fetchers.guard import read_networks
from scraper.fetchers.redirect import REDIRECTS, headers_for, next_hop
from scraper.fetchers.settings import FetchSettings
from scraper.fetchers.status import failure_of
from scraper.page import Page

# Hosts that keep their connection between two requests. macOS grants 256 open files.
MOST_HOSTS = 128
_KEEP_ALIVE = 15.0  # seconds; many servers hang up after 5 to 75
_ASIDE = 1 << 16  # bytes of a body that nobody reads, to keep its connection usable

OnExchange = Callable[[Exchange], None]
May = Callable[[str], Awaitable[None]]


@dataclass(slots=True)
class _Host:
    """One transport; a pool for all hosts costs time quadratic in its idle connections."""

    transport: httpx.AsyncHTTPTransport
    busy: int = 0
    answered: bool = False


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
        networks = read_networks(self._settings.allow_private)
        resolve = resolve or resolve_in(self._threads)
        self._door = Door(resolve, networks, self._settings.connect_to)
        self._tls = _tls(self._settings)
        if self._settings.http2 and find_spec("h2") is None:
            raise JobError("fetch.http2", "needs: pip install 'winnow-news[http2]'")
        self._hosts: OrderedDict[tuple[str, str, int], _Host] = OrderedDict()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        hosts, self._hosts = self._hosts, OrderedDict()
        for host in hosts.values():
            await host.transport.aclose()
        self._threads.shutdown(wait=False, cancel_futures=True)

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
            async with asyncio.timeout(limit):
                exchange, last = await self._follow(asked, headers, want, may)
        except TimeoutError as error:
            raise FetchError(url, Reason.DEADLINE, f"not done after {limit:g} s") from error
        return self._result(exchange, last, url, want)

    def _headers(self, want: Want) -> dict[str, str]:
        own = {
            "user-agent": self._settings.agent,
            "accept": want.accept,
            "accept-encoding": ACCEPTED,
        }
        return own | {name.lower(): value for name, value in self._settings.headers.items()}

    async def _follow(
        self, asked: Address, headers: Mapping[str, str], want: Want, may: May | None
    ) -> tuple[Exchange, Address]:
        been = [asked]
        cookies: tuple[Cookie, ...] = ()
        most = self._settings.max_redirects if want.redirects is None else want.redirects
        while True:
            here = been[-1]
            if may:
                await may(here.url)
            sent = headers_for(here, asked, headers)
            if line := cookie_line(cookies, here):
                sent["cookie"] = f"{sent['cookie']}; {line}" if "cookie" in sent else line
            exchange = await self._ask(here, sent, want)
            if self._on_exchange:
                self._on_exchange(exchange)
            if exchange.status not in REDIRECTS:
                return exchange, here
            cookies = keep_cookies(cookies, here, exchange.response)
            been.append(next_hop(been, headers_of(exchange.response).get("location"), most))
            headers = {k: v for k, v in headers.items() if not k.startswith("if-")}

    async def _ask(self, here: Address, headers: Mapping[str, str], want: Want) -> Exchange:
        host = await self._host(here)
        # A server may hang up on an idle connection at the moment in which we use it.
        spare = host.answered
        host.busy += 1
        try:
            while True:
                try:
                    return await self._exchange(host, here, headers, want)
                except _NoAnswerError as error:
                    if not spare:
                        raise FetchError(here.url, error.reason, error.detail) from error
                    spare = False
        finally:
            host.busy -= 1

    async def _host(self, here: Address) -> _Host:
        """The transport of a host; the one that was idle longest makes room for a new one."""
        if here.origin in self._hosts:
            self._hosts.move_to_end(here.origin)
            return self._hosts[here.origin]
        idle = None
        if len(self._hosts) >= MOST_HOSTS:
            idle = next((key for key, it in self._hosts.items() if not it.busy), None)
        host = self._hosts[here.origin] = _Host(self._transport())
        if idle:
            await self._hosts.pop(idle).transport.aclose()
        return host

    def _transport(self) -> httpx.AsyncHTTPTransport:
        transport = httpx.AsyncHTTPTransport(verify=self._tls)
        # httpx has no door for a network backend, httpcore has.
        transport._pool = httpcore.AsyncConnectionPool(
            ssl_context=self._tls,
            max_keepalive_connections=self._settings.per_host,
            keepalive_expiry=_KEEP_ALIVE,
            http2=self._settings.http2,
            network_backend=cast("httpcore.AsyncNetworkBackend", self._door),
        )
        return transport

    async def _exchange(
        self, host: _Host, here: Address, headers: Mapping[str, str], want: Want
    ) -> Exchange:
        # What a header may hold beyond ASCII, an ETag's old letters say, goes back as it came.
        lines = [(k.title().encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
        try:
            request = httpx.Request("GET", here.url, headers=lines)
        except (httpx.InvalidURL, UnicodeError) as error:
            # A host that WHATWG lets pass and IDNA 2008 does not.
            raise FetchError(here.url, Reason.BAD_ADDRESS, str(error)) from error
        asked_at = datetime.now(UTC)
        try:
            response = await host.transport.handle_async_request(request)
        except httpx.HTTPError as error:
            raise _NoAnswerError(Reason.PROTOCOL, str(error)) from error
        except OSError as error:
            raise _NoAnswerError(Reason.CONNECT, f"broke off: {error}") from error
        host.answered = True
        try:
            body, complete = await self._body(response, here, want)
        finally:
            await response.aclose()
        return Exchange(
            url=here.url,
            asked_at=asked_at,
            request=_lines(request.headers),
            status=response.status_code,
            phrase=response.reason_phrase,
            response=_lines(response.headers),
            body=body,
            version=response.extensions.get("http_version", b"HTTP/1.1").decode("ascii"),
            address=_peer(response),
            complete=complete,
        )

    async def _body(
        self, response: httpx.Response, here: Address, want: Want
    ) -> tuple[bytes, bool]:
        """The body as it came, and whether that is all of it."""
        most = self._settings.max_bytes if want.most is None else want.most
        cut = want.cut
        if not response.is_success:
            most, cut = min(most, _ASIDE), True
        else:
            refuse_head(response.headers, here.url, want, most)
        parts: list[bytes] = []
        size = 0
        try:
            async for part in cast("httpx.AsyncByteStream", response.stream):
                parts.append(part)
                size += len(part)
                if size > most:
                    break
        except (httpx.HTTPError, OSError) as error:
            if not cut:
                detail = f"broke off after {size} bytes: {error}"
                raise FetchError(here.url, Reason.TRUNCATED, detail) from error
            return b"".join(parts), False
        if size > most and not cut:
            raise FetchError(here.url, Reason.TOO_LARGE, f"more than {most} bytes")
        return b"".join(parts)[:most], size <= most

    def _result(
        self, exchange: Exchange, last: Address, asked: str, want: Want
    ) -> Page | NotModified:
        if failure := failure_of(exchange):
            raise failure
        headers = headers_of(exchange.response)
        if exchange.status == 304:
            return NotModified(last.url, asked, exchange.asked_at, headers)
        most = self._settings.max_decoded_bytes if want.most is None else want.most
        encodings = headers.get("content-encoding", "")
        html = decode(exchange.body, encodings, most, last.url, cut=want.cut)
        return Page(last.url, asked, exchange.asked_at, html, exchange.status, headers)


class _NoAnswerError(Exception):
    """There was a connection, and no answer came over it."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


def _tls(settings: FetchSettings) -> ssl.SSLContext:
    """One for all hosts: reading the certificates takes 40 ms."""
    if settings.insecure or not settings.ca_file:
        return httpx.create_ssl_context(verify=not settings.insecure, trust_env=False)
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:  # ssl.SSLError is one.
        raise JobError("fetch.ca_file", f"{settings.ca_file}: {error}") from error


def _lines(headers: httpx.Headers) -> Head:
    return tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in headers.raw)


def _peer(response: httpx.Response) -> str:
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream else None
    return str(peer[0]) if peer else ""
