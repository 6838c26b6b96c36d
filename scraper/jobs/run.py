"""Runs a job: sources to addresses, addresses to articles, articles to files."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from scraper.errors import NothingMatched
from scraper.fetchers.archive import Archive
from scraper.fetchers.browser import Browser
from scraper.fetchers.http import Fetcher
from scraper.fetchers.polite import Polite
from scraper.jobs.addresses import addresses
from scraper.jobs.job_file import read_job
from scraper.jobs.lanes import Lanes
from scraper.jobs.ledger import Ledger
from scraper.jobs.links import JobLinks
from scraper.jobs.listings import Listings
from scraper.jobs.one_run import one_run
from scraper.jobs.recrawl import ask_again, keep_settings
from scraper.jobs.report import Report, report, write_report
from scraper.jobs.results import write_results
from scraper.jobs.settings import JobSettings
from scraper.jobs.settling import Settling
from scraper.jobs.spans import seconds
from scraper.jobs.state import Address, Found, Settled
from scraper.jobs.stored import StoredPages
from scraper.jobs.visit import Means, visit
from scraper.jobs.workers import Workers

# Hosts that are worked on at a time, for each request that may be in flight: most of them are
# resting between two requests.
LANES_FOR_EACH: Final = 4
# New addresses that go into the ledger in one transaction.
BATCH: Final = 1000


class Ending(StrEnum):
    """Why a run ended. After all but ``DONE``, the same call goes on where this one stopped."""

    DONE = "done"
    LIMIT = "limit"
    INTERRUPTED = "interrupted"  # SIGINT
    TERMINATED = "terminated"  # SIGTERM


SIGNALS: Final = {signal.SIGINT: Ending.INTERRUPTED, signal.SIGTERM: Ending.TERMINATED}


class Watcher(Protocol):
    """Whoever wants to see a run while it goes on; all calls come from the run's own thread."""

    def found(self, source: int, many: int) -> None:
        """A source gave so many addresses in all."""

    def noted(self, source: int, text: str) -> None:
        """A source has left something out, and why."""

    def refused(self, it: Found) -> None:
        """A source gave something that is no address, or cannot be read itself."""

    def settled(self, it: Settled) -> None: ...

    def writing(self) -> None:
        """All visits are over; copies are looked for and files written."""


