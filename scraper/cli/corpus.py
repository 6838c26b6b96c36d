"""``winnow corpus build``: pages of any number become a Parquet corpus with each story once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scraper.cli.copy_options import Kinds, Threshold, Window

if TYPE_CHECKING:
    from scraper.scale.settings import CopySettings

app = typer.Typer(help="A corpus of any size.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def corpus() -> None:
    """A corpus of any size."""


@app.command()
def build(
    inputs: Annotated[
        list[str],
        typer.Argument(
            help="WARC, Parquet or JSONL: files, folders, patterns, addresses (s3://…).",
            metavar="IN...",
        ),
    ],
    out: Annotated[str, typer.Option("--out", "-o", help="A folder, or an address of a store.")],
    engine: Annotated[
        Literal["local", "daft", "ray"], typer.Option(help="Who carries out the work.")
    ] = "local",
    address: Annotated[
        str, typer.Option(help="ray: the cluster's address; without it, one of this machine.")
    ] = "",
    workers: Annotated[
        int, typer.Option(min=0, help="local, daft: processes; 0: one for each core.")
    ] = 0,
    threshold: Threshold = "normal",
    kinds: Kinds = "",
    window: Window = "",
    rules: Annotated[
        Path | None, typer.Option(help="A folder of site rules beside those that come along.")
    ] = None,
    deadline: Annotated[float, typer.Option(help="Seconds that a page may take.")] = 10.0,
    leaf: Annotated[
        int, typer.Option(min=1, help="Articles in a part file; more takes more memory.")
    ] = 5_000,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No bar and no table.")] = False,
) -> None:
    """Read pages or articles, find all copies among them, and write one row a story.

    OUT gets articles/, stories/, clusters/, matches/, copies/, failures/ and stats.json. The same
    call goes on where an earlier one was stopped, however it was stopped.
    """
    import os
    import signal

    from scraper.cli.corpus_output import finish, watching
    from scraper.cli.exits import Exit
    from scraper.cli.terminal import tell

    # Before numpy is loaded here or in a process below: there is one process for each core.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")

    # First, as it says what to install where pyarrow is missing.
    import scraper.scale.store  # noqa: F401

    # isort: split
    from scraper.jobs.settings import ExtractSettings
    from scraper.scale.build import build as build_corpus
    from scraper.scale.engines.choose import opened
    from scraper.scale.settings import BuildSettings, Portions

    def ended(number: int, frame: object) -> None:
        raise typer.Exit(Exit.TERMINATED)

    signal.signal(signal.SIGTERM, ended)
    settings = BuildSettings(
        tuple(inputs),
        out,
        _copies(threshold, kinds, window),
        ExtractSettings(rules=rules, deadline=deadline),
        Portions(leaf=leaf),
    )
    try:
        with opened(engine, workers, address) as opened_engine, watching(quiet=quiet) as watcher:
            report = build_corpus(settings, opened_engine, watcher)
    except KeyboardInterrupt:
        tell("interrupted: the same command goes on where this one stopped")
        raise typer.Exit(Exit.INTERRUPTED) from None
    finish(report, out, quiet=quiet)


def _copies(threshold: str, kinds: str, window: str) -> CopySettings:
    from cleaners.duplicates import Threshold
    from scraper.cli.dedup import kinds_of, window_of
    from scraper.scale.settings import CopySettings

    return CopySettings(Threshold(threshold), kinds_of(kinds), window_of(window))
