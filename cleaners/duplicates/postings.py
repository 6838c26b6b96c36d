"""An inverted index on disk: which documents stand under a key.

Sorted columns in files that are never changed (``np.uint64``: the key in the upper 36 bits, the
document's number in the lower 28), and a small part in memory for what came last. Four files of a
size are merged into one of the next, so that there are few files however many documents there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.candidates import MOST_BY_TERM, MOST_IN_BAND, MOST_WITH_TERM
from cleaners.duplicates.shelf import Sketches
from cleaners.duplicates.words import Hashes, Rows
from cleaners.errors import BadIndex

NUMBER_BITS: Final = np.uint64(28)
MOST_NUMBERS: Final = 1 << 28
_NUMBER: Final = np.uint64(MOST_NUMBERS - 1)
# The two upper bits of a key tell what it is; a band's key has five more for the band's number.
_TERM: Final = np.uint64(2 << 34)
_EXACT: Final = np.uint64(3 << 34)
FAN: Final = 4
# Numbers that are gathered from the terms of one text: of real news, those of its 30 rarest terms.
_MOST_FOUND: Final = 3000


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of postings. ``level`` 0 holds one load of the memory, level n four of level n - 1."""

    name: str
    level: int
    column: NDArray[np.uint64]


def keys_of(of: Sketches, place: int, is_whole: bool) -> Hashes:
    """The keys under which a text is put down: what it says, and unless ``is_whole`` is False
    (another text says just the same and speaks for both) its bands and terms."""
    exact = _EXACT | (of.exact[place : place + 1] >> np.uint64(30))
    if not is_whole:
        return exact
    band = np.arange(of.bands.shape[1], dtype=np.uint64) << np.uint64(29)
    bands = band | (of.bands[place].astype(np.uint64) >> np.uint64(3))
    terms = _TERM | of.terms[of.first[place] : of.first[place + 1]].astype(np.uint64)
    return np.concatenate([exact, bands, terms])


class Postings:
    """Keys and documents. Files are read where they lie; only the last documents are in memory."""

    def __init__(self, folder: Path | None, segments: Iterable[tuple[str, int]]) -> None:
        self._folder = folder
        self.segments: list[Segment] = []
        for name, level in segments:
            self.segments.append(Segment(name, level, self._opened(name)))
        self._fresh: dict[int, list[int]] = defaultdict(list)
        self.fresh: dict[int, Hashes] = {}

    def add(self, number: int, keys: Hashes) -> None:
        """Puts a document down in memory."""
        self.fresh[number] = keys
        for key in keys.tolist():
            self._fresh[key].append(number)

    def drop(self, number: int) -> None:
        """Takes a document out of memory; in files it stays until they are merged."""
        for key in self.fresh.pop(number, np.zeros(0, dtype=np.uint64)).tolist():
            self._fresh[key].remove(number)

    def found(self, keys: Hashes) -> tuple[Rows, Rows, Rows]:
        """What stands under a text's keys: numbers equal to it, like it in a band, sharing terms.

        The last has a number for each shared term. A band gives at most the last 16 numbers of
        each file, a term 64; terms come by their rarity until they have given 3,000, and one of
        more than 512 documents gives none.
        """
        ranges = []
        sizes = np.zeros(len(keys), dtype=np.int64)
        for segment in self.segments:
            low = np.searchsorted(segment.column, keys << NUMBER_BITS)
            high = np.searchsorted(segment.column, (keys + np.uint64(1)) << NUMBER_BITS)
            sizes += high - low
            ranges.append((segment.column, low, high))
        fresh = [self._fresh.get(key, ()) for key in keys.tolist()]
        sizes += np.array([len(it) for it in fresh], dtype=np.int64)
        kind = keys >> np.uint64(34)
        wanted = np.where(kind == 2, (sizes > 0) & (sizes <= MOST_WITH_TERM), sizes > 0)
        chunks: tuple[list[NDArray[np.uint64]], ...] = ([], [], [])
        # The rarest terms say most; what is left of the budget goes to the next.
        places = np.flatnonzero(wanted)
        places = places[np.argsort(np.where(kind[places] == 2, sizes[places], 0), kind="stable")]
        spent = np.cumsum(np.where(kind[places] == 2, sizes[places], 0))
        for place in places[spent <= _MOST_FOUND].tolist():
            bucket = 2 if kind[place] == 2 else 0 if kind[place] == 3 else 1
            most = (MOST_NUMBERS, 2 * MOST_IN_BAND, 2 * MOST_BY_TERM)[bucket]
            for column, low, high in ranges:
                if low[place] < high[place]:
                    start = max(int(low[place]), int(high[place]) - most)
                    chunks[bucket].append(column[start : high[place]] & _NUMBER)
            if fresh[place]:
                chunks[bucket].append(np.array(fresh[place][-most:], dtype=np.uint64))
        equal, near, sharing = (
            np.concatenate(it).astype(np.int64) if it else np.zeros(0, dtype=np.int64)
            for it in chunks
        )
        return np.unique(equal), np.unique(near), sharing

    def sealed(self) -> NDArray[np.uint64]:
        """All that is in memory as one sorted column."""
        parts = [(keys << NUMBER_BITS) | np.uint64(number) for number, keys in self.fresh.items()]
        column = np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint64)
        column.sort()
        return column

    def to_merge(self) -> list[Segment]:
        """Segments of one level that are four or more, of the lowest such level."""
        levels: dict[int, list[Segment]] = defaultdict(list)
        for it in self.segments:
            levels[it.level].append(it)
        for level in sorted(levels):
            if len(levels[level]) >= FAN:
                return levels[level]
        return []

    def merged(self, segments: list[Segment], dead: Rows) -> NDArray[np.uint64]:
        """The postings of some segments in one column, without those of dead documents."""
        column = np.concatenate([it.column for it in segments])
        if len(dead):
            column = column[~np.isin((column & _NUMBER).astype(np.int64), dead)]
        column.sort()
        return column

    def write(self, name: str, column: NDArray[np.uint64]) -> None:
        """Puts a column into a file of its own, whole or not at all."""
        if self._folder is None:
            return
        path = self._folder / name
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            np.save(file, column)
        unfinished.replace(path)

    def take(self, name: str, level: int, column: NDArray[np.uint64]) -> None:
        """Uses a column that has been written from now on."""
        self.segments.append(
            Segment(name, level, column if self._folder is None else self._opened(name))
        )

    def forget(self, segments: list[Segment]) -> None:
        """Stops using some segments and deletes their files."""
        self.segments = [it for it in self.segments if it not in segments]
        if self._folder is not None:
            for it in segments:
                (self._folder / it.name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Empties the part in memory."""
        self.fresh.clear()
        self._fresh.clear()

    def _opened(self, name: str) -> NDArray[np.uint64]:
        if self._folder is None:
            raise BadIndex(name, "an index in memory has no files")
        try:
            mapped = np.load(self._folder / name, mmap_mode="r")
        except (OSError, ValueError) as error:
            raise BadIndex(str(self._folder / name), f"cannot be read: {error}") from error
        # A plain view of the same pages: slices of a memmap cost ten times as much.
        column: NDArray[np.uint64] = mapped.view(np.ndarray)
        return column
