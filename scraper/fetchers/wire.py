"""Sends one request and takes its answer, over connections that are kept for the next.

The only module that knows httpx and httpcore. Of httpx it uses the transport, not the client, whose
redirects, cookies, decoding and time limits are not ours.
"""

from __future__ import annotations

import ssl
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import cast

import httpcore
import httpx

from scraper.errors import FetchError, JobError, Reason
from scraper.fetchers.address import Address
from scraper.fetchers.budget import Hold
from scraper.fetchers.connect import Door
from scraper.fetchers.exchange import Exchange, Head, Want, refuse_head
from scraper.fetchers.settings import FetchSettings

# Hosts that keep their connection between two requests. macOS grants 256 open files.
MOST_HOSTS = 128
_KEEP_ALIVE = 15.0  # seconds; many servers hang up after 5 to 75
_ASIDE = 1 << 16  # bytes of a body that nobody reads, to keep its connection usable


@dataclass(slots=True)
class _Host:
    """One transport; a pool for all hosts costs time quadratic in its idle connections."""

    transport: httpx.AsyncHTTPTransport
    busy: int = 0
    answered: bool = False


@dataclass(frozen=True, slots=True)
class _Wanted:
    want: Want
    hold: Hold


class Wire:
    """Holds the connections."""

    def __init__(self, settings: FetchSettings, door: Door) -> None:
        """Raises ``JobError`` for certificates that cannot be read, and for HTTP/2 without h2."""
        self._settings = settings
        self._door = door
        self._tls = _tls(settings)
        if settings.http2 and find_spec("h2") is None:
            raise JobError("fetch.http2", "needs: pip install 'winnow-news[http2]'")
        self._hosts: OrderedDict[tuple[str, str, int], _Host] = OrderedDict()

    @property
    def open_hosts(self) -> int:
        return len(self._hosts)

    async def aclose(self) -> None:
        hosts, self._hosts = self._hosts, OrderedDict()
        for host in hosts.values():
            await host.transport.aclose()

    async def ask(
        self, here: Address, headers: Mapping[str, str], want: Want, hold: Hold
    ) -> Exchange:
        """One request, no redirect; ``headers`` have lower-case names. The body's bytes are counted
        in ``hold``.

        Raises ``FetchError``: what the ``Door`` raises, protocol, connect, truncated, and what
        ``refuse_head`` does.
        """
        host, left = self._host(here)
        # A server may hang up on an idle connection at the moment in which we use it.
        spare = host.answered
        host.busy += 1
        try:
            if left:
                await left.transport.aclose()
            while True:
                try:
                    return await self._exchange(host, here, headers, _Wanted(want, hold))
                except _NoAnswerError as error:
                    if not spare:
                        raise FetchError(here.url, error.reason, error.detail) from error
                    spare = False
        finally:
            host.busy -= 1

    def _host(self, here: Address) -> tuple[_Host, _Host | None]:
        """A host, and the one that makes room for it: that which was idle for the longest time."""
        if here.origin in self._hosts:
            self._hosts.move_to_end(here.origin)
            return self._hosts[here.origin], None
        idle = None
        if len(self._hosts) >= MOST_HOSTS:
            idle = next((key for key, it in self._hosts.items() if not it.busy), None)
        host = self._hosts[here.origin] = _Host(self._transport())
        return host, self._hosts.pop(idle) if idle else None

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
        self, host: _Host, here: Address, headers: Mapping[str, str], wanted: _Wanted
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
            body, complete = await self._body(response, here, wanted)
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
        self, response: httpx.Response, here: Address, wanted: _Wanted
    ) -> tuple[bytes, bool]:
        """The body as it came, and whether that is all of it."""
        want = wanted.want
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
                await wanted.hold.grow(len(part))
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
