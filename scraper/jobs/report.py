"""What became of a job, as figures: for the closing table, ``winnow status`` and ``stats.json``."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from scraper.corpus.atomic import write_whole
from scraper.errors import OutputError
from scraper.jobs.ledger import Ledger
from scraper.jobs.results import Results
from scraper.jobs.state import State

NAME: Final = "stats.json"


@dataclass(frozen=True, slots=True)
class Host:
    host: str
    addresses: int
    articles: int
    failed: int


@dataclass(frozen=True, slots=True)
class Slow:
    """A page, and the seconds that reading it took."""

    asked: str
    state: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """Addresses by state; reasons by state; what the files hold, once they have been written."""

    states: Mapping[str, int]
    skipped: Mapping[str, int]  # by reason
    failed: Mapping[str, int]  # by reason
    hosts: tuple[Host, ...]
    slowest: tuple[Slow, ...] = ()
    results: Mapping[str, Any] = field(default_factory=dict)
    last_minute: int = 0  # addresses that were settled in it, and so how far a running job comes
    new: int = 0  # addresses that were settled in this run
    known: int = 0  # addresses that were settled before it, and not asked again

    @property
    def waiting(self) -> int:
        return self.states.get(State.WAITING, 0)

    @property
    def total(self) -> int:
        return sum(self.states.values())


def report(ledger: Ledger, results: Results | None = None, *, new: int = 0) -> Report:
    """The ledger's figures of this moment; a job may be running meanwhile."""
    states: dict[str, int] = {}
    reasons: dict[str, dict[str, int]] = {State.SKIPPED: {}, State.FAILED: {}}
    for (state, reason), count in sorted(ledger.counts().items(), key=lambda it: -it[1]):
        states[state] = states.get(state, 0) + count
        if state in reasons:
            reasons[state][reason or "unknown"] = count
    settled = sum(states.values()) - states.get(State.WAITING, 0)
    return Report(
        states=states,
        skipped=reasons[State.SKIPPED],
        failed=reasons[State.FAILED],
        hosts=tuple(Host(*it) for it in ledger.count_by_host()),
        slowest=tuple(Slow(*it) for it in ledger.slowest()),
        last_minute=ledger.settled_since(time.time() - 60.0),
        results={} if results is None else asdict(results),
        new=new,
        known=settled - new,
    )


def write_report(found: Report, folder: Path) -> None:
    """Write ``stats.json``. Raises OutputError."""
    body = orjson.dumps(asdict(found), default=str, option=orjson.OPT_INDENT_2)
    write_whole(folder / NAME, body + b"\n")


def last_results(folder: Path) -> Mapping[str, Any]:
    """What ``stats.json`` says of the files; nothing where none have been written."""
    path = folder / NAME
    try:
        found: dict[str, Any] = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, orjson.JSONDecodeError) as error:
        raise OutputError(str(path), f"cannot be read: {error}") from error
    results: Mapping[str, Any] = found.get("results", {})
    return results
