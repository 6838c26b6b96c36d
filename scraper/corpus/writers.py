"""Opens the writer for a format; all of them take rows and are closed once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Protocol

from scraper.corpus.rows import ArticleRow
from scraper.errors import OutputError

Format = Literal["jsonl", "sqlite", "csv", "parquet", "markdown"]


class Writer(Protocol):
    """Takes rows and is closed once. All raise OutputError naming the path and the cause.

    When ``write`` returns the rows are on disk (JSONL, SQLite, Markdown) or in a temporary file
    (CSV, Parquet), which ``close`` puts in its place and ``abandon`` takes away.
    """

    def write(self, rows: Iterable[ArticleRow], /) -> int: ...

    def close(self) -> None: ...

    def abandon(self) -> None: ...


def open_writer(path: Path, format: Format) -> Writer:
    """The writer for a file, or for a folder with ``markdown``.

    JSONL and SQLite are added to where they exist; CSV and Parquet are replaced as a whole when
    the writer is closed. Raises OutputError.
    """
    # Imported here: who writes JSONL needs no SQLite and no Arrow.
    if format == "jsonl":
        from scraper.corpus.jsonl import JsonlWriter

        return JsonlWriter(path)
    if format == "sqlite":
        from scraper.corpus.sqlite import SqliteWriter

        return SqliteWriter(path)
    if format == "csv":
        from scraper.corpus.csv import CsvWriter

        return CsvWriter(path)
    if format == "parquet":
        from scraper.corpus.parquet import ParquetWriter

        return ParquetWriter(path)
    if format == "markdown":
        from scraper.corpus.markdown_files import MarkdownWriter

        return MarkdownWriter(path)
    raise OutputError(str(path), f"no such format: {format}")


def format_of(path: Path) -> Format | None:
    """The format that a file's name asks for.

    >>> format_of(Path("corpus.db"))
    'sqlite'
    """
    known: dict[str, Format] = {
        ".jsonl": "jsonl",
        ".ndjson": "jsonl",
        ".sqlite": "sqlite",
        ".sqlite3": "sqlite",
        ".db": "sqlite",
        ".csv": "csv",
        ".parquet": "parquet",
        ".pq": "parquet",
    }
    return known.get(path.suffix.lower())
