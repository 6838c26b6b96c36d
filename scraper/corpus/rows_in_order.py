"""Reads single rows of files that can only be read from their start, such as what is compressed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from scraper.errors import FetchError, Reason

# Rows in memory at a time; pages have 100 KB each or so.
BATCH: Final = 64
# Batches that are remembered: whoever reads pages takes them in about their order, not exactly.
REMEMBERED: Final = 2
LONGEST_LINE: Final = 1 << 27  # bytes; a longer line is no row but a file of another kind


class RowsInOrder:
    """Holds the file that was read last, at its last place."""

    def __init__(self, rows: Callable[[Path], Iterable[Any]]) -> None:
        self._rows_of = rows
        self._path: Path | None = None
        self._rows: Iterator[Any] = iter(())
        self._next = 0  # number of the batch that comes next
        self._known: dict[int, list[Any]] = {}

    def row(self, path: Path, at: int) -> Any:
        """Row number ``at``. Quick where rows are asked for in about their order.

        Raises FetchError (unreadable) where there is no such row, and what reading raises.
        """
        wanted, within = divmod(at, BATCH)
        if path != self._path or (wanted < self._next and wanted not in self._known):
            self._path, self._next, self._known = path, 0, {}
            self._rows = iter(self._rows_of(path))
        while wanted not in self._known:
            batch = list(islice(self._rows, BATCH))
            if not batch:
                break
            self._known[self._next] = batch
            self._known.pop(self._next - REMEMBERED, None)
            self._next += 1
        rows = self._known.get(wanted, [])
        if within >= len(rows):
            raise FetchError(str(path), Reason.UNREADABLE, f"has no row {at} any more")
        return rows[within]


def zipped_lines(path: Path) -> Iterator[bytes]:
    """The lines of a gzipped file. Raises FetchError (unreadable) where it is broken or cut."""
    try:
        with gzip.open(path) as lines:
            while line := lines.readline(LONGEST_LINE):
                yield line
    except (OSError, EOFError, zlib.error) as error:
        raise FetchError(str(path), Reason.UNREADABLE, f"cannot be unpacked: {error}") from error
