"""``winnow status DIR``: how a job stands, while it runs and afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def status(
    folder: Annotated[Path, typer.Argument(help="The job's folder.", metavar="DIR")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    hosts: Annotated[int, typer.Option(help="How many hosts to list.")] = 10,
    failures: Annotated[bool, typer.Option("--failures", help="List what failed.")] = False,
) -> None:
    """Show how many addresses ended how, and what the files hold."""
    import sys
    from dataclasses import asdict, replace

    import orjson

    from scraper.cli.progress import table
    from scraper.cli.terminal import safe
    from scraper.errors import NothingMatched
    from scraper.jobs.ledger import Ledger
    from scraper.jobs.report import last_results, report
    from scraper.jobs.state import State

    if not (folder / "ledger.sqlite").is_file():
        raise NothingMatched(str(folder), "is not the folder of a job: it has no ledger.sqlite")
    with Ledger(folder) as ledger:
        found = replace(report(ledger), results=last_results(folder))
        if failures:
            for asked, state, reason, detail, _ in ledger.settled(State.FAILED, State.SKIPPED):
                print(safe(f"{state}\t{reason}\t{asked}\t{detail}"))
            return
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(asdict(found), option=orjson.OPT_INDENT_2) + b"\n")
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(table(found))
    by_host = Table("host", "addresses", "articles", "failed", box=None)
    for it in found.hosts[:hosts]:
        by_host.add_row(safe(it.host), f"{it.addresses:,}", f"{it.articles:,}", f"{it.failed:,}")
    console.print(by_host)
