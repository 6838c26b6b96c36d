"""Hands out a ledger's waiting addresses, none of their hosts faster than its pace.

Only a few addresses of a few hosts are in memory, however long the job is. It knows times as
numbers that it is given and never waits: ``run`` does.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Final

from scraper.fetchers.pace import Outcome, Pace, ended, is_down, ready_at, started
from scraper.fetchers.settings import FetchSettings
from scraper.jobs.ledger import Ledger
from scraper.jobs.state import Address

# Addresses of one host that are read ahead.
AHEAD: Final = 20
# Stands for the host of pages that are stored somewhere: nobody has to be spared. No host name
# begins with a hyphen (RFC 952).
STORED: Final = "-"


@dataclass(slots=True)
class Lane:
    """One host that has something waiting. ``later`` is a heap by the time not to come before."""

    host: str
    settings: FetchSettings
    pace: Pace = field(default_factory=Pace)
    queue: deque[Address] = field(default_factory=deque)
    later: list[tuple[float, int, Address]] = field(default_factory=list)
    read_to: int = 0  # the id up to which the ledger was read
    visits: int = 0  # addresses handed out and not given back
    due: float | None = None  # where this lane stands in the schedule


class Frontier:
    """Which address is next. Times are Unix seconds, as in the ledger."""

    def __init__(self, ledger: Ledger, settings: FetchSettings) -> None:
        self._ledger = ledger
        self._settings = settings
        # A stored page costs no one a request.
        self._stored = replace(settings, delay=0.0, per_host=settings.concurrency)
        self._lanes: dict[str, Lane] = {}
        self._schedule: list[tuple[float, str]] = []
        self._last_host = ""
        self._is_news = True  # the ledger may know a host that waits and has no lane
        # More hosts than requests in flight, as most hosts are resting between two of them.
        self._most_lanes = 4 * settings.concurrency

    def take(self, now: float) -> Address | None:
        """The address to visit now; its host's turn has begun."""
        self._open_lanes(now)
        while self._schedule and self._schedule[0][0] <= now:
            due, host = heapq.heappop(self._schedule)
            lane = self._lanes.get(host)
            if lane is None or lane.due != due:
                continue  # an entry that a later one has replaced
            lane.due = None
            self._ripen(lane, now)
            if not lane.queue:
                self._plan(lane, now)
                continue
            address = lane.queue.popleft()
            lane.visits += 1
            lane.pace = started(lane.pace, now, lane.settings)
            self._plan(lane, now)
            return address
        return None

    def heard_of(self) -> None:
        """The ledger has taken in new addresses."""
        self._is_news = True

    def next_due(self) -> float | None:
        """When ``take`` may have something again, if nothing happens before; None: unknown."""
        return self._schedule[0][0] if self._schedule else None

    @property
    def is_done(self) -> bool:
        """Nothing waits and nothing is being visited. Right only after a ``take`` gave None."""
        return not self._lanes

    def is_turn(self, host: str, now: float) -> bool:
        """Begin one more request to a host that is being visited, if its pace allows one now."""
        lane = self._lanes[host]
        at = ready_at(lane.pace, lane.settings)
        if at is None or at > now:
            return False
        lane.pace = started(lane.pace, now, lane.settings)
        return True

    def answered(self, host: str, now: float, outcome: Outcome) -> None:
        """A request to the host has ended."""
        lane = self._lanes[host]
        lane.pace = ended(lane.pace, now, outcome, lane.settings)
        self._plan(lane, now)

    def set_crawl_delay(self, host: str, seconds: float | None) -> None:
        lane = self._lanes[host]
        if (seconds or 0.0) != lane.pace.crawl_delay:
            lane.pace = replace(lane.pace, crawl_delay=seconds or 0.0)

    def is_down(self, host: str) -> bool:
        return is_down(self._lanes[host].pace)

    def left(self, address: Address, now: float, again_at: float | None = None) -> None:
        """The visit is over; with ``again_at`` the address comes back at that time."""
        lane = self._lanes[address.host]
        lane.visits -= 1
        if again_at is not None:
            again = replace(address, tries=address.tries + 1)
            heapq.heappush(lane.later, (again_at, address.id, again))
        self._plan(lane, now)

    def _open_lanes(self, now: float) -> None:
        """Take in hosts from the ledger, in the order of their names and round again."""
        wanted = self._most_lanes - len(self._lanes)
        if not self._is_news or not wanted:
            return
        hosts = self._ledger.hosts(self._last_host, wanted)
        if len(hosts) < wanted:
            hosts += self._ledger.hosts("", wanted)
            self._is_news = False
        for host in hosts[:wanted]:
            self._last_host = host
            if host not in self._lanes:
                lane = Lane(host, self._stored if host == STORED else self._settings)
                self._lanes[host] = lane
                self._plan(lane, now)

    def _ripen(self, lane: Lane, now: float) -> None:
        """Bring what is ready into the queue: what waited for its time, then the ledger's next."""
        while lane.later and lane.later[0][0] <= now:
            lane.queue.append(heapq.heappop(lane.later)[2])
        if not lane.queue:
            self._read_ahead(lane, now)

    def _read_ahead(self, lane: Lane, now: float) -> None:
        for address, not_before in self._ledger.waiting(lane.host, lane.read_to, AHEAD):
            lane.read_to = address.id
            if not_before > now:
                heapq.heappush(lane.later, (not_before, address.id, address))
            else:
                lane.queue.append(address)

    def _plan(self, lane: Lane, now: float) -> None:
        """Put the lane where it belongs in the schedule, or close it."""
        if not lane.queue:
            self._read_ahead(lane, now)
        if not lane.queue and not lane.later:
            if not lane.visits:
                del self._lanes[lane.host]
                self._is_news = True
            return
        at = ready_at(lane.pace, lane.settings)
        if at is None:
            return  # comes back with the answer that is on its way
        due = at if lane.queue else max(at, lane.later[0][0])
        if due != lane.due:
            lane.due = due
            heapq.heappush(self._schedule, (due, lane.host))
