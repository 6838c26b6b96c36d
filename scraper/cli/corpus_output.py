"""What a person sees of a build: a bar while it goes on, a table when it is over."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import typer

from scraper.cli.exits import Exit
from scraper.cli.progress import add_count, closing_table, counted
from scraper.cli.terminal import tell

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID
    from rich.table import Table

    from scraper.scale.commits import Done
    from scraper.scale.report import Report

STEPS = {
    "read": "reading pages",
    "names": "looking for ids that return",
    "groups": "grouping equal texts",
    "keys": "writing keys",
    "meet": "joining keys",
    "verdicts": "comparing texts",
    "labels": "finding components",
    "stories": "making clusters",
    "place": "writing stories",
}


@dataclass(slots=True)
class Watching:
    """Passes on what happens to a bar, or to lines where nobody looks at a terminal."""

    bar: Progress | None
    quiet: bool
    task: TaskID | None = None
    pages: int = 0
    failed: int = 0
    begun_at: float = 0.0

    def begun(self, step: str, tasks: int, known: Mapping[int, Done]) -> None:
        if self.quiet:
            return
        name = STEPS.get(step, step)
        if self.bar is None:
            if step in STEPS:
                before = f", {len(known):,} done before" if known else ""
                tell(f"{name}: {tasks:,} tasks{before}")
        else:
            if self.task is not None:
                self.bar.remove_task(self.task)
            self.task = self.bar.add_task(name, total=tasks, completed=len(known), rate="")
        self.begun_at = time.monotonic()

    def done(self, it: Done) -> None:
        self.failed += it.counts.get("failed", 0) if it.step == "read" else 0
        self.pages += it.counts.get("pages", 0)
        if self.bar and self.task is not None:
            rate = ""
            if it.step == "read":
                spent = max(time.monotonic() - self.begun_at, 1e-6)
                rate = f"{self.pages:,} pages, {self.pages / spent:,.0f} a second"
                rate += f", {self.failed:,} failed" if self.failed else ""
            self.bar.update(self.task, advance=1, rate=rate)


@contextmanager
def watching(*, quiet: bool) -> Iterator[Watching]:
    """A bar on stderr if a person is there to see it, else a line for each step."""
    if quiet or not sys.stderr.isatty():
        yield Watching(None, quiet)
        return
    with _bar() as bar:
        yield Watching(bar, quiet)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import Progress, TextColumn

    from scraper.cli.screen import bar_columns

    return Progress(
        *bar_columns(),
        TextColumn("{task.fields[rate]}"),
        console=Console(stderr=True),
        transient=True,
    )


def finish(report: Report, out: str, *, quiet: bool) -> None:
    """Say how a build ended; leaves with the exit code for it."""
    if not quiet:
        from rich.console import Console

        from scraper.scale.store import shown

        Console(stderr=True, highlight=False).print(table(report))
        tell(f"wrote {shown(out)}")
    if report.failed:
        raise typer.Exit(Exit.SOME_FAILED)


def table(report: Report) -> Table:
    made = closing_table()
    row = partial(add_count, made)
    row("pages", report.pages)
    same = f"{report.same:,} further ones under one id" if report.same else ""
    row("articles", report.articles, same)
    if report.failed:
        row("failed", sum(report.failed.values()), counted(report.failed))
    row("pairs compared", report.pairs, f"{report.matches:,} matches")
    row("clusters of copies", report.clusters, f"{report.copies:,} copies in them")
    row("stories", report.stories)
    row("words kept", report.words_kept)
    row("words removed", sum(report.words_removed.values()), counted(report.words_removed, 8))
    row("languages", len(report.languages), counted(report.languages, 8))
    return made
