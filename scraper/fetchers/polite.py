"""Asks for pages the way a guest does: after robots.txt, in turn, and not at once again.

Here the clock runs and the waiting is done; when and whether is decided in ``robots``, ``pace``
and ``retry``.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Protocol

from scraper.errors import FetchError, Reason
from scraper.fetchers.address import Address, read_address
from scraper.fetchers.exchange import PAGES, ROBOTS, NotModified, Want
from scraper.fetchers.http import Fetcher, May
from scraper.fetchers.pace import Outcome, Pace, ended, is_down, ready_at, started
from scraper.fetchers.retry import wait_before
from scraper.fetchers.robots import Robots, read_robots
from scraper.fetchers.settings import FetchSettings
from scraper.page import Page

MOST_HOSTS = 10_000  # whose pace is remembered; 14 MB
MOST_RULES = 100_000  # of robots.txt, all hosts together; 60 MB
PARTS = 6  # of a page that is rendered, asked of one host at a time: what browsers do over HTTP/1.1

# Without an answer for one of these reasons, the page's own request would end the same way.
_SAME_FOR_PAGE = frozenset({Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.BLOCKED_ADDRESS})


class RobotsStore(Protocol):
    """Keeps robots.txt files from one run to the next; the ledger does. Times are Unix times."""

    def robots(self, host: str) -> tuple[float, int | None, bytes] | None: ...

    def set_robots(self, host: str, fetched_at: float, status: int | None, body: bytes) -> None: ...


@dataclass(slots=True)
class _Host:
    pace: Pace = field(default_factory=Pace)
    robots: Robots | None = None
    robots_until: float = 0.0
    asking_robots: asyncio.Lock = field(default_factory=asyncio.Lock)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    freed: asyncio.Event = field(default_factory=asyncio.Event)
    parts: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PARTS))
    users: int = 0


_Door = Callable[[_Host], AbstractAsyncContextManager[None]]


class Polite:
    """A ``Fetcher`` with manners, for any number of tasks at a time."""

    def __init__(
        self,
        fetcher: Fetcher,
        settings: FetchSettings,
        *,
        store: RobotsStore | None = None,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._fetcher = fetcher
        self._settings = settings
        self._store = store
        self._clock = clock
        self._chance = chance
        self._hosts: OrderedDict[tuple[str, str, int], _Host] = OrderedDict()
        self._rules = 0
        self._room = asyncio.Semaphore(settings.concurrency)

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        want: Want = PAGES,
        may: May | None = None,
    ) -> Page | NotModified:
        """Waits for its turn, as often as it takes. Raises the last try's ``FetchError``; robots
        when robots.txt forbids the address or one that it redirects to. ``may`` is awaited with
        each address on the way before it is asked, and can stop the way by raising."""
        asked = read_address(url)
        if_changed = {"etag": etag, "last_modified": last_modified}
        tries = 0
        while True:
            tries += 1
            try:
                return await self._try(asked, if_changed, want, may)
            except FetchError as error:
                wait = wait_before(error, tries, self._chance(), self._settings)
                if wait is None:
                    raise
            await asyncio.sleep(wait)

    async def page(self, url: str, want: Want = PAGES) -> Page:
        """``fetch`` without conditions, for which there is always a page or an error."""
        found = await self.fetch(url, want=want)
        if isinstance(found, NotModified):
            raise FetchError(url, Reason.PROTOCOL, "304 to a request that had no conditions")
        return found

    async def robots(self, url: str) -> Robots:
        """What the robots.txt of an address says, from memory or the store while it is fresh.

        Raises ``FetchError`` when the host cannot be reached at all.
        """
        address = read_address(url)
        async with self._known(address) as host:
            return await self._robots(address, host, self._turn)

    def is_down(self, url: str) -> bool:
        """Whether the host of an address has been silent so often that waiting makes no sense."""
        host = self._hosts.get(read_address(url).origin)
        return host is not None and is_down(host.pace)

    async def part(self, url: str, want: Want) -> Page:
        """What a page asks for while it is rendered: in the turn of its page, some at a time.

        robots.txt is asked, a host that has told us to wait is not. One try. Raises
        ``FetchError``.
        """
        asked = read_address(url)
        async with self._known(asked) as host:
            if self._settings.robots:
                await self._permit(asked, host, self._request)
            async with host.parts, self._room:
                if host.pace.refused and host.pace.not_before > self._clock():
                    raise FetchError(url, Reason.HTTP_429, "the host has told us to wait")
                if is_down(host.pace):
                    raise FetchError(url, Reason.CONNECT, "the host has been silent too often")
                async with self._request(host):
                    found = await self._fetcher.fetch(url, want=want, may=self._may(asked))
        if isinstance(found, NotModified):
            raise FetchError(url, Reason.PROTOCOL, "304 to a request that had no conditions")
        return found

    async def _try(
        self, asked: Address, if_changed: Mapping[str, str | None], want: Want, may: May | None
    ) -> Page | NotModified:
        async with self._known(asked) as host:
            if self._settings.robots:
                await self._permit(asked, host, self._turn)
            async with self._turn(host):
                return await self._fetcher.fetch(
                    asked.url, **if_changed, want=want, may=self._may(asked, may)
                )

    def _may(self, asked: Address, also: May | None = None) -> May:
        async def may(url: str) -> None:
            if also:
                await also(url)
            if url == asked.url or not self._settings.robots:
                return
            there = read_address(url)
            # Without waiting for a turn there: we are in the middle of a page, and its time runs.
            async with self._known(there) as its:
                await self._permit(there, its, self._request)

        return may

    @asynccontextmanager
    async def _known(self, address: Address) -> AsyncIterator[_Host]:
        """What is remembered of a host. It is not forgotten while somebody is at it."""
        host = self._hosts.get(address.origin)
        if host is None:
            host = self._hosts[address.origin] = _Host()
            self._forget()
        self._hosts.move_to_end(address.origin)
        host.users += 1
        try:
            yield host
        finally:
            host.users -= 1

    def _forget(self) -> None:
        """The host that was used the longest time ago, if it is not in use or at rest."""
        if len(self._hosts) <= MOST_HOSTS:
            return
        now = self._clock()
        for key, host in islice(self._hosts.items(), 100):
            if not host.users and host.pace.not_before <= now:
                self._forget_robots(host)
                del self._hosts[key]
                return

    def _forget_robots(self, host: _Host) -> None:
        if host.robots:
            self._rules -= host.robots.count
            host.robots = None

    @asynccontextmanager
    async def _turn(self, host: _Host) -> AsyncIterator[None]:
        """One request, when the host may be asked again and there is room."""
        async with host.turn:  # One waits at the door, the others behind it in their order.
            while True:
                host.freed.clear()
                at = ready_at(host.pace, self._settings)
                if at is None:
                    await host.freed.wait()
                elif (wait := at - self._clock()) > 0:
                    await asyncio.sleep(wait)
                else:
                    break
            await self._room.acquire()
        try:
            async with self._request(host):
                yield
        finally:
            self._room.release()

    @asynccontextmanager
    async def _request(self, host: _Host) -> AsyncIterator[None]:
        """One request at once; what comes of it is noted in the host's pace."""
        begin = self._clock()
        host.pace = started(host.pace, begin, self._settings)
        failure: FetchError | None = None
        try:
            yield
        except FetchError as error:
            failure = error
            raise
        finally:
            now = self._clock()
            host.pace = ended(host.pace, now, Outcome.of(failure, now - begin), self._settings)
            host.freed.set()

    async def _permit(self, address: Address, host: _Host, door: _Door) -> None:
        robots = await self._robots(address, host, door)
        if not robots.allows(address.url):
            raise FetchError(address.url, Reason.ROBOTS, f"robots.txt: {robots.why}")

    async def _robots(self, address: Address, host: _Host, door: _Door) -> Robots:
        async with host.asking_robots:
            if host.robots is None or self._clock() >= host.robots_until:
                robots, age = await self._read_robots(address, host, door)
                self._remember(host, robots)
                host.robots_until = self._clock() + robots.good_for - age
                host.pace = replace(host.pace, crawl_delay=robots.crawl_delay or 0.0)
                return robots
            return host.robots

    def _remember(self, host: _Host, robots: Robots) -> None:
        """In place of those that were used the longest time ago, where there are too many rules."""
        self._forget_robots(host)
        self._rules += robots.count
        for other in self._hosts.values():
            if self._rules <= MOST_RULES:
                break
            self._forget_robots(other)
        host.robots = robots

    async def _read_robots(
        self, address: Address, host: _Host, door: _Door
    ) -> tuple[Robots, float]:
        """The file and its age in seconds."""
        key = f"{address.scheme}://{address.host}:{address.port}"
        if self._store and (kept := self._store.robots(key)):
            age = max(0.0, time.time() - kept[0])
            robots = read_robots(kept[1], kept[2], self._settings.robot)
            if age < robots.good_for:
                return robots, age
        status, body = await self._ask_robots(address, host, door)
        if self._store:
            self._store.set_robots(key, time.time(), status, body)
        return read_robots(status, body, self._settings.robot), 0.0

    async def _ask_robots(
        self, address: Address, host: _Host, door: _Door
    ) -> tuple[int | None, bytes]:
        """Status and body for ``read_robots``; no status where no answer could be used.

        Raises ``FetchError`` when the host cannot be reached: then that is the page's reason too.
        """
        where = read_address("/robots.txt", address.url).url
        try:
            async with door(host):
                page = await self._fetcher.fetch(where, want=ROBOTS)
        except FetchError as error:
            if error.reason in _SAME_FOR_PAGE:
                raise
            if error.reason is Reason.REDIRECT:
                # RFC 9309 section 2.3.1.2: after five redirects it may be taken for missing.
                return error.status or 310, b""
            return error.status, b""
        return (page.status, page.html) if isinstance(page, Page) else (None, b"")
