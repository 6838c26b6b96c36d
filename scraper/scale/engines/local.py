"""The engine that needs nothing: processes of this machine, each with one task at a time."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Final, Self

from scraper.scale.commits import Done
from scraper.scale.engines.engine import Died, Problem, finished
from scraper.scale.steps import Task

# A process may die of something that will not come again (the machine was short of memory).
TRIES: Final = 2
# Seconds in which a task must end; one of the usual size takes about a minute.
DEADLINE: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Worker:
    process: subprocess.Popen[bytes]
    pipe: Connection

    def end(self) -> str:
        """Ends the process, if it does not end by itself; how it came to its end."""
        self.pipe.close()
        try:
            code = self.process.wait(0.5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


class Local:
    """A fixed number of processes; one that dies is replaced and its task tried once more."""

    def __init__(self, workers: int, deadline: float = DEADLINE) -> None:
        """``deadline``: seconds after which a task counts as one that ended its process."""
        self._most, self._deadline = workers, deadline
        self._idle: list[Worker] = []
        self._busy: dict[Connection, tuple[Worker, Task]] = {}
        self._until: dict[Connection, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for worker, _ in self._busy.values():
            worker.process.kill()
        for worker in (*self._idle, *(it for it, _ in self._busy.values())):
            worker.end()

    def each(self, tasks: Sequence[Task]) -> Iterator[Done | Died]:
        waiting = deque(tasks)
        tries: dict[int, int] = {}
        while waiting or self._busy:
            while waiting and len(self._busy) < self._most:
                self._give(waiting.popleft())
            for pipe in self._ready():
                worker, task = self._busy.pop(pipe)
                try:
                    told: Done | Problem = pipe.recv()
                except (EOFError, ConnectionResetError):
                    how = worker.end()
                    if self._until.pop(pipe) <= time.monotonic():
                        how = f"not done after {self._deadline:g} s"
                    tries[task.number] = tries.get(task.number, 0) + 1
                    if tries[task.number] < TRIES:
                        waiting.appendleft(task)
                    else:
                        yield Died(task, how)
                    continue
                self._idle.append(worker)
                yield finished(told)

    def _ready(self) -> list[Connection]:
        """The pipes of those that have something to say; some have been ended for their silence."""
        now = time.monotonic()
        left = min(self._until[it] for it in self._busy) - now
        found = wait(list(self._busy), max(0.0, left))
        if not found:
            for pipe, (worker, _) in self._busy.items():
                if self._until[pipe] <= time.monotonic():
                    worker.process.kill()
        return [it for it in found if isinstance(it, Connection)]

    def _give(self, task: Task) -> None:
        while True:
            worker = self._idle.pop() if self._idle else _begun()
            try:
                worker.pipe.send(task)
            except BrokenPipeError:  # it died while it had nothing to do
                worker.end()
                continue
            self._busy[worker.pipe] = worker, task
            self._until[worker.pipe] = time.monotonic() + self._deadline
            return


def _begun() -> Worker:
    ours, theirs = multiprocessing.Pipe()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "scraper.scale.engines.worker", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,  # Ctrl-C is for whoever started the build
        )
    return Worker(process, ours)
