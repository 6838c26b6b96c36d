"""The ledger's tables, and a transaction over them that ends as a whole or not at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from scraper.errors import OutputError

# Raised when the tables change; a ledger of another version is not touched.
VERSION = 1

SCHEMA = """
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
CREATE TABLE IF NOT EXISTS landing (
    url TEXT PRIMARY KEY, address INTEGER NOT NULL REFERENCES address (id)
);
CREATE TABLE IF NOT EXISTS robots (
    host TEXT PRIMARY KEY, fetched_at REAL NOT NULL, status INTEGER, body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Transaction:
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
