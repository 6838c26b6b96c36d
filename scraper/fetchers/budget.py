"""Bounds the bytes of all bodies that are in memory at a time, whatever number of hosts sends them.

A body that grows waits while there is no room, and its deadline stands still meanwhile. Where all
wait for one another, the first of them goes on alone; so the bound is exceeded by one body at most.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Bytes of each body that wait for nobody: most pages are smaller, and hosts that send large bodies
# slowly must not hold up the others.
FREE: Final = 256 << 10


class Budget:
    """Counts the bytes. For one event loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.held = 0  # bytes
        self._kept = 0  # of these, bytes that are given back without asking for more first
        self._line: list[Hold] = []  # who waits, in the order in which they came
        self._favored: Hold | None = None
        self._changed = asyncio.Event()

    @contextmanager
    def hold(self, timer: asyncio.Timeout) -> Iterator[Hold]:
        """For a body that is about to come; ``timer`` is its deadline."""
        hold = Hold(self, timer)
        try:
            yield hold
        finally:
            if self._favored is hold:
                self._favored = None
            self._count(-hold.size)

    @contextmanager
    def keep(self, many: int) -> Iterator[None]:
        """For a page that has been fetched, until it has been read. Never waits."""
        self._kept += many
        self._count(many)
        try:
            yield
        finally:
            self._kept -= many
            self._count(-many)

    def _count(self, many: int) -> None:
        self.held += many
        if many < 0:
            self._wake()

    def _wake(self) -> None:
        """Let everyone who waits look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    def _may_grow(self, hold: Hold, many: int) -> bool:
        if self.held + many <= self._most:
            return True
        if self._kept:  # Room will come of itself.
            return False
        if self._favored is None and self._line[:1] in ([], [hold]):
            self._favored = hold
        return self._favored is hold


class Hold:
    """What one body takes."""

    def __init__(self, budget: Budget, timer: asyncio.Timeout) -> None:
        self.size = 0  # bytes
        self._budget = budget
        self._timer = timer

    async def grow(self, many: int) -> None:
        """Count so many bytes more, as soon as there is room for them."""
        budget = self._budget
        if self.size + many > FREE and not budget._may_grow(self, many):
            await self._wait(many)
        self.size += many
        budget._count(many)

    def shrink(self, size: int) -> None:
        """It turned out to be no larger than ``size``."""
        self._budget._count(size - self.size)
        self.size = size

    async def _wait(self, many: int) -> None:
        budget, loop = self._budget, asyncio.get_running_loop()
        when = self._timer.when()
        left = None if when is None else when - loop.time()
        self._timer.reschedule(None)
        budget._line.append(self)
        try:
            while not budget._may_grow(self, many):
                await budget._changed.wait()
        finally:
            budget._line.remove(self)
            budget._wake()  # Another is the first in line now.
            if left is not None:
                self._timer.reschedule(loop.time() + left)
