"""``winnow dedup``: finds every copy of a story in files, folders and jobs, and keeps one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scraper.cli.copy_options import Kinds, Threshold, Window
from scraper.cli.exits import Exit
from scraper.cli.terminal import tell

if TYPE_CHECKING:
    from datetime import timedelta

    from cleaners.duplicates import CopyKind
    from scraper.corpus.dedup import Asked


def dedup(
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="FILE|FOLDER|JOBFOLDER…", help="JSONL, Parquet, SQLite, texts."),
    ],
    out: Annotated[
        str, typer.Option("-o", "--out", help="JSONL, or Parquet by its ending; - is stdout.")
    ] = "-",
    keep: Annotated[
        Literal["canonical", "all", "first"],
        typer.Option(help="Which copy of a story is kept: the best, all, the first that came."),
    ] = "canonical",
    mark: Annotated[
        bool, typer.Option("--mark", help="Write the rows that are not kept as well, marked.")
    ] = False,
    threshold: Threshold = "normal",
    kinds: Kinds = "",
    window: Window = "",
    index: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Compare with what this index holds, and add to it."),
    ] = None,
    field: Annotated[str, typer.Option(help="The field of a row that holds the text.")] = "text",
    explain: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="ID ID", help="Print two rows side by side, and nothing else."),
    ] = None,
    passages: Annotated[
        Literal["list", "mark", "remove"] | None,
        typer.Option(
            help="Instead: list the paragraphs that return in many stories; or write all rows "
            "with these marked in a column “repeated”, or removed from the text."
        ),
    ] = None,
    least: Annotated[
        int, typer.Option(min=2, help="--passages: in how many stories at least.")
    ] = 3,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Pass over rows that cannot be read; count them.")
    ] = False,
) -> None:
    """Find every copy of a story, however rewritten; write one row for each story.

    Rows get the columns cluster, keep, match and likeness.
    """
    from scraper.cli import dedup_output as output

    asked = _asked(field, keep, threshold, kinds, window)
    if index is not None and (window or kinds):
        raise typer.BadParameter(
            "an index compares all kinds, whatever their dates", param_hint="--index"
        )
    bad: list[str] = []

    def skipped(place: str, detail: str) -> None:
        bad.append(place)
        if len(bad) <= output.SHOWN:
            tell(f"{place}: {detail}")

    on_bad = skipped if skip_bad else None
    if explain is not None:
        output.explained(inputs, asked, explain, on_bad)
    elif passages is not None:
        output.repeats(inputs, asked, (out, passages, least), on_bad)
    else:
        from dataclasses import replace

        output.deduplicated(inputs, replace(asked, index=index), (out, mark), on_bad)
    if bad:
        tell(f"{len(bad):,} rows passed over")
        raise typer.Exit(Exit.SOME_FAILED)


def _asked(
    field: str,
    keep: Literal["canonical", "all", "first"],
    threshold: str,
    kinds: str,
    window: str,
) -> Asked:
    from cleaners.duplicates import Threshold
    from scraper.corpus.dedup import Asked

    return Asked(field, keep, Threshold(threshold), kinds_of(kinds), window_of(window))


def kinds_of(text: str) -> frozenset[CopyKind]:
    from cleaners.duplicates import CopyKind

    try:
        named = frozenset(CopyKind(it.strip()) for it in text.split(",") if it.strip())
    except ValueError as error:
        known = ", ".join(CopyKind)
        raise typer.BadParameter(f"{error}; one of {known}", param_hint="--kinds") from error
    return named or frozenset(CopyKind)


def window_of(text: str) -> timedelta | None:
    from datetime import timedelta

    units = {"d": "days", "h": "hours", "w": "weeks"}
    if not text:
        return None
    if text[:-1].isdigit() and text[-1] in units:
        return timedelta(**{units[text[-1]]: int(text[:-1])})
    raise typer.BadParameter(f"“{text}” is not like 14d, 36h or 2w", param_hint="--window")