@dataclass(frozen=True, slots=True)
class Unwatched:
    def found(self, source: int, many: int) -> None: ...

    def noted(self, source: int, text: str) -> None: ...

    def refused(self, it: Found) -> None: ...

    def settled(self, it: Settled) -> None: ...

    def writing(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    report: Report
    ending: Ending


def run(
    job: JobSettings | Path | str, watcher: Watcher | None = None, *, ask_sources: bool = True
) -> Outcome:
    """Run a job, or go on with it where its folder holds one that was stopped.

    ``job`` is a job file's path, or settings. Without ``ask_sources`` only what waits in the folder
    is visited. Ctrl-C and SIGTERM let what is in flight finish and write the results; a second
    one stops at once. Raises JobError, NothingMatched, and OutputError: a result cannot be written,
    or another run is at work in the job's folder.
    """
    if not isinstance(job, JobSettings):
        job = read_job(Path(job))
    with one_run(job.out), Ledger(job.out) as ledger:
        keep_settings(ledger, job)
        if job.every:
            ask_again(ledger, seconds(job.every))
        return asyncio.run(Run(job, ledger, watcher or Unwatched()).go(ask_sources))


@dataclass(slots=True)
class Run:
    """One run of a job, with what it holds open."""

    job: JobSettings
    ledger: Ledger
    watcher: Watcher
    ending: Ending = Ending.DONE
    begun: int = 0
    settled: int = 0
    lanes: Lanes | None = None
    taking: asyncio.Task[None] | None = None  # the sources' addresses in

    async def go(self, ask_sources: bool) -> Outcome:
        async with AsyncExitStack() as stack:
            warc = self.job.output.warc
            archive = stack.enter_context(Archive(warc)) if warc else None
            fetcher = await stack.enter_async_context(
                Fetcher(self.job.fetch, on_exchange=archive.write if archive else None)
            )
            polite = Polite(fetcher, self.job.fetch, store=self.ledger)
            crawl = any(it.site for it in self.job.source)
            workers = Workers(self.job.extract, self.job.clean, budget=fetcher.budget, crawl=crawl)
            await stack.enter_async_context(workers)
            browser = None
            if self.job.render == "auto":
                browser = await stack.enter_async_context(Browser(polite))
            await self.work(polite, workers, browser, ask_sources)
        self.watcher.writing()
        results = write_results(self.ledger, self.job)
        found = report(self.ledger, results, new=self.settled)
        write_report(found, self.job.out)
        return Outcome(found, self.ending)

    async def work(
        self, polite: Polite, workers: Workers, browser: Browser | None, ask_sources: bool
    ) -> None:
        settling = Settling(self.ledger, self.watch)
        links = JobLinks(self.job)
        for index, source in enumerate(self.job.source):
            if source.site and source.limit is None:
                self.ledger.crawl(index)
            elif source.site and source.limit is not None:
                given = links.counted(index, self.ledger.of_source(index))
                self.ledger.crawl(index, source.limit - given)
        means = Means(
            polite,
            workers,
            StoredPages().read,
            links,
            browser,
            self.job.extract.max_parts,
            self.ledger.had,
        )

        async def visit_one(address: Address) -> None:
            if self.job.limit is not None and self.begun >= self.job.limit:
                self.stop(Ending.LIMIT)
                return
            self.begun += 1
            await settling.settle(await visit(address, means))

        self.lanes = Lanes(
            self.ledger,
            visit_one,
            most=LANES_FOR_EACH * self.job.fetch.concurrency,
            per_host=self.job.fetch.per_host,
            stored=2 * self.job.extract.workers,
        )
        with self.interruptible():
            if ask_sources:
                await self.take_in(polite)
            await self.lanes.work()

    async def take_in(self, polite: Polite) -> None:
        """Let every source put its addresses into the ledger, until all have or ``stop``.

        Raises NothingMatched when all of them together gave nothing.
        """
        self.taking = asyncio.create_task(self.take_from_sources(polite))
        try:
            await asyncio.wait({self.taking})
        finally:
            self.taking.cancel()
        if not self.taking.cancelled():
            self.taking.result()

    async def take_from_sources(self, polite: Polite) -> None:
        given = 0
        for index, source in enumerate(self.job.source):
            listings = Listings(source, self.ledger)
            with self.reading_stdin() if source.stdin else nullcontext():
                many = await self.take_from(listings, index, polite)
            self.watcher.found(index, many)
            if listings.unchanged:
                self.watcher.noted(index, f"{listings.unchanged} not modified since the last run")
            given += many + listings.unchanged
        if not given:
            raise NothingMatched(
                ", ".join(f"source.{n}" for n in range(len(self.job.source))),
                "gave no address at all, after include, exclude, since and limit",
            )

    async def take_from(self, listings: Listings, index: int, polite: Polite) -> int:
        batch: list[Found] = []
        many = 0
        try:
            note = partial(self.watcher.noted, index)
            async for it in addresses(listings, index, polite, note):
                if it.reason:
                    self.watcher.refused(it)
                batch.append(it)
                many += 1
                if len(batch) == BATCH:
                    self.ledger.add(batch)
                    batch.clear()
                    await asyncio.sleep(0)  # A long list from a disk must hear signals, too.
        finally:
            self.ledger.add(batch)
        listings.keep()
        return many

    def watch(self, it: Settled) -> None:
        self.settled += 1 + len(it.parts)
        if it.found and self.lanes:
            self.lanes.heard_of()
        self.watcher.settled(it)

    def stop(self, why: Ending) -> None:
        """Finish what was begun, and begin nothing more."""
        if self.ending is Ending.DONE:
            self.ending = why
        if self.taking:
            self.taking.cancel()
        if self.lanes:
            self.lanes.stop()

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """The first signal stops the run in order; from the second on, signals do what they did."""
        self.listen()
        try:
            yield
        finally:
            self.listen_no_more()

    @contextmanager
    def reading_stdin(self) -> Iterator[None]:
        """While the loop stands still for a person who types, signals do what they did."""
        self.listen_no_more()
        try:
            yield
        finally:
            self.listen()

    def listen(self) -> None:
        def heard(it: signal.Signals) -> None:
            self.stop(SIGNALS[it])
            self.listen_no_more()

        if threading.current_thread() is threading.main_thread():
            for each in SIGNALS:
                asyncio.get_running_loop().add_signal_handler(each, heard, each)

    def listen_no_more(self) -> None:
        for each in SIGNALS:
            asyncio.get_running_loop().remove_signal_handler(each)
