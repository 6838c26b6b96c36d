"""Reads pages in a process of their own, which is ended when a page makes it hang or grow."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import orjson

from scraper.errors import ExtractError, Reason, ScraperError
from scraper.jobs.settings import ExtractSettings
from scraper.jobs.workers import FRAME, LAST_WORDS, MOST_DEATHS, START
from scraper.page import Page

_STEP: Final = 1 << 16  # bytes read from a pipe at once


class Reader:
    """Holds the process, ``scraper.jobs.worker``; one that died is replaced at the next page."""

    def __init__(self, settings: ExtractSettings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr: Any = None
        self._deaths = 0

    def read(self, page: Page) -> dict[str, Any]:
        """What ``scraper.jobs.worker.answer`` says of a page.

        Raises ExtractError where the page took too long or ended the process, ScraperError where
        ten did so in a row: that is no page's fault.
        """
        self._process = self._process or self._begun()
        head = {
            "url": page.url,
            "asked": page.asked,
            "first": page.url,
            "status": page.status,
            "headers": dict(page.headers),
            "fetched_at": page.fetched_at.isoformat(),
        }
        try:
            found = self._asked(head, page.html, self._settings.deadline)
        except TimeoutError:
            self.close(at_once=True)
            detail = f"not read after {self._settings.deadline:g} s, ended"
            raise ExtractError(page.url, Reason.DEADLINE, detail) from None
        except OSError as error:
            how = self.close()
            self._deaths += 1
            if self._deaths == MOST_DEATHS:
                detail = f"{MOST_DEATHS} processes died in a row: {how}"
                raise ScraperError("extraction", detail) from error
            detail = f"the page ended its process ({how})"
            raise ExtractError(page.url, Reason.WORKER_DIED, detail) from error
        self._deaths = 0
        return found

    def _begun(self) -> subprocess.Popen[bytes]:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  closed with the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "scraper.jobs.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            start_new_session=True,  # Ctrl-C is for whoever started the build
        )
        it = self._settings
        told = {
            "engine": it.engine,
            "focus": it.focus,
            "rules": str(it.rules) if it.rules else None,
            "profiles": str(it.profiles) if it.profiles else None,
            "memory": it.memory,
            "crawl": False,
            "keep": (),
            "drop": (),
        }
        try:
            self._asked(told, b"", START)
        except OSError as error:  # a TimeoutError too
            raise ScraperError(
                "extraction", f"its process did not begin: {self.close()}"
            ) from error
        return self._process

    def _asked(self, head: Mapping[str, Any], body: bytes, deadline: float) -> dict[str, Any]:
        """Send a frame, read one. Raises TimeoutError, another OSError if the process is gone."""
        assert self._process is not None
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        until = time.monotonic() + deadline
        encoded = orjson.dumps(head)
        # The process waits for us, so it takes the whole frame before it does anything else.
        stdin.write(FRAME.pack(len(encoded), len(body)) + encoded)
        stdin.write(body)
        stdin.flush()
        length, _ = FRAME.unpack(_read(stdout.fileno(), FRAME.size, until))
        answer: dict[str, Any] = orjson.loads(_read(stdout.fileno(), length, until))
        return answer

    def close(self, *, at_once: bool = False) -> str:
        """Ends the process, if there is one; how it came to its end, and what it said last."""
        process, self._process = self._process, None
        if process is None:
            return ""
        try:
            # One that is at its end by itself is given the moment to say how.
            process.wait(0 if at_once else 0.5)
        except subprocess.TimeoutExpired:
            process.kill()
        code = process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _closed(pipe)
        self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, self._stderr.tell() - LAST_WORDS))
        last = self._stderr.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        self._stderr.close()
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"{how}: {last}" if last else how


def _closed(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:  # what was still to be written has nobody to read it
        return


def _read(pipe: int, size: int, until: float) -> bytes:
    found = bytearray()
    while len(found) < size:
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise TimeoutError
        piece = os.read(pipe, min(_STEP, size - len(found)))
        if not piece:
            raise BrokenPipeError
        found += piece
    return bytes(found)


@cache
def reader(settings: ExtractSettings) -> Reader:
    """The reader of this process: starting one takes as long as some hundred pages."""
    return Reader(settings)
