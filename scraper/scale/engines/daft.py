"""Daft's native runner as an engine: a data frame of tasks, carried out by its processes."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from typing import Any, Self

from scraper.errors import JobError
from scraper.scale.commits import Done, committed
from scraper.scale.engines.engine import Died, attempt, finished
from scraper.scale.steps import Task
from scraper.scale.store import Store


class Daft:
    """Tasks go in as rows of bytes and come out as what became of them."""

    def __init__(self, workers: int) -> None:
        """Raises JobError where Daft is not installed."""
        try:
            import daft
        except ImportError as error:
            needs = "it needs Daft: pip install 'winnow-news[scale]'"
            raise JobError("--engine daft", needs) from error
        self._workers, self._daft = workers, daft

    def __enter__(self) -> Self:
        self._daft.set_runner_native()
        self._daft.set_execution_config(maintain_order=False)
        return self

    def __exit__(self, *error: object) -> None:
        return

    def each(self, tasks: Sequence[Task]) -> Iterator[Done | Died]:
        if not tasks:
            return
        told: set[int] = set()
        try:
            for it in self._query(tasks, min(self._workers, len(tasks))):
                told.add(it.number)
                yield it
            return
        except RuntimeError:
            # A process died and took the query with it. Which task it was, nobody says.
            pass
        yield from self._one_by_one([it for it in tasks if it.number not in told])

    def _one_by_one(self, tasks: Sequence[Task]) -> Iterator[Done | Died]:
        for task in tasks:
            done = committed(Store(task.settings.out), task.name).get(task.number)
            if done is not None:
                yield done
                continue
            try:
                yield from self._query([task], 1)
            except RuntimeError as error:
                yield Died(task, " ".join(str(error).split())[:300])

    def _query(self, tasks: Sequence[Task], processes: int) -> Iterator[Done]:
        daft = self._daft
        as_bytes = daft.DataType.binary()
        step = tasks[0].step
        # A query starts its processes anew, which takes longer than a light step. Nobody's page is
        # read in one, so that it needs no process that may end.
        if step is not None and step.is_light:
            carried = daft.func.batch(return_dtype=as_bytes, use_process=False, batch_size=1)(carry)
        else:
            method = daft.method.batch(return_dtype=as_bytes, batch_size=1)(carry_in_process)
            holder = type("Carrier", (), {"carry": method})
            carried = daft.cls(holder, use_process=True, max_concurrency=processes)().carry
        frame = daft.from_pydict({"task": [pickle.dumps(it) for it in tasks]})
        frame = frame.into_batches(1).select(carried(daft.col("task")).alias("told"))
        for row in frame.iter_rows(results_buffer_size=1):
            yield finished(pickle.loads(row["told"]))


def carry(tasks: Any) -> list[bytes]:
    """Carry out the pickled tasks of one of Daft's series."""
    return [pickle.dumps(attempt(pickle.loads(it))) for it in tasks.to_pylist()]


def carry_in_process(holder: object, tasks: Any) -> list[bytes]:
    """As ``carry``, as the method of what one of Daft's processes holds, which is nothing.

    Only of such methods Daft lets say how many processes there may be.
    """
    return carry(tasks)
