"""What an engine is: whoever carries out tasks, in whatever order and on whatever machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from cleaners.errors import BadData, CleanerError
from scraper.errors import JobError, NothingMatched, OutputError, ScraperError
from scraper.scale.commits import Done
from scraper.scale.steps import Task, carry_out


@dataclass(frozen=True, slots=True)
class Died:
    """A task that ended its process each time that it was tried; ``how`` it came to its end."""

    task: Task
    how: str


@dataclass(frozen=True, slots=True)
class Problem:
    """An error of ours on its way from one process to another."""

    kind: str
    where: str
    detail: str


class Engine(Protocol):
    """Carries out tasks and tells of each when it is done.

    A task may be done twice (a machine was lost), which changes nothing. Raises what the tasks
    raise; what was committed stays.
    """

    def each(self, tasks: Sequence[Task]) -> Iterator[Done | Died]: ...


def attempt(task: Task) -> Done | Problem:
    """Carry out a task; an error of ours becomes a value, any other ends the process."""
    try:
        return carry_out(task)
    except (ScraperError, CleanerError) as error:
        return Problem(type(error).__name__, error.where, error.detail)


def finished(told: Done | Problem) -> Done:
    """What was done. Raises what went wrong instead."""
    if isinstance(told, Done):
        return told
    kinds = {it.__name__: it for it in (OutputError, NothingMatched, JobError, BadData)}
    raise kinds.get(told.kind, ScraperError)(told.where, told.detail)
