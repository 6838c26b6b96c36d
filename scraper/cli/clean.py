"""``winnow clean``: strips from extracted texts what is no story, and says why."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scraper.cli.exits import Exit
from scraper.cli.terminal import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleaners.labels import Cleaned, Label

    Cleaner = Callable[[str | bytes], Cleaned]


def clean(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE|FOLDER|-]…", help="Texts, JSONL, folders; - is stdin."),
    ] = None,
    out: Annotated[
        str, typer.Option("-o", "--out", help="A file, or a folder for texts of a folder.")
    ] = "-",
    field: Annotated[str, typer.Option(help="The field of a row that holds the text.")] = "",
    labels: Annotated[
        str, typer.Option(help="Remove only these: related,comment_form,…", show_default=False)
    ] = "",
    keep: Annotated[
        str, typer.Option(help="Keep these: byline,update_stamp,…", show_default=False)
    ] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Say on stderr what went and why.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write JSON with the removed blocks.")
    ] = False,
) -> None:
    """Keep the story of extracted texts; lines that return from text to text go as well.

    A text gives a text, JSONL gives JSONL with the field cleaned, a folder gives a folder.
    """
    from scraper.cli.clean_output import Results
    from scraper.cli.destination import Destination

    choice = _choice(labels, keep)
    failures = 0
    is_folder = Path(out).suffix == "" and any(Path(it).is_dir() for it in inputs or ())
    with Destination(out, is_folder=is_folder) as to:
        results = Results(to, explain=explain, as_json=as_json, several=len(inputs or ()) > 1)
        for it in inputs or ["-"]:
            if it == "-" and not field:
                results.text("-", _cleaned_text("stdin", sys.stdin.buffer.read(), choice))
            elif it != "-" and _is_text(Path(it)) and not field:
                results.text(it, _cleaned_text(it, _content(Path(it)), choice))
            else:
                failures += _rows(it, field or "text", choice, results)
    if failures:
        raise typer.Exit(Exit.SOME_FAILED)


def _choice(labels: str, keep: str) -> tuple[frozenset[Label], frozenset[Label]]:
    """Which labels stay and which go, beyond what each label does by default."""
    from cleaners.labels import Label

    def named(text: str, option: str) -> frozenset[Label]:
        try:
            return frozenset(Label(it.strip()) for it in text.split(",") if it.strip())
        except ValueError as error:
            known = ", ".join(Label)
            raise typer.BadParameter(f"{error}; one of {known}", param_hint=option) from error

    kept, only = named(keep, "--keep"), named(labels, "--labels")
    if only:
        return (frozenset(Label) - only) | kept, only - kept
    return kept, frozenset()


def _is_text(path: Path) -> bool:
    from scraper.errors import NothingMatched

    if not path.exists():
        raise NothingMatched(str(path), "no such file or folder")
    return path.is_file() and path.suffix.lower() not in {
        ".jsonl", ".ndjson", ".json", ".gz", ".parquet", ".sqlite", ".db",
    }  # fmt: skip


def _content(path: Path) -> bytes:
    from scraper.errors import NothingMatched

    try:
        return path.read_bytes()
    except OSError as error:
        raise NothingMatched(str(path), error.strerror or str(error)) from error


def _cleaned_text(
    name: str, content: bytes, choice: tuple[frozenset[Label], frozenset[Label]]
) -> Cleaned:
    from cleaners.clean import clean as clean_text
    from cleaners.errors import UnreadableText

    try:
        return clean_text(content, keep=choice[0], drop=choice[1])
    except UnreadableText as error:
        raise UnreadableText(name, error.detail) from error


def _rows(
    name: str, field: str, choice: tuple[frozenset[Label], frozenset[Label]], results: Any
) -> int:
    """Cleans all rows of one input; how many had no text. Rows wait for the lines of the next."""
    from collections import deque

    from cleaners.clean import LONGEST_LINE, blocks_of
    from cleaners.clean_many import clean_many
    from cleaners.duplicates.results import Document
    from cleaners.errors import UnreadableText

    waiting: deque[dict[str, Any]] = deque()
    failures: list[str] = []

    def bad(where: str, detail: str) -> None:
        failures.append(where)
        tell(f"{where}: {detail}")

    def documents() -> Iterator[Document]:
        for number, row in enumerate(_read(name, bad), 1):
            text = row.get(field)
            if not isinstance(text, str):
                bad(f"{name}:{number}", f"no text in the field “{field}”")
                continue
            if len(text) > LONGEST_LINE:
                try:
                    blocks_of(text)
                except UnreadableText as error:
                    bad(f"{name}:{number}", error.detail)
                    continue
            waiting.append(row)
            known = {it: row[it] for it in ("title", "host", "url") if isinstance(row.get(it), str)}
            yield Document(str(row.get("id", number)), text, **known)

    for document, cleaned in clean_many(documents(), keep=choice[0], drop=choice[1]):
        results.row(document.id, waiting.popleft(), field, cleaned)
    return len(failures)


def _read(name: str, on_bad: Callable[[str, str], None]) -> Iterator[dict[str, Any]]:
    import orjson

    from scraper.corpus.reading import read_rows

    if name != "-":
        yield from read_rows(Path(name), on_bad=on_bad)
        return
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            on_bad(f"stdin:{number}", f"not JSON: {error}")
            continue
        if isinstance(row, dict):
            yield row
        else:
            on_bad(f"stdin:{number}", "JSON, but not an object")
