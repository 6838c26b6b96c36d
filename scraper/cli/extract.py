"""``winnow extract``: saved pages in, articles out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli.exits import Exit
from scraper.cli.terminal import tell

if TYPE_CHECKING:
    from scraper.cli.extract_pages import Task

# From so many pages on, several processes are worth the second that they take to begin.
MANY = 16


class Format(StrEnum):
    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    XML = "xml"
    HTML = "html"


class Engine(StrEnum):
    WINNOW = "winnow"
    TRAFILATURA = "trafilatura"


class Focus(StrEnum):
    BALANCED = "balanced"
    PRECISION = "precision"
    RECALL = "recall"


def extract(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|FOLDER|-]…",
            help="Saved pages, folders of them, .warc and .warc.gz; - is stdin.",
        ),
    ] = None,
    format: Annotated[
        Format, typer.Option("-f", "--format", help="What to make; xml is XML-TEI.")
    ] = Format.TEXT,
    url: Annotated[str | None, typer.Option(help="Where the page came from, for one page.")] = None,
    engine: Annotated[Engine, typer.Option(help="Who reads.")] = Engine.WINNOW,
    focus: Annotated[
        Focus, typer.Option(help="Rather leave out (precision), or rather keep (recall).")
    ] = Focus.BALANCED,
    rules: Annotated[
        Path | None, typer.Option(help="A folder of site rules beside ours.", show_default=False)
    ] = None,
    profile: Annotated[
        Path | None,
        typer.Option(
            help="What winnow sites learn has learned: a file, or a folder of one for each host.",
            show_default=False,
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say on stderr what went and why.")
    ] = False,
    out: Annotated[
        str,
        typer.Option(
            "-o", "--out", help="A file, a folder, or rows: .jsonl, .sqlite, .csv, .parquet."
        ),
    ] = "-",
    workers: Annotated[
        int, typer.Option(min=0, help="Processes; 0 is one for each core where there are many.")
    ] = 0,
    deadline: Annotated[
        float, typer.Option(min=0.1, help="Seconds for a page, with several processes.")
    ] = 10.0,
) -> None:
    """Extract the articles of saved pages.

    A page that holds no article costs a line on stderr and exit code 3.
    """
    from scraper.cli.extract_output import Results
    from scraper.cli.extract_pages import Failed, Wanted, make_all
    from scraper.corpus.formats.written import FORMS
    from scraper.errors import NothingMatched
    from scraper.extractors.read import HowToRead

    form = next(it for it in FORMS if it == format.value)
    how = HowToRead(engine.value, focus.value, rules, profile)
    tasks = _tasks(inputs or ["-"], url)
    first = list(islice(tasks, MANY))
    if url is not None and len(first) > 1:
        raise typer.BadParameter("one address for several pages", param_hint="'--url'")
    many = workers or (os.cpu_count() or 1 if len(first) == MANY else 1)
    seen = failed = 0
    with ExitStack() as stack:
        results = stack.enter_context(Results(out, form, several=len(first) > 1))
        advance = stack.enter_context(_bar(len(first) > 1))
        wanted = Wanted(form, how, url, deadline, results.takes_rows, explain)
        for it in make_all(chain(first, tasks), wanted, many):
            seen += 1
            advance()
            if isinstance(it, Failed):
                failed += 1
                tell(f"{it.name}: {it.reason}: {it.detail}")
                continue
            results.put(it)
            if explain:
                for line in it.told:
                    tell(f"{it.name}: {line}")
    if not seen:
        raise NothingMatched(", ".join(inputs or ["-"]), "no page in it")
    if failed:
        raise typer.Exit(Exit.SOME_FAILED)


def _tasks(inputs: list[str], url: str | None) -> Iterator[Task]:
    """Every page of the inputs, the bodies of files not yet read."""
    from scraper.cli.extract_pages import Failed, Task, stdin_page
    from scraper.errors import FetchError
    from scraper.fetchers.files import find_files
    from scraper.fetchers.warc import find_warcs, read_pages

    for name in inputs:
        try:
            if name == "-":
                yield Task("-", Path("page"), page=stdin_page(url))
                continue
            path = Path(name)
            archives = list(find_warcs(path)) if _may_be_archive(path) else []
            for archive in archives:
                for number, page in enumerate(read_pages(archive), 1):
                    where = f"{archive}:{number}"
                    place = Path(f"{archive.name}-{number}")
                    if isinstance(page, FetchError):
                        yield Task(where, place, failed=Failed(where, page.reason, page.detail))
                    else:
                        yield Task(page.url, place, page=page)
            if path.is_dir() or not archives:
                for it in find_files(path):
                    place = it.relative_to(path) if path.is_dir() else Path(it.name)
                    yield Task(str(it), place, it)
        except FetchError as error:
            yield Task(name, Path(name), failed=Failed(error.where, error.reason, error.detail))


def _may_be_archive(path: Path) -> bool:
    return path.is_dir() or path.name.lower().endswith((".warc", ".warc.gz"))


@contextmanager
def _bar(is_wanted: bool) -> Iterator[Callable[[], object]]:
    """Counts pages on stderr, if a person is there to see it."""
    if not is_wanted or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("extracting"),
        BarColumn(),
        TextColumn("{task.completed} pages"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda: progress.advance(task)
