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
from math import inf
from pathlib import Path
from typing import Any, Self

import orjson

from scraper.errors import OutputError, Reason
from scraper.jobs.entries import Room, enter, take_in
from scraper.jobs.state import Address, Found, Settled, State
from scraper.jobs.tables import SCHEMA, VERSION, Transaction

# Address as it was asked for, state, reason, detail, HTTP status.
Ended = tuple[str, str, str | None, str | None, int | None]
_ADDRESS = "id, url, asked, host, source, depth, locator, etag, last_modified"


class Ledger:
    """One job's memory on disk. One process writes; any number may read."""

    def __init__(self, folder: Path) -> None:
        """Open, or begin, the ledger of a job's folder. Raises OutputError where that fails."""
        self.path = folder / "ledger.sqlite"
        self._room: Room = {}
        self._opened = time.time()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, isolation_level=None, timeout=10.0)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(SCHEMA)
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

    def crawl(self, source: int, room: float = inf) -> None:
        """Pages of this source are read for their links; of those, ``room`` more that count are
        taken in at most. Holds until the ledger is closed."""
        self._room[source] = room

    # What is to be done

    def add(self, found: Iterable[Found]) -> int:
        """Take in addresses; those that are known stay as they are. How many were new."""
        with self._transaction():
            return take_in(self._db, found, self._room)

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

    def had(self, url: str, came_from: Address) -> tuple[State, Reason | None, str] | None:
        """How an address ended, and as what it was asked for, whose page was had since this ledger
        was opened: under its own name or where another led. None where it is still of use to
        ``came_from``, which leads there: for its links, in a crawl.
        """
        crawled = came_from.source in self._room
        row = self._db.execute(
            "SELECT state, reason, asked FROM address WHERE state != 'waiting' AND id != ? "
            "AND settled_at >= ? AND (state != 'failed' OR status < 300) "
            "AND (url = ? OR id = (SELECT address FROM landing WHERE landing.url = ?)) "
            "AND (? OR source = ? AND depth <= ?) LIMIT 1",
            (
                came_from.id, self._opened, url, url,
                not crawled, came_from.source, came_from.depth,
            ),
        ).fetchone()  # fmt: skip
        return None if row is None else (State(row[0]), row[1] and Reason(row[1]), row[2])

    def waits(self, address: Address) -> bool:
        """Whether an address that was handed out is still to be visited: it may have been joined to
        an article since, or be where another one led."""
        row = self._db.execute(
            "SELECT 1 FROM address WHERE id = ? AND state = 'waiting'", (address.id,)
        ).fetchone()
        return row is not None

    # How it ended

    def settle(self, batch: Sequence[Settled]) -> None:
        """Write how addresses ended, all of them or none.

        Where an article's identity is known already, its address becomes SAME instead.
        Raises OutputError when the disk will not have it.
        """
        with self._transaction():
            for it in batch:
                enter(self._db, it, self._room)

    def ask_again(
        self, states: Iterable[State], reasons: Iterable[Reason] = (), before: float | None = None
    ) -> int:
        """Set settled addresses to waiting: of these states, these reasons (none: any), settled
        before a Unix time (None: whenever). How many there were.

        What was had where another address leads is asked for by that one's name only.
        """
        states, reasons = list(states), list(reasons)
        query = f"UPDATE address SET state = 'waiting' WHERE state IN ({_marks(states)})"
        if reasons:
            query += f" AND reason IN ({_marks(reasons)})"
        query += (
            " AND (NOT EXISTS (SELECT 1 FROM landing WHERE landing.url = address.url)"
            " OR EXISTS (SELECT 1 FROM article WHERE article.address = address.id))"
        )
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

    def settled_since(self, moment: float) -> int:
        """How many addresses have ended since a Unix time."""
        row = self._db.execute("SELECT COUNT(*) FROM address WHERE settled_at >= ?", (moment,))
        return int(row.fetchone()[0])

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

    def of_source(self, source: int) -> Iterator[str]:
        """Every address that a source has given, or led to."""
        rows = self._db.execute("SELECT url FROM address WHERE source = ?", (source,))
        yield from (url for (url,) in rows)

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

    def _transaction(self) -> Transaction:
        return Transaction(self._db, self.path)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
