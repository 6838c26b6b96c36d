"""The ledger: which addresses a job knows, how each ended, and the articles, in one SQLite file.

An article and the final state of its address are one transaction, so that a process killed at any
moment leaves neither an article twice nor an address lost. What other machines would share is
behind this one class; docs/ledger.md tells how Postgres takes its place.
"""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import orjson

from scraper.errors import OutputError, Reason
from scraper.jobs.state import Address, Found, Settled, State

# Raised when the tables change; a ledger of another version is not touched.
VERSION = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS address (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    asked TEXT NOT NULL,
    host TEXT NOT NULL,
    source INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    locator TEXT,
    state TEXT NOT NULL DEFAULT 'waiting',
    reason TEXT,
    detail TEXT,
    status INTEGER,
    settled_at REAL,
    seconds REAL,
    etag TEXT,
    last_modified TEXT
);
CREATE INDEX IF NOT EXISTS waiting ON address (host, id) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS article (
    address INTEGER PRIMARY KEY REFERENCES address (id),
    identity TEXT NOT NULL UNIQUE,
    row BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS robots (
    host TEXT PRIMARY KEY, fetched_at REAL NOT NULL, status INTEGER, body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
# Address as it was asked for, state, reason, detail, HTTP status.
Ended = tuple[str, str, str | None, str | None, int | None]
_ADDRESS = "id, url, asked, host, source, depth, locator, etag, last_modified"


class Ledger:
    """One job's memory on disk. One process writes; any number may read."""

    def __init__(self, folder: Path) -> None:
        """Open, or begin, the ledger of a job's folder. Raises OutputError where that fails."""
        self.path = folder / "ledger.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, isolation_level=None, timeout=10.0)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA)
            found = self.note("version")
        except (OSError, sqlite3.Error) as error:
            raise OutputError(str(self.path), f"the ledger cannot be opened: {error}") from error
        if found is None:
            self.set_note("version", str(VERSION))
        elif found != str(VERSION):
            raise OutputError(
                str(self.path), f"is a ledger of version {found}, this program writes {VERSION}"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    # What is to be done

    def add(self, found: Iterable[Found]) -> int:
        """Take in addresses; those that are known stay as they are. How many were new."""
        before = self._db.total_changes
        with self._transaction():
            self._add(found)
        return self._db.total_changes - before

    def hosts(self, after: str = "", most: int = 100) -> list[str]:
        """Hosts that have something waiting, in order of their names, from after ``after``."""
        hosts: list[str] = []
        while len(hosts) < most:
            # One step of the index for each host, whatever the number of its addresses.
            row = self._db.execute(
                "SELECT host FROM address WHERE state = 'waiting' AND host > ? "
                "ORDER BY host LIMIT 1",
                (after,),
            ).fetchone()
            if row is None:
                break
            after = row[0]
            hosts.append(after)
        return hosts

    def waiting(self, host: str, after: int = 0, most: int = 20) -> list[Address]:
        """A host's next addresses after the id ``after``."""
        rows = self._db.execute(
            f"SELECT {_ADDRESS} FROM address "
            "WHERE state = 'waiting' AND host = ? AND id > ? ORDER BY id LIMIT ?",
            (host, after, most),
        )
        return [Address(*row) for row in rows]

    # How it ended

    def settle(self, batch: Sequence[Settled]) -> None:
        """Write how addresses ended, all of them or none.

        Where an article's identity is known already, its address becomes SAME instead.
        Raises OutputError when the disk will not have it.
        """
        with self._transaction():
            for it in batch:
                self._settle(it)

    def ask_again(
        self, states: Iterable[State], reasons: Iterable[Reason] = (), before: float | None = None
    ) -> int:
        """Set settled addresses to waiting: of these states, these reasons (none: any), settled
        before a Unix time (None: whenever). How many there were."""
        states, reasons = list(states), list(reasons)
        query = f"UPDATE address SET state = 'waiting' WHERE state IN ({_marks(states)})"
        if reasons:
            query += f" AND reason IN ({_marks(reasons)})"
        if before is not None:
            query += " AND settled_at < ?"
        with self._transaction():
            done = self._db.execute(
                query, (*states, *reasons, *([] if before is None else [before]))
            )
        return done.rowcount

    # What is known

    def counts(self) -> dict[tuple[str, str | None], int]:
        """How many addresses there are by state and reason. WAITING has no reason here."""
        rows = self._db.execute(
            "SELECT state, CASE state WHEN 'waiting' THEN NULL ELSE reason END, COUNT(*) "
            "FROM address GROUP BY 1, 2"
        )
        return {(state, reason): n for state, reason, n in rows}

    def count_by_host(self, most: int = 50) -> list[tuple[str, int, int, int]]:
        """Host, addresses, articles, failures; the largest first."""
        return self._db.execute(
            "SELECT host, COUNT(*), SUM(state IN ('article', 'unchanged')), SUM(state = 'failed') "
            "FROM address GROUP BY host ORDER BY 2 DESC, 1 LIMIT ?",
            (most,),
        ).fetchall()

    def slowest(self, most: int = 10) -> list[tuple[str, str, float]]:
        """Address, state and seconds of the pages that took longest to read."""
        return self._db.execute(
            "SELECT asked, state, seconds FROM address WHERE seconds IS NOT NULL "
            "ORDER BY seconds DESC, id LIMIT ?",
            (most,),
        ).fetchall()

    def rows(self) -> Iterator[dict[str, Any]]:
        """The articles as they were settled, in the order in which their addresses were found."""
        for (blob,) in self._db.execute("SELECT row FROM article ORDER BY address"):
            yield orjson.loads(zlib.decompress(blob))

    def stored(self) -> Iterator[tuple[str, str]]:
        """Address and locator of every page that lies on a disk."""
        yield from self._db.execute(
            "SELECT asked, locator FROM address WHERE locator IS NOT NULL ORDER BY id"
        )

    def settled(self, *states: State) -> Iterator[Ended]:
        """Address, state, reason, detail and HTTP status of what ended in these states."""
        yield from self._db.execute(
            "SELECT asked, state, reason, detail, status FROM address "
            f"WHERE state IN ({_marks(states)}) ORDER BY id",
            states,
        )

    def note(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM note WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_note(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (key, value))

    def robots(self, host: str) -> tuple[float, int | None, bytes] | None:
        """When a host's robots.txt was read (Unix time), its HTTP status, its body."""
        row = self._db.execute(
            "SELECT fetched_at, status, body FROM robots WHERE host = ?", (host,)
        ).fetchone()
        return tuple(row) if row else None

    def set_robots(self, host: str, fetched_at: float, status: int | None, body: bytes) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)", (host, fetched_at, status, body)
        )

    # Inside

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db, self.path)

    def _add(self, found: Iterable[Found]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO address "
            "(url, asked, host, source, depth, locator, state, reason, detail) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    it.url, it.asked, it.host, it.source, it.depth, it.locator,
                    State.FAILED if it.reason else State.WAITING, it.reason, it.detail,
                )
                for it in found
            ),
        )  # fmt: skip

    def _settle(self, it: Settled) -> None:
        state, detail = it.state, it.detail
        if it.row is not None:
            blob = zlib.compress(orjson.dumps(it.row.values, default=str), 1)
            owner = self._db.execute(
                "SELECT address.id, address.asked FROM article JOIN address "
                "ON address.id = article.address WHERE identity = ?",
                (it.row.identity,),
            ).fetchone()
            if owner is None or owner[0] == it.address.id:
                self._db.execute(
                    "INSERT OR REPLACE INTO article VALUES (?, ?, ?)",
                    (it.address.id, it.row.identity, blob),
                )
            else:
                state, detail = State.SAME, f"the article of {owner[1]}"
        self._db.execute(
            "UPDATE address SET state = ?, reason = ?, detail = ?, status = ?, settled_at = ?, "
            "seconds = ?, etag = coalesce(?, etag), last_modified = coalesce(?, last_modified) "
            "WHERE id = ?",
            (
                state, it.reason, detail, it.status, time.time(), it.seconds, it.etag,
                it.last_modified, it.address.id,
            ),
        )  # fmt: skip
        self._add(it.found)
        for url in it.parts:
            self._add([Found(url, url, it.address.host, it.address.source, it.address.depth)])
            self._db.execute(
                "UPDATE address SET state = 'part', detail = ?, settled_at = ? WHERE url = ?",
                (f"joined to {it.address.asked}", time.time(), url),
            )


class _Transaction:
    """Everything inside happens, or nothing; SQLite's own errors become an OutputError."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if error is None:
            try:
                self._db.execute("COMMIT")
            except sqlite3.Error as failed:
                error = failed
            else:
                return
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        if isinstance(error, sqlite3.Error):
            raise OutputError(str(self._path), f"the ledger cannot be written: {error}") from error


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
