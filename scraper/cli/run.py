"""``winnow run JOB.toml``: the main job, with a progress bar for a person and a closing table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer


def run(
    job: Annotated[Path, typer.Argument(help="The job file.", metavar="JOB.toml")],
    limit: Annotated[
        int | None, typer.Option(help="Stop, resumable, after so many addresses.")
    ] = None,
    recrawl: Annotated[
        bool, typer.Option("--recrawl", help="Ask again for articles that are there already.")
    ] = False,
    every: Annotated[
        str, typer.Option(help="Ask again for articles older than this (30m, 6h, 7d).")
    ] = "",
    render: Annotated[
        Literal["auto", "never"] | None,
        typer.Option(help="auto: empty JavaScript shells go through Chromium."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No bar and no table.")] = False,
    log: Annotated[
        Path | None, typer.Option(help="Write a JSON line for each address to this file.")
    ] = None,
) -> None:
    """Fetch, extract, clean and deduplicate what a job file names.

    The same call goes on where an earlier one was stopped, however it was stopped.
    """
    from dataclasses import replace

    from scraper.cli.progress import finish, watching
    from scraper.jobs.job_file import read_job
    from scraper.jobs.run import run as run_job

    settings = read_job(job)
    if limit is not None:
        settings = replace(settings, limit=limit)
    if recrawl or every:
        settings = replace(settings, every=every or "0s")
    if render:
        settings = replace(settings, render=render)
    with watching(quiet=quiet, log=log) as watcher:
        outcome = run_job(settings, watcher)
    finish(outcome, settings, quiet=quiet)
