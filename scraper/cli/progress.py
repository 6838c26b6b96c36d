"""Passes on what happens in a run to a screen and a log, and says at its end what became of it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import typer

from scraper.cli.exits import Exit
from scraper.cli.screen import Screen, screen
from scraper.cli.terminal import tell
from scraper.errors import OutputError

if TYPE_CHECKING:
    from rich.table import Table

    from scraper.jobs.report import Report
    from scraper.jobs.run import Outcome
    from scraper.jobs.settings import JobSettings
    from scraper.jobs.state import Found, Settled

EXITS = {
    "limit": Exit.LIMIT,
    "interrupted": Exit.INTERRUPTED,
    "terminated": Exit.TERMINATED,
}


@dataclass(slots=True)
class Watching:
    """``screen`` and ``log`` where there are such."""

    screen: Screen | None
    log: IO[str] | None
    total: int = 0

    def found(self, source: int, many: int) -> None:
        self.total += many
        if not many:
            tell(f"source.{source} gave nothing")
        if self.screen:
            self.screen.found(self.total)

    def noted(self, source: int, text: str) -> None:
        tell(f"source.{source}: {text}")
        self._write(time=time.time(), source=source, note=text)

    def refused(self, it: Found) -> None:
        self._write(time=time.time(), address=it.asked, host=it.host, source=it.source,
                    state="failed", reason=it.reason, detail=it.detail)  # fmt: skip

    def settled(self, it: Settled) -> None:
        self.total += len(it.found)
        self._write(
            time=time.time(),
            address=it.address.asked,
            host=it.address.host,
            source=it.address.source,
            state=it.state,
            reason=it.reason,
            detail=it.detail,
            status=it.status,
            landed=it.landed,
            parts=len(it.parts),
            seconds=it.seconds,
        )
        if self.screen:
            self.screen.settled(it, self.total)

    def writing(self) -> None:
        if self.screen:
            self.screen.writing()

    def _write(self, **values: object) -> None:
        if self.log:
            self.log.write(json.dumps(values, ensure_ascii=False) + "\n")


@contextmanager
def watching(*, quiet: bool, log: Path | None) -> Iterator[Watching]:
    """A screen on stderr, if a person is there to see it, and a log, if one is wanted."""
    with ExitStack() as stack:
        lines: IO[str] | None = None
        if log is not None:
            try:
                lines = stack.enter_context(log.open("a", encoding="utf-8", buffering=1))
            except OSError as error:
                raise OutputError(str(log), error.strerror or str(error)) from error
        shown = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console

            shown = stack.enter_context(screen(Console(stderr=True)))
        yield Watching(shown, lines)


def finish(outcome: Outcome, job: JobSettings, *, quiet: bool) -> None:
    """Say how a run ended; leaves with the exit code for it."""
    if not quiet:
        show(outcome.report)
        for name in outcome.report.results.get("files", ()):
            tell(f"wrote {name}")
        if outcome.report.waiting:
            tell(f"{outcome.report.waiting} addresses wait: the same command goes on with them")
    code = EXITS.get(outcome.ending)
    if code is None:
        code = Exit.SOME_FAILED if outcome.report.failed else Exit.DONE
    if code:
        raise typer.Exit(code)


def show(report: Report) -> None:
    """The closing table, on stderr."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    console.print(table(report))


def table(report: Report) -> Table:
    made = closing_table()
    row = partial(add_count, made)
    results = report.results
    row("addresses", report.total, f"{report.known:,} known before" if report.known else "")
    row("articles", results.get("articles", 0), _states(report))
    for kind, reasons in (("skipped", report.skipped), ("failed", report.failed)):
        if reasons:
            row(kind, sum(reasons.values()), counted(reasons))
    if report.waiting:
        row("waiting", report.waiting, f"{report.last_minute:,} were settled in the last minute")
    if results:
        row("clusters of copies", results["clusters"], f"{results['copies']:,} copies in them")
        row("stories", results["articles"] - results["copies"])
        row("words kept", results["words_kept"])
        removed = results["words_removed"]
        row("words removed", sum(removed.values()), counted(removed, 8))
    return made


def closing_table() -> Table:
    """An empty table for the end of a command: names, counts, notes."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE, show_header=False)
    made.add_column()
    made.add_column(justify="right")
    made.add_column(style="dim")
    return made


def add_count(table: Table, name: str, value: int, note: str = "") -> None:
    table.add_row(name, f"{value:,}", note)


def _states(report: Report) -> str:
    named = {"same": "same article", "part": "later pages", "unchanged": "unchanged"}
    return counted({text: report.states[it] for it, text in named.items() if report.states.get(it)})


def counted(counts: object, most: int = 20) -> str:
    assert isinstance(counts, dict)
    shown = [f"{name} {count:,}" for name, count in list(counts.items())[:most]]
    return ", ".join(shown) + (", …" if len(counts) > most else "")
