"""Rows as a table ``articles`` in an SQLite file; a row replaces the old one of its id."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scraper.corpus.rows import COLUMNS, ArticleRow, encoded
from scraper.errors import OutputError

# Raised when a column is added; kept in the file's user_version.
VERSION = 1

_TYPES = {"paywalled": "INTEGER", "keep": "INTEGER", "status": "INTEGER", "likeness": "REAL"}
_KEYS = {"id": "TEXT PRIMARY KEY", "url": "TEXT NOT NULL", "text": "TEXT NOT NULL"}
NESTED = ("authors", "tags", "images", "links", "removed", "origins")  # JSON in their cell


class SqliteWriter:
    """Holds the connection. Each ``write`` is one transaction: call it with batches."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(str(path), error.strerror or str(error)) from error
        with failing(path):
            self._base = sqlite3.connect(path, isolation_level=None, timeout=30.0)
        try:
            self._prepare()
        except OutputError:
            self._base.close()
            raise
        names = ", ".join(f'"{it}"' for it in COLUMNS)
        self._insert = (
            f"INSERT OR REPLACE INTO articles ({names}) VALUES ({', '.join('?' * len(COLUMNS))})"
        )

    def _prepare(self) -> None:
        columns = ", ".join(f'"{it}" {_KEYS.get(it) or _TYPES.get(it, "TEXT")}' for it in COLUMNS)
        with failing(self._path):
            version = self._base.execute("PRAGMA user_version").fetchone()[0]
            tables = {it[0] for it in self._base.execute("SELECT name FROM sqlite_master")}
            if version > VERSION or (tables and "articles" not in tables):
                held = f"version {version}" if version > VERSION else "other tables"
                raise OutputError(str(self._path), f"an SQLite file that is not ours: {held}")
            self._base.execute("BEGIN IMMEDIATE")
            self._base.execute(f"CREATE TABLE IF NOT EXISTS articles ({columns}) STRICT")
            for name in ("canonical", "published", "cluster"):
                self._base.execute(
                    f"CREATE INDEX IF NOT EXISTS articles_{name} ON articles ({name})"
                )
            self._base.execute(f"PRAGMA user_version = {VERSION}")
            self._base.execute("COMMIT")

    def write(self, rows: Iterable[ArticleRow], /) -> int:
        """Write the rows, all or none of them."""
        cells = [_cells(it.as_dict()) for it in rows]
        with failing(self._path):
            self._base.execute("BEGIN IMMEDIATE")
            try:
                self._base.executemany(self._insert, cells)
                self._base.execute("COMMIT")
            except sqlite3.Error:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise
        return len(cells)

    def close(self) -> None:
        with failing(self._path):
            self._base.close()

    def abandon(self) -> None:
        """What was written stays: every batch is whole."""
        self.close()


@contextmanager
def failing(path: Path) -> Iterator[None]:
    """Turns what SQLite says into an OutputError that names path and cause."""
    try:
        yield
    except sqlite3.Error as error:
        raise OutputError(str(path), str(error)) from error


def _cells(values: Mapping[str, Any]) -> list[Any]:
    return [_cell(name, values.get(name)) for name in COLUMNS]


def _cell(name: str, value: Any) -> Any:
    if name in NESTED:
        return encoded(value).decode()
    if isinstance(value, str):
        # SQLite keeps UTF-8, which has no halves of surrogate pairs.
        return value.encode("utf-8", "replace").decode("utf-8")
    return value
