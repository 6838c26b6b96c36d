"""Reads rows from JSONL, Parquet, SQLite and folders of texts, and names the place of a bad one."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from cleaners.errors import BadDocument
from scraper.corpus.sqlite import NESTED
from scraper.errors import NothingMatched

# Called with the place ("rows.jsonl:17") and what is wrong there.
OnBad = Callable[[str, str], None]

Row = dict[str, Any]
TEXT_FILES = frozenset({".txt", ".md", ".text"})
LONGEST_LINE = 1 << 28  # bytes; a longer line is no row but a file of another kind


def read_rows(path: Path, *, on_bad: OnBad | None = None) -> Iterator[Row]:
    """The rows of a file or folder in their order; each has what stood there, whatever its columns.

    A folder of texts gives ``id`` (the path below the folder, without ending) and ``text``. A bad
    row raises BadDocument that names file and line; with ``on_bad`` it is told and passed over.
    Raises NothingMatched where there is no such path, or no way to read it.
    """
    return (row for _, row in placed_rows(path, on_bad=on_bad))


def placed_rows(path: Path, *, on_bad: OnBad | None = None) -> Iterator[tuple[str, Row]]:
    """The rows of ``read_rows``, each with its place: file and line, or file and number of row."""
    if path.is_dir():
        return _folder(path, on_bad)
    if not path.exists():
        raise NothingMatched(str(path), "no such file or folder")
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"SQLite format 3\x00"):
        return _numbered(path, _sqlite(path))
    if start.startswith(b"PAR1"):
        return _numbered(path, _parquet(path))
    if start.startswith(b"\x1f\x8b") or path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return _jsonl(path, on_bad)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _jsonl(path, on_bad)
    if path.suffix.lower() in TEXT_FILES:
        return iter(list(_text(path, str(path), on_bad)))
    raise NothingMatched(str(path), "not JSONL, Parquet, SQLite or a folder of texts")


def _numbered(path: Path, rows: Iterator[Row]) -> Iterator[tuple[str, Row]]:
    return ((f"{path}:{number}", row) for number, row in enumerate(rows, 1))


def _bad(on_bad: OnBad | None, where: str, detail: str) -> None:
    if on_bad is None:
        raise BadDocument(where, detail)
    on_bad(where, detail)


def _jsonl(path: Path, on_bad: OnBad | None) -> Iterator[tuple[str, Row]]:
    with path.open("rb") as plain:
        zipped = plain.peek(2)[:2] == b"\x1f\x8b" if hasattr(plain, "peek") else False
        file = cast(BinaryIO, gzip.GzipFile(fileobj=plain)) if zipped else plain
        number = 0
        while True:
            number += 1
            try:
                line = file.readline(LONGEST_LINE)
            except (OSError, EOFError) as error:  # gzip: cut off, or not gzip after all
                _bad(on_bad, f"{path}:{number}", f"cannot be unpacked: {error}")
                return
            if not line:
                return
            if not line.strip():
                continue
            try:
                row = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
            except orjson.JSONDecodeError as error:
                _bad(on_bad, f"{path}:{number}", f"not JSON: {error}")
                continue
            if not isinstance(row, dict):
                _bad(on_bad, f"{path}:{number}", "JSON, but not an object")
                continue
            yield f"{path}:{number}", row


def _sqlite(path: Path) -> Iterator[Row]:
    address = f"file:{path.resolve().as_posix().replace('?', '%3f').replace('#', '%23')}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as base:
            base.row_factory = sqlite3.Row
            for it in base.execute("SELECT * FROM articles ORDER BY rowid"):
                row = dict(it)
                for name in NESTED:
                    if isinstance(row.get(name), str):
                        row[name] = orjson.loads(row[name])
                for name in ("paywalled", "keep"):
                    if row.get(name) is not None:
                        row[name] = bool(row[name])
                yield row
    except (sqlite3.Error, orjson.JSONDecodeError) as error:
        raise BadDocument(str(path), f"SQLite: {error}") from error


def _parquet(path: Path) -> Iterator[Row]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        needs = "Parquet needs pyarrow: pip install 'winnow-news[parquet]'"
        raise NothingMatched(str(path), needs) from error
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=500):
                for row in batch.to_pylist():
                    if isinstance(row.get("origins"), list):
                        row["origins"] = dict(row["origins"])
                    yield row
    except (pyarrow.ArrowException, OSError) as error:
        raise BadDocument(str(path), f"Parquet: {error}") from error


def _folder(folder: Path, on_bad: OnBad | None) -> Iterator[tuple[str, Row]]:
    paths = sorted(
        it for it in folder.rglob("*") if it.suffix.lower() in TEXT_FILES and it.is_file()
    )
    if not paths:
        raise NothingMatched(str(folder), "no .txt or .md file in it")
    for path in paths:
        yield from _text(path, path.relative_to(folder).with_suffix("").as_posix(), on_bad)


def _text(path: Path, id: str, on_bad: OnBad | None) -> Iterator[tuple[str, Row]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        _bad(on_bad, str(path), error.strerror or str(error))
    except UnicodeDecodeError as error:
        _bad(on_bad, str(path), f"not UTF-8: byte {error.start}")
    else:
        yield str(path), {"id": id, "text": text}
