"""What a person sees of a run: a bar while it goes on, a table when it is over."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

import typer

from scraper.cli.exits import Exit
from scraper.cli.terminal import safe, tell
from scraper.errors import OutputError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID
    from rich.table import Table

    from scraper.jobs.report import Report
    from scraper.jobs.run import Outcome
    from scraper.jobs.settings import JobSettings
    from scraper.jobs.state import Settled

EXITS = {
    "limit": Exit.LIMIT,
    "interrupted": Exit.INTERRUPTED,
    "terminated": Exit.TERMINATED,
}


@dataclass(slots=True)
class Watching:
    """Passes on what happens to a bar and a log, where there are such."""

    bar: Progress | None
    log: IO[str] | None
    task: TaskID | None = None
    total: int = 0
    failed: int = 0
    begun: float = field(default_factory=time.monotonic)

    def found(self, source: int, many: int) -> None:
        self.total += many
        if not many:
            tell(f"source.{source} gave nothing")
        if self.bar:
            if self.task is None:
                self.task = self.bar.add_task("fetching", total=self.total, last="", failed=0)
            self.bar.update(self.task, total=self.total)

    def settled(self, it: Settled) -> None:
        self.failed += it.state == "failed"
        self.total += len(it.found)
        if self.log:
            line = {
                "time": round(time.time(), 3),
                "address": it.address.asked,
                "state": it.state,
                "reason": it.reason,
                "detail": it.detail,
                "status": it.status,
            }
            self.log.write(json.dumps(line, ensure_ascii=False) + "\n")
        if self.bar and self.task is not None:
            self.bar.update(
                self.task,
                advance=1,
                total=self.total,
                last=safe(it.address.host),
                failed=self.failed,
            )

    def writing(self) -> None:
        if self.bar and self.task is not None:
            self.bar.update(self.task, description="finding copies", last="")


@contextmanager
def watching(*, quiet: bool, log: Path | None) -> Iterator[Watching]:
    """A bar on stderr, if a person is there to see it, and a log, if one is wanted."""
    with ExitStack() as stack:
        lines: IO[str] | None = None
        if log is not None:
            try:
                lines = stack.enter_context(log.open("a", encoding="utf-8", buffering=1))
            except OSError as error:
                raise OutputError(str(log), error.strerror or str(error)) from error
        bar = None if quiet or not sys.stderr.isatty() else stack.enter_context(progress())
        yield Watching(bar, lines)


def progress() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]} failed"),
        TextColumn("{task.fields[last]}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )


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
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE, show_header=False)
    made.add_column()
    made.add_column(justify="right")
    made.add_column(style="dim")

    def row(name: str, value: int, note: str = "") -> None:
        made.add_row(name, f"{value:,}", note)

    results = report.results
    row("addresses", report.total, f"{report.known:,} known before" if report.known else "")
    row("articles", results.get("articles", 0), _states(report))
    for kind, reasons in (("skipped", report.skipped), ("failed", report.failed)):
        if reasons:
            row(kind, sum(reasons.values()), _list(reasons))
    if report.waiting:
        row("waiting", report.waiting)
    if results:
        row("clusters of copies", results["clusters"], f"{results['copies']:,} copies in them")
        row("stories", results["articles"] - results["copies"])
        row("words kept", results["words_kept"])
        removed = results["words_removed"]
        row("words removed", sum(removed.values()), _list(removed, 8))
    return made


def _states(report: Report) -> str:
    named = {"same": "same article", "part": "later pages", "unchanged": "unchanged"}
    return _list({text: report.states[it] for it, text in named.items() if report.states.get(it)})


def _list(counts: object, most: int = 20) -> str:
    assert isinstance(counts, dict)
    shown = [f"{name} {count:,}" for name, count in list(counts.items())[:most]]
    return ", ".join(shown) + (", …" if len(counts) > most else "")
