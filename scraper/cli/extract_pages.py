"""Reads saved pages for ``winnow extract``: here, or in processes that can be ended."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Any

from cleaners.explain import explained
from scraper.corpus.formats.written import Form, written
from scraper.corpus.rows import row
from scraper.errors import ExtractError, FetchError, PageError, Reason
from scraper.extractors.read import HowToRead, read
from scraper.fetchers.files import MOST_BYTES, read_file
from scraper.page import Page

MEMORY = 1024  # MiB that a process may have for a page beyond what it starts with


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made of every page; ``url`` is where it once came from, for one page alone."""

    form: Form
    how: HowToRead
    url: str | None = None
    deadline: float = 10.0  # seconds a page
    rows: bool = False  # rows instead of texts
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    name: str
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Task:
    """A page to read: in a file, or here already, or failed before it could be read.

    ``name`` is what messages call it, ``place`` where it stands below what was asked for.
    """

    name: str
    place: Path
    path: Path | None = None
    page: Page | None = None
    failed: Failed | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A page as a text of its format, or as a row; ``told`` says what went and why."""

    name: str
    text: str
    row: dict[str, Any] | None
    told: tuple[str, ...]
    place: Path


def stdin_page(url: str | None) -> Page:
    """The page on stdin. Raises FetchError where it is larger than a page may be."""
    html = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(html) > MOST_BYTES:
        raise FetchError("-", Reason.TOO_LARGE, f"more than {MOST_BYTES >> 20} MiB")
    return Page(url or "", url or "-", datetime.now(UTC), html)


def make(task: Task, wanted: Wanted) -> Made | Failed:
    """The page as it is wanted, or why there is nothing."""
    if task.failed:
        return task.failed
    try:
        page = task.page if task.page else read_file(task.path or task.place, wanted.url)
        if not page.html.strip():
            raise ExtractError(task.name, Reason.EMPTY, "nothing in it")
        article = read(page, wanted.how).article
    except PageError as error:
        return Failed(task.name, error.reason, error.detail)
    except MemoryError:
        return Failed(task.name, Reason.HOSTILE, f"needs more than {MEMORY} MiB")
    told: list[str] = []
    if wanted.explain:
        told += [f"{name}: {origin}" for name, origin in article.origins.items()]
        told += explained(article.body)
    if wanted.rows:
        return Made(task.name, "", row(article, page).as_dict(), tuple(told), task.place)
    return Made(task.name, written(article, wanted.form), None, tuple(told), task.place)


def make_all(tasks: Iterable[Task], wanted: Wanted, workers: int) -> Iterator[Made | Failed]:
    """Every page, in the order of the tasks; with several workers each page has its deadline, and
    one that ends its process costs only itself."""
    if workers == 1:
        for task in tasks:
            yield make(task, wanted)
        return
    with _Readers(workers, wanted) as readers:
        yield from readers.run(tasks)


@dataclass(slots=True)
class _Reader:
    process: BaseProcess
    line: Connection
    task: Task | None = None
    number: int = 0
    until: float = 0.0


class _Readers:
    """Holds the processes; one that is ended is replaced."""

    def __init__(self, many: int, wanted: Wanted) -> None:
        # No fork: a process with a progress bar has threads.
        self._context = get_context("spawn")
        self._wanted = wanted
        self._readers = [self._begin() for _ in range(many)]

    def __enter__(self) -> _Readers:
        return self

    def __exit__(self, *_: object) -> None:
        for it in self._readers:
            it.process.kill()
            it.process.join()
            it.line.close()

    def run(self, tasks: Iterable[Task]) -> Iterator[Made | Failed]:
        """Results in the order of the tasks. At most four for each process wait for an earlier one,
        so that memory does not grow with the number of pages."""
        waiting: dict[int, Made | Failed] = {}
        coming = enumerate(tasks)
        following, is_more = 0, True
        while True:
            for it in self._readers:
                if is_more and it.task is None and len(waiting) < 4 * len(self._readers):
                    is_more = self._give(it, coming)
            busy = [it for it in self._readers if it.task is not None]
            if not busy:
                break
            waiting |= dict(self._answers(busy))
            while following in waiting:
                yield waiting.pop(following)
                following += 1

    def _give(self, reader: _Reader, coming: Iterator[tuple[int, Task]]) -> bool:
        number, task = next(coming, (0, None))
        if task is None:
            return False
        reader.task, reader.number = task, number
        reader.until = monotonic() + self._wanted.deadline
        reader.line.send(task)
        return True

    def _answers(self, busy: list[_Reader]) -> Iterator[tuple[int, Made | Failed]]:
        pause = max(0.0, min(it.until for it in busy) - monotonic())
        ready = wait([it.line for it in busy], timeout=pause)
        for it in busy:
            task = it.task
            if task is None:
                continue
            if it.line in ready:
                try:
                    result = it.line.recv()
                except (EOFError, OSError):
                    result = Failed(task.name, Reason.WORKER_DIED, "the page ended its process")
                    self._replace(it)
            elif monotonic() >= it.until:
                result = Failed(
                    task.name, Reason.DEADLINE, f"not read after {self._wanted.deadline:g} s, ended"
                )
                self._replace(it)
            else:
                continue
            it.task = None
            yield it.number, result

    def _replace(self, reader: _Reader) -> None:
        reader.process.kill()
        reader.process.join()
        reader.line.close()
        fresh = self._begin()
        reader.process, reader.line = fresh.process, fresh.line

    def _begin(self) -> _Reader:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._wanted), daemon=True)
        process.start()
        theirs.close()
        # The first page does not pay for the imports.
        ours.recv()
        return _Reader(process, ours)


def _serve(line: Connection, wanted: Wanted) -> None:
    """The other end: tasks in, results out, until the line is closed."""
    import signal

    from scraper.jobs.worker import limit_memory

    # Ctrl-C is for the one who holds us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(MEMORY)
    line.send(None)
    while True:
        try:
            task = line.recv()
        except EOFError:
            return
        line.send(make(task, wanted))
