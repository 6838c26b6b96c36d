"""The documents and matches of an index in SQLite: what is committed survives a kill."""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np

from cleaners.duplicates.judge import Verdicts
from cleaners.duplicates.words import Hashes, Rows
from cleaners.errors import BadIndex

# 3: Arabic stems have no particles before them, and files of keys end with a fence.
VERSION: Final = 3
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text BLOB NOT NULL,
    exact INTEGER NOT NULL, terms INTEGER NOT NULL, speaks INTEGER NOT NULL,
    length INTEGER NOT NULL, mark TEXT);
CREATE TABLE IF NOT EXISTS equal (number INTEGER PRIMARY KEY, exact INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS equal_exact ON equal (exact);
CREATE TABLE IF NOT EXISTS fresh (number INTEGER PRIMARY KEY, keys BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS dead (number INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS segments (name TEXT PRIMARY KEY, level INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS verdicts (
    a INTEGER NOT NULL, b INTEGER NOT NULL, found BLOB NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS verdicts_b ON verdicts (b);
"""
# A verdict as it is stored: each field of Verdicts but the pair, in their order.
_FOUND: Final = struct.Struct("<fffBBffffffff")
# zlib's own default: a tenth less on disk than the fastest level.
_LEVEL: Final = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A document as the index knows it; ``speaks`` is False where an equal one stands for it."""

    number: int
    id: str
    exact: int
    terms: int
    speaks: bool
    length: int
    mark: str | None


_ROW: Final = "SELECT number, id, exact, terms, speaks, length, mark FROM documents"


class Store:
    """One SQLite file, or a database in memory where the path is None."""

    def __init__(self, path: Path | None) -> None:
        try:
            self._connection = sqlite3.connect(
                ":memory:" if path is None else path, isolation_level=None
            )
            # A commit that has returned survives the death of the process; of the machine, all but
            # the last few do.
            self._connection.execute("PRAGMA page_size = 8192")  # a twentieth less on disk
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(_SCHEMA)
            self._check(str(path))
        except sqlite3.Error as error:
            raise BadIndex(str(path), f"cannot be opened: {error}") from error

    def _check(self, path: str) -> None:
        row = self._connection.execute("SELECT value FROM about WHERE key = 'version'").fetchone()
        if row is None:
            self._connection.execute("INSERT INTO about VALUES ('version', ?)", (str(VERSION),))
        elif row[0] != str(VERSION):
            raise BadIndex(path, f"it is of version {row[0]}, this program reads {VERSION}")

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written inside is kept together, or not at all."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def count(self) -> int:
        """How many documents there are."""
        return int(self._connection.execute("SELECT count(*) FROM documents").fetchone()[0])

    def ids(self) -> Iterator[str]:
        """All ids, by number."""
        for (it,) in self._connection.execute("SELECT id FROM documents ORDER BY number"):
            yield it

    def next_number(self) -> int:
        """One more than any number that was ever given, of those that files may still hold."""
        highest = self._connection.execute(
            "SELECT max(coalesce((SELECT max(number) FROM documents), -1),"
            " coalesce((SELECT max(number) FROM dead), -1))"
        ).fetchone()[0]
        return int(highest) + 1

    def put(self, row: Row, text: str) -> None:
        packed = zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row.number, row.id, packed, row.exact, row.terms, row.speaks, row.length, row.mark),
        )

    def speak(self, number: int, speaks: bool) -> None:
        self._connection.execute(
            "UPDATE documents SET speaks = ? WHERE number = ?", (speaks, number)
        )

    def delete(self, number: int) -> None:
        self._connection.execute("DELETE FROM documents WHERE number = ?", (number,))
        self._connection.execute("DELETE FROM fresh WHERE number = ?", (number,))
        self._connection.execute("INSERT OR IGNORE INTO dead VALUES (?)", (number,))

    def row(self, name: str) -> Row | None:
        found = self._connection.execute(f"{_ROW} WHERE id = ?", (name,)).fetchone()
        return _row(found) if found else None

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """The documents with these numbers; those that were removed are left out."""
        found = []
        for number in numbers:
            it = self._connection.execute(f"{_ROW} WHERE number = ?", (number,)).fetchone()
            if it is not None:
                found.append(_row(it))
        return found

    def texts(self, numbers: Rows) -> list[str]:
        """The texts with these numbers, in this order."""
        found = []
        for number in numbers.tolist():
            it = self._connection.execute(
                "SELECT text FROM documents WHERE number = ?", (number,)
            ).fetchone()
            if it is None:
                raise BadIndex(str(number), "there is no document with this number")
            found.append(zlib.decompress(it[0]).decode("utf-8", "surrogatepass"))
        return found

    def put_fresh(self, number: int, keys: Hashes) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO fresh VALUES (?, ?)", (number, keys.tobytes())
        )

    def fresh(self) -> Iterator[tuple[int, Hashes]]:
        """Documents whose postings are in no file yet."""
        for number, keys in self._connection.execute("SELECT number, keys FROM fresh"):
            yield number, np.frombuffer(keys, dtype=np.uint64)

    def segments(self) -> list[tuple[str, int]]:
        return list(self._connection.execute("SELECT name, level FROM segments ORDER BY name"))

    def replace_segments(self, old: Iterable[str], name: str, level: int) -> None:
        self._connection.executemany("DELETE FROM segments WHERE name = ?", [(it,) for it in old])
        self._connection.execute("INSERT INTO segments VALUES (?, ?)", (name, level))

    def clear_fresh(self) -> None:
        self._connection.execute("DELETE FROM fresh")

    def dead(self) -> Rows:
        """Numbers of documents that were removed and that files may still hold."""
        return np.array(
            [it[0] for it in self._connection.execute("SELECT number FROM dead")], dtype=np.int64
        )

    def put_verdicts(self, found: Verdicts) -> None:
        columns = [getattr(found, it.name) for it in fields(found) if it.name != "pairs"]
        for row, (a, b) in enumerate(found.pairs.tolist()):
            values: list[float] = []
            for column in columns:
                values += np.atleast_1d(column[row]).tolist()
            self._connection.execute(
                "INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?)", (a, b, _FOUND.pack(*values))
            )

    def drop_verdicts(self, number: int) -> None:
        self._connection.execute("DELETE FROM verdicts WHERE a = ?", (number,))
        self._connection.execute("DELETE FROM verdicts WHERE b = ?", (number,))

    def verdicts(self) -> Verdicts:
        """All verdicts that were kept."""
        rows = self._connection.execute("SELECT a, b, found FROM verdicts").fetchall()
        pairs = np.array([row[:2] for row in rows], dtype=np.int64).reshape(-1, 2)
        values = np.array([_FOUND.unpack(row[2]) for row in rows], dtype=np.float32)
        values = values.reshape(-1, 13)
        kind, shorter = values[:, 3].astype(np.uint8), values[:, 4].astype(np.uint8)
        head = values[:, 0], values[:, 1], values[:, 2]
        tail = (values[:, it] for it in range(9, 13))
        return Verdicts(pairs, *head, kind, shorter, values[:, 5:7], values[:, 7:9], *tail)

    def put_equal(self, numbers: Iterable[int], exact: int) -> None:
        """Documents that say word for word the same."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO equal VALUES (?, ?)", [(it, exact) for it in numbers]
        )

    def drop_equal(self, number: int) -> None:
        self._connection.execute("DELETE FROM equal WHERE number = ?", (number,))

    def equals(self, exact: int | None = None) -> list[int]:
        """All documents that were put down as equal to another, or those that say just this."""
        if exact is None:
            return [it[0] for it in self._connection.execute("SELECT number FROM equal")]
        found = self._connection.execute("SELECT number FROM equal WHERE exact = ?", (exact,))
        return [it[0] for it in found]

    def settle(self) -> None:
        """Lets all that is committed reach the disk itself, so that no loss of power undoes it."""
        self._connection.execute("PRAGMA wal_checkpoint(FULL)").fetchall()


def _row(of: tuple[int, str, int, int, int, int, str | None]) -> Row:
    return Row(of[0], of[1], of[2], of[3], bool(of[4]), of[5], of[6])
