"""The exit codes of ``winnow``, and which error ends in which."""

from __future__ import annotations

from enum import IntEnum


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


def exit_for(error: Exception) -> Exit:
    """The code for an error that reached the top.

    >>> from scraper.errors import OutputError
    >>> exit_for(OutputError("out/rows.jsonl", "disk full")).name
    'OUTPUT'
    """
    # Imported here: ``winnow --help`` has no errors, and numpy comes with ``cleaners``.
    from cleaners.errors import BadDocument, BadIndex, UnreadableText
    from scraper.errors import JobError, NothingMatched, OutputError, PageError

    codes: dict[type[Exception], Exit] = {
        JobError: Exit.BAD_JOB,
        NothingMatched: Exit.NOTHING_MATCHED,
        OutputError: Exit.OUTPUT,
        BadIndex: Exit.OUTPUT,
        PageError: Exit.SOME_FAILED,
        UnreadableText: Exit.SOME_FAILED,
        BadDocument: Exit.SOME_FAILED,
    }
    return next((code for kind, code in codes.items() if isinstance(error, kind)), Exit.INTERNAL)
