"""Gathers what is settled at about the same time into one transaction of the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from scraper.jobs.ledger import Ledger
from scraper.jobs.state import Settled

# Seconds that the first of a batch waits for company. A commit costs about as much as a tenth of
# a page; nobody notices the wait, as other hosts go on.
PATIENCE: Final = 0.05


class Settling:
    """Whoever settles an address returns when it is in the ledger."""

    def __init__(self, ledger: Ledger, watch: Callable[[Settled], None]) -> None:
        self._ledger = ledger
        self._watch = watch
        self._batch: list[Settled] = []
        self._writing: asyncio.Task[None] | None = None

    async def settle(self, it: Settled) -> None:
        """Raises OutputError to all whose addresses were in the batch."""
        self._batch.append(it)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        # One visit that is cancelled does not cancel what the others wait for.
        await asyncio.shield(self._writing)

    async def _write(self) -> None:
        await asyncio.sleep(PATIENCE)
        batch, self._batch, self._writing = self._batch, [], None
        self._ledger.settle(batch)
        for it in batch:
            self._watch(it)
