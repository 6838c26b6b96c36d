"""What a person sees of a run while it goes on: a bar for all of it, a line for each busy host."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from scraper.cli.terminal import safe

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import Progress, ProgressColumn

    from scraper.jobs.state import Settled

LINES: Final = 8  # hosts on the screen: those that were heard of last
REMEMBERED: Final = 10_000  # hosts whose counts are kept


@dataclass(frozen=True, slots=True)
class Host:
    done: int = 0
    articles: int = 0
    failed: int = 0
    last: str = ""  # how its last address ended

    def after(self, it: Settled) -> Host:
        return Host(
            self.done + 1 + len(it.parts),
            self.articles + (it.state in ("article", "unchanged")),
            self.failed + (it.state == "failed"),
            str(it.reason or it.state),
        )


class Screen:
    """Holds the counts. What is drawn is taken from one tuple, as it is drawn in a thread."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("asking sources", total=None)
        self._hosts: OrderedDict[str, Host] = OrderedDict()
        self._all = Host()
        self._shown: tuple[tuple[str, Host], ...] = ()

    def found(self, total: int) -> None:
        self._bar.update(self._task, description="fetching", total=total)

    def settled(self, it: Settled, total: int) -> None:
        name = it.address.host
        self._all = self._all.after(it)
        self._hosts[name] = self._hosts.get(name, Host()).after(it)
        self._hosts.move_to_end(name)
        if len(self._hosts) > REMEMBERED:
            self._hosts.popitem(last=False)
        # In the order of their names, so that lines stay where they are while hosts stay busy.
        latest = sorted(islice(reversed(self._hosts), LINES))
        self._shown = tuple((it, self._hosts[it]) for it in latest)
        self._bar.update(self._task, completed=self._all.done, total=total)

    def writing(self) -> None:
        self._shown = ()
        self._bar.update(self._task, description="finding copies, writing")

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
        table.add_column("host", max_width=40, no_wrap=True)
        for name in ("done", "articles", "failed"):
            table.add_column(name, justify="right")
        table.add_column("last", no_wrap=True)
        rows = self._shown
        if len(rows) > 1:
            rows += (("all hosts", replace(self._all, last="")),)
        for name, it in rows:
            shown = "stored pages" if name == "-" else safe(name)
            numbers = (f"{n:,}" for n in (it.done, it.articles, it.failed))
            table.add_row(Text(shown), *numbers, Text(it.last))
        return Group(self._bar, table) if rows else self._bar


def bar_columns() -> tuple[ProgressColumn, ...]:
    """What a bar tells: the step, how far it is, the time spent and the time left."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    return (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )


@contextmanager
def screen(console: Console) -> Iterator[Screen]:
    """Draws on a terminal until the block ends, and leaves nothing behind."""
    from rich.live import Live
    from rich.progress import Progress

    bar = Progress(*bar_columns(), console=console)
    shown = Screen(bar)
    with Live(shown, console=console, transient=True, refresh_per_second=4):
        yield shown
