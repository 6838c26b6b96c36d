"""Enters into the ledger's tables what was found, and how each address ended.

All of it happens inside a transaction of whoever calls.
"""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Iterable
from math import inf

import orjson

from scraper.jobs.state import Address, Found, Row, Settled, State

# How many more addresses that count a crawled source may take in; without an entry, it is none.
Room = dict[int, float]

# One address, if it is not known.
_INSERT = (
    "INSERT OR IGNORE INTO address "
    "(url, asked, host, source, depth, locator, state, reason, detail) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# How an address ends that is where ``other`` led.
_END_AS_THE_OTHER = (
    "UPDATE address SET "
    "state = CASE WHEN other.state IN ('article', 'unchanged') THEN 'same' ELSE other.state END, "
    "reason = other.reason, detail = 'where ' || other.asked || ' leads', status = other.status, "
    "settled_at = other.settled_at"
)


def take_in(db: sqlite3.Connection, found: Iterable[Found], room: Room) -> int:
    """Addresses that are known stay as they are. How many were new."""
    found = list(found)
    if not found:
        return 0
    before = db.execute("SELECT coalesce(max(id), 0) FROM address").fetchone()[0]
    if not any(it.source in room for it in found):
        many = db.executemany(_INSERT, map(_cells, found)).rowcount
    else:
        many = 0
        for it in found:
            if room.get(it.source, inf) > 0 or not it.depth:
                new = db.execute(_INSERT, _cells(it)).rowcount
                many += new
                if it.source in room:
                    room[it.source] -= new * it.counts
    # What another address has led to before it was named itself.
    db.execute(
        f"{_END_AS_THE_OTHER} FROM landing JOIN address AS other ON other.id = landing.address "
        "WHERE landing.url = address.url AND address.id > ? AND address.state = 'waiting' "
        f"AND {_needs_no_visit(room)}",
        (before,),
    )
    return many


def enter(db: sqlite3.Connection, it: Settled, room: Room) -> None:
    """How an address ended. Where its article's identity is known, it becomes SAME instead."""
    state, detail = it.state, it.detail
    if it.row is not None:
        state, detail = _keep(db, it.address, it.row)
    db.execute(
        "UPDATE address SET state = ?, reason = ?, detail = ?, status = ?, settled_at = ?, "
        "seconds = ?, etag = coalesce(?, etag), last_modified = coalesce(?, last_modified) "
        "WHERE id = ?",
        (
            state, it.reason, detail, it.status, time.time(), it.seconds, it.etag,
            it.last_modified, it.address.id,
        ),
    )  # fmt: skip
    take_in(db, it.found, room)
    for url in it.parts:
        _join(db, url, it.address)
    if it.landed:
        _land(db, it.landed, it.address, room)


def _keep(db: sqlite3.Connection, address: Address, row: Row) -> tuple[State, str]:
    """Take an article in, unless another address has brought it."""
    owner = db.execute(
        "SELECT address.id, address.asked FROM article JOIN address "
        "ON address.id = article.address WHERE identity = ?",
        (row.identity,),
    ).fetchone()
    if owner is None or owner[0] == address.id:
        blob = zlib.compress(orjson.dumps(row.values, default=str), 1)
        db.execute(
            "INSERT OR REPLACE INTO article VALUES (?, ?, ?)", (address.id, row.identity, blob)
        )
        return State.ARTICLE, ""
    # It may have had an article of its own before it was asked again.
    db.execute("DELETE FROM article WHERE address = ?", (address.id,))
    return State.SAME, f"the article of {owner[1]}"


def _join(db: sqlite3.Connection, url: str, first: Address) -> None:
    """A later page of an article is no article, even if it was taken for one before."""
    part = Found(url, url, first.host, first.source, first.depth)
    db.execute(_INSERT, _cells(part))
    db.execute("DELETE FROM article WHERE address = (SELECT id FROM address WHERE url = ?)", (url,))
    db.execute(
        "UPDATE address SET state = 'part', detail = ?, settled_at = ? WHERE url = ?",
        (f"joined to {first.asked}", time.time(), url),
    )


def _land(db: sqlite3.Connection, url: str, came_from: Address, room: Room) -> None:
    """What lies where an address led need not be fetched under its own name as well."""
    db.execute("INSERT OR REPLACE INTO landing VALUES (?, ?)", (url, came_from.id))
    db.execute(
        f"{_END_AS_THE_OTHER} FROM address AS other "
        "WHERE other.id = ? AND address.url = ? AND address.id != other.id "
        "AND NOT EXISTS (SELECT 1 FROM article WHERE article.address = address.id) "
        f"AND {_needs_no_visit(room)}",
        (came_from.id, url),
    )


def _needs_no_visit(room: Room) -> str:
    """Where a crawl would follow the links of an address, ``other`` must have had them too."""
    return (
        f"(address.source NOT IN ({', '.join(map(str, room))}) "
        "OR address.source = other.source AND address.depth >= other.depth)"
    )


def _cells(it: Found) -> tuple[object, ...]:
    state = State.FAILED if it.reason else State.WAITING
    return (
        it.url, it.asked, it.host, it.source, it.depth, it.locator, state, it.reason, it.detail
    )  # fmt: skip
