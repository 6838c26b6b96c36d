"""Processes that read pages, each of which can be ended when a page makes it hang or grow."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, Final, Self

import orjson

from scraper.errors import ExtractError, Reason, ScraperError
from scraper.fetchers.budget import Budget
from scraper.jobs.settings import CleanSettings, ExtractSettings
from scraper.page import Page

# A frame is two lengths, a JSON head and a body. No pickle: what comes back was near a stranger's
# page.
FRAME = struct.Struct(">II")
# Seconds in which a worker must have begun.
START: Final = 60.0
# A page can end a worker. That so many in a row do is no page's fault, but ours.
MOST_DEATHS: Final = 10
# Bytes of a dead worker's stderr in which its last line is looked for.
LAST_WORDS: Final = 4096


@dataclass(frozen=True, slots=True)
class Worker:
    """A process; what it says on stderr goes to a file without a name, for when it dies."""

    process: asyncio.subprocess.Process
    stderr: IO[bytes]

    async def ask(self, head: Mapping[str, Any], body: bytes) -> dict[str, Any]:
        """Send a frame, read one. Raises IncompleteReadError or OSError if the process is gone."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        encoded = orjson.dumps(head)
        stdin.writelines((FRAME.pack(len(encoded), len(body)), encoded, body))
        await stdin.drain()
        length, _ = FRAME.unpack(await stdout.readexactly(FRAME.size))
        answer: dict[str, Any] = orjson.loads(await stdout.readexactly(length))
        return answer

    async def end(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        self.stderr.close()

    async def last_words(self) -> str:
        """How a process that has gone came to its end, and what it said last."""
        code = await self.process.wait()
        self.stderr.seek(max(0, self.stderr.tell() - LAST_WORDS))
        said = self.stderr.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"{how}: {said}" if said else how


class Workers:
    """A fixed number of extracting processes; one that dies or is ended is replaced."""

    def __init__(
        self,
        extract: ExtractSettings,
        clean: CleanSettings,
        *,
        budget: Budget,
        crawl: bool = False,
    ) -> None:
        """``budget`` is told of the pages that wait here; ``crawl``: the links of each page are
        wanted as well."""
        self._settings = extract
        self._clean = clean
        self._crawl = crawl
        self._budget = budget
        self._free: asyncio.LifoQueue[Worker | None] = asyncio.LifoQueue()
        self._deaths = 0  # since the job began or a page was last read

    async def __aenter__(self) -> Self:
        for _ in range(self._settings.workers):
            self._free.put_nowait(None)  # begun when it is first needed
        return self

    async def __aexit__(self, *error: object) -> None:
        for _ in range(self._settings.workers):
            worker = await self._free.get()
            if worker is not None:
                await worker.end()

    async def read(self, page: Page, first: str | None = None) -> dict[str, Any]:
        """What ``worker.answer`` says of a page. Raises ExtractError when the page took too long,
        or took its worker with it."""
        with self._budget.keep(len(page.html)):
            return await self._read(page, first)

    async def _read(self, page: Page, first: str | None) -> dict[str, Any]:
        worker = await self._free.get()
        try:
            worker = worker or await self._begin()
            head = {
                "url": page.url,
                "asked": page.asked,
                "first": first or page.url,
                "status": page.status,
                "headers": dict(page.headers),
                "fetched_at": page.fetched_at.isoformat(),
            }
            answer = await asyncio.wait_for(worker.ask(head, page.html), self._settings.deadline)
        except TimeoutError:
            seconds = self._settings.deadline
            await self._drop(worker)
            worker = None
            detail = f"not read after {seconds:g} s, ended"
            raise ExtractError(page.url, Reason.DEADLINE, detail) from None
        except (asyncio.IncompleteReadError, OSError) as error:
            said = await worker.last_words() if worker else str(error)
            await self._drop(worker)
            worker = None
            self._deaths += 1
            if self._deaths == MOST_DEATHS:
                raise ScraperError(
                    "extraction", f"{MOST_DEATHS} workers died in a row: {said}"
                ) from error
            detail = f"the page ended its worker ({said})"
            raise ExtractError(page.url, Reason.WORKER_DIED, detail) from error
        except asyncio.CancelledError:
            await self._drop(worker)
            worker = None
            raise
        finally:
            self._free.put_nowait(worker)
        self._deaths = 0
        return answer

    async def _begin(self) -> Worker:
        stderr = tempfile.TemporaryFile()  # noqa: SIM115  it is closed with its worker
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "scraper.jobs.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            # One thread for each worker: they are as many as there are cores to use, and the
            # products are small.
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            # Ctrl-C is for the job, which then lets its workers finish what they have.
            start_new_session=True,
        )
        worker = Worker(process, stderr)
        told = {
            "engine": self._settings.engine,
            "focus": self._settings.focus,
            "rules": str(self._settings.rules) if self._settings.rules else None,
            "profiles": str(self._settings.profiles) if self._settings.profiles else None,
            "memory": self._settings.memory,
            "crawl": self._crawl,
            "keep": self._clean.keep,
            "drop": self._clean.drop,
        }
        try:
            # It answers when it has imported all that it needs: no page's deadline pays for that.
            await asyncio.wait_for(worker.ask(told, b""), START)
        except (TimeoutError, asyncio.IncompleteReadError, OSError) as error:
            process.kill()
            said = await worker.last_words()
            await worker.end()
            raise ScraperError("extraction", f"its process does not begin: {said}") from error
        return worker

    async def _drop(self, worker: Worker | None) -> None:
        if worker is not None:
            await worker.end()
