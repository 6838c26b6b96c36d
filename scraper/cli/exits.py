"""The exit codes of ``winnow``, and which error ends in which."""

from __future__ import annotations

from enum import IntEnum

from cleaners.errors import BadDocument, CleanerError, UnreadableText
from scraper.errors import JobError, NothingMatched, OutputError, PageError, ScraperError


class Exit(IntEnum):
    DONE = 0
    INTERNAL = 1
    USAGE = 2
    SOME_FAILED = 3
    BAD_JOB = 4
    NOTHING_MATCHED = 5
    OUTPUT = 6
    LIMIT = 7
    INTERRUPTED = 130
    TERMINATED = 143


# The first class that fits decides, so the narrow ones stand first.
BY_ERROR: tuple[tuple[type[Exception], Exit], ...] = (
    (JobError, Exit.BAD_JOB),
    (NothingMatched, Exit.NOTHING_MATCHED),
    (OutputError, Exit.OUTPUT),
    (PageError, Exit.SOME_FAILED),
    (UnreadableText, Exit.SOME_FAILED),
    (BadDocument, Exit.SOME_FAILED),
    (ScraperError, Exit.INTERNAL),
    (CleanerError, Exit.INTERNAL),
)


def exit_for(error: Exception) -> Exit:
    """The code for an error that reached the top.

    >>> exit_for(OutputError("out/rows.jsonl", "disk full")).name
    'OUTPUT'
    """
    return next((code for kind, code in BY_ERROR if isinstance(error, kind)), Exit.INTERNAL)
