"""A Ray cluster as an engine: each task goes to whichever machine has a core to spare."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Sequence
from typing import Any, Final, Self

from scraper.errors import JobError
from scraper.scale.commits import Done
from scraper.scale.engines.engine import Died, attempt, finished
from scraper.scale.steps import Task

# Tasks that wait at the cluster for each core: enough that none is idle between two.
_AHEAD: Final = 2
_PATIENCE: Final = 10.0  # seconds


class Ray:
    """Holds the connection to a cluster, or the cluster of this machine that it started.

    The corpus and its inputs have to be where every machine reaches them: a store, a shared disk.
    """

    def __init__(self, workers: int, address: str) -> None:
        """Raises JobError where Ray is not installed."""
        try:
            import ray
        except ImportError as error:
            needs = "it needs Ray: pip install 'winnow-news[scale]'"
            raise JobError("--engine ray", needs) from error
        self._workers, self._address, self._ray = workers, address, ray

    def __enter__(self) -> Self:
        _reached(self._address)
        try:
            self._ray.init(
                address=self._address or "local",
                num_cpus=None if self._address else self._workers or None,
                include_dashboard=None if self._address else False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise _unreachable(self._address, error) from error
        return self

    def __exit__(self, *error: object) -> None:
        self._ray.shutdown()

    def each(self, tasks: Sequence[Task]) -> Iterator[Done | Died]:
        ray = self._ray
        # Tried once more, as the machine may have been lost and not the task's fault.
        carried = ray.remote(num_cpus=1, max_retries=1)(attempt)
        most = _AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
        running: dict[Any, Task] = {}
        waiting = iter(tasks)
        while True:
            for task in waiting:
                running[carried.remote(task)] = task
                if len(running) >= most:
                    break
            if not running:
                return
            (ready, *_), _ = ray.wait(list(running))
            task = running.pop(ready)
            try:
                told = ray.get(ready)
            except ray.exceptions.RayError as error:
                yield Died(task, f"{type(error).__name__}: {' '.join(str(error).split())[-300:]}")
                continue
            yield finished(told)


def _reached(address: str) -> None:
    """Raises JobError where nobody listens: Ray itself would try for minutes."""
    host, mark, port = address.rpartition("://")[2].rpartition(":")
    if mark and port.isdecimal():
        try:
            socket.create_connection((host, int(port)), _PATIENCE).close()
        except OSError as error:
            raise _unreachable(address, error) from error


def _unreachable(address: str, error: Exception) -> JobError:
    detail = f"the cluster cannot be reached: {' '.join(str(error).split())[:300]}"
    return JobError(f"--address {address}", detail)
