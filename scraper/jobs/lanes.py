"""Works on many hosts at a time, each in its own lane, so that one that is slow holds up no other.

Only a few addresses of each lane are in memory, however long the job is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from scraper.jobs.ledger import Ledger
from scraper.jobs.state import Address

# Stands for the host of pages that are stored somewhere: nobody has to be spared. No host name
# begins with a hyphen (RFC 952).
STORED: Final = "-"
# Addresses of one host that are read ahead.
AHEAD: Final = 20
# Seconds that a visit has after ``stop``, counted from the last one that ended. What needs more is
# most likely resting between two requests; its address stays waiting.
GRACE: Final = 10.0

Visit = Callable[[Address], Awaitable[None]]


class Lanes:
    """Visits all that waits in a ledger, and what is added to it meanwhile."""

    def __init__(
        self, ledger: Ledger, visit: Visit, *, most: int, per_host: int, stored: int
    ) -> None:
        """``most`` lanes at a time; visits at a time in each: ``per_host``, or ``stored``."""
        self._ledger = ledger
        self._visit = visit
        self._most = most
        self._per_host = per_host
        self._stored = stored
        self._lanes: dict[asyncio.Task[None], str] = {}
        self._is_stopping = False
        self._changed = asyncio.Event()

    async def work(self) -> None:
        """Returns when nothing waits, or after ``stop`` when what was begun is done."""
        last = ""
        try:
            while True:
                self._changed.clear()
                last = self._open(last)
                if not self._lanes:
                    return
                changed = asyncio.create_task(self._hear())
                done, _ = await asyncio.wait(
                    {*self._lanes, changed},
                    timeout=GRACE if self._is_stopping else None,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                changed.cancel()
                if not done:
                    return
                for lane in done - {changed}:
                    del self._lanes[lane]
                    lane.result()
        finally:
            for lane in self._lanes:
                lane.cancel()
            await asyncio.gather(*self._lanes, return_exceptions=True)

    def stop(self) -> None:
        """Begin no more visits."""
        self._is_stopping = True
        self._changed.set()

    def heard_of(self) -> None:
        """The ledger has taken in new addresses."""
        self._changed.set()

    async def _hear(self) -> None:
        await self._changed.wait()

    def _open(self, last: str) -> str:
        """Open lanes for hosts in the order of their names, and round again; the last of them."""
        if self._is_stopping:
            return last
        busy = set(self._lanes.values())
        room = self._most - len(busy)
        hosts = self._ledger.hosts(last, room) if room else []
        if len(hosts) < room:
            hosts += self._ledger.hosts("", room)
        for host in dict.fromkeys(hosts[:room]):
            if host not in busy:
                self._lanes[asyncio.create_task(self._work_on(host))] = host
                last = host
        return last

    async def _work_on(self, host: str) -> None:
        waiting = self._waiting(host)
        walkers = self._stored if host == STORED else self._per_host
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(walkers):
                    group.create_task(self._walk(waiting))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def _walk(self, waiting: Iterator[Address]) -> None:
        for address in waiting:
            if self._ledger.waits(address):
                await self._visit(address)

    def _waiting(self, host: str) -> Iterator[Address]:
        """A host's addresses one by one; the walkers of a lane share it."""
        after = 0
        while batch := self._ledger.waiting(host, after, AHEAD):
            for address in batch:
                if self._is_stopping:
                    return
                after = address.id
                yield address
