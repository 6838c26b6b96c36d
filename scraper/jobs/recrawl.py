"""Sets addresses that have ended to waiting again: articles that may have changed, failures."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import orjson
from pydantic import TypeAdapter, ValidationError

from scraper.errors import JobError, NothingMatched, Reason
from scraper.jobs.ledger import Ledger
from scraper.jobs.settings import JobSettings
from scraper.jobs.state import State

_NOTE = "settings"


def ask_again(ledger: Ledger, older: float = 0.0) -> int:
    """Set what was read longer ago than so many seconds to waiting; how many.

    That is articles, of which the server tells whether they have changed (304), and lists of
    articles, on which there may be new ones.
    """
    before = time.time() - older
    states = [State.ARTICLE, State.UNCHANGED, State.SAME]
    lists = ledger.ask_again([State.SKIPPED], [Reason.INDEX_PAGE], before)
    return lists + ledger.ask_again(states, before=before)


def try_failed(folder: Path, reasons: Sequence[Reason] = ()) -> int:
    """Let a job ask again for what failed for these reasons, or for any; how many."""
    with Ledger(folder) as ledger:
        states = [State.FAILED, State.SKIPPED] if reasons else [State.FAILED]
        return ledger.ask_again(states, reasons)


def keep_settings(ledger: Ledger, job: JobSettings) -> None:
    """Remember the settings of this run in the job's own folder."""
    ledger.set_note(_NOTE, orjson.dumps(job, default=str).decode())


def last_settings(folder: Path) -> JobSettings:
    """The settings of a folder's last run, without its limit and its ``every``.

    Raises NothingMatched where there was none, JobError where a newer program made them.
    """
    if not (folder / "ledger.sqlite").is_file():
        raise NothingMatched(str(folder), "is not the folder of a job: it has no ledger.sqlite")
    with Ledger(folder) as ledger:
        kept = ledger.note(_NOTE)
    if kept is None:
        raise NothingMatched(str(folder), "has no settings of an earlier run")
    try:
        job = TypeAdapter(JobSettings).validate_json(kept)
    except ValidationError as error:
        raise JobError(str(folder), f"its settings cannot be read: {error}") from error
    return replace(job, out=folder, limit=None, every="")
