"""``winnow retry DIR``: asks once more for what failed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ALSO = {"timeout": "deadline", "not_found": "http_4xx"}  # other words that people have for reasons


def retry(
    folder: Annotated[Path, typer.Argument(help="The job's folder.", metavar="DIR")],
    only: Annotated[
        str, typer.Option(help="Reasons, with commas between: deadline,http_5xx. Default: all.")
    ] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No bar and no table.")] = False,
    log: Annotated[
        Path | None, typer.Option(help="Write a JSON line for each address to this file.")
    ] = None,
) -> None:
    """Ask again for addresses that failed, with the settings of the job's last run."""
    from scraper.cli.progress import finish, watching
    from scraper.cli.terminal import tell
    from scraper.errors import NothingMatched, Reason
    from scraper.jobs.recrawl import last_settings, try_failed
    from scraper.jobs.run import run as run_job

    reasons = [ALSO.get(it.strip(), it.strip()) for it in only.split(",") if it.strip()]
    known = {it.value for it in Reason}
    if strange := [it for it in reasons if it not in known]:
        raise typer.BadParameter(f"{strange[0]!r} is none of {', '.join(sorted(known))}")
    settings = last_settings(folder)
    many = try_failed(folder, [Reason(it) for it in reasons])
    if not many:
        raise NothingMatched(str(folder), "nothing in it failed for such a reason")
    if not quiet:
        tell(f"{many} addresses to try again")
    with watching(quiet=quiet, log=log) as watcher:
        outcome = run_job(settings, watcher, ask_sources=False)
    finish(outcome, settings, quiet=quiet)
