"""An inverted index on disk: which documents stand under a key.

Sorted columns in files that are never changed (``np.uint64``: the key in the upper 36 bits, the
document's number in the lower 28), and a small part in memory for what came last. Two files of a
size are merged into one of the next, so that there are few files however many documents there are.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.candidates import LEAST_TERMS, MOST_BY_TERM, MOST_IN_BAND, MOST_WITH_TERM
from cleaners.duplicates.shelf import Sketches
from cleaners.duplicates.words import Hashes, Rows
from cleaners.errors import BadIndex

NUMBER_BITS: Final = np.uint64(28)
MOST_NUMBERS: Final = 1 << 28
_NUMBER: Final = np.uint64(MOST_NUMBERS - 1)
# The two upper bits of a key tell what it is; a band's key has five more for the band's number.
_TERM: Final = np.uint64(2 << 34)
_EXACT: Final = np.uint64(3 << 34)
_ONE: Final = np.uint64(1)
FAN: Final = 2
# Numbers that are gathered from the terms of one text: of real news, those of its 30 rarest terms.
_MOST_FOUND: Final = 3000
_AT_ONCE: Final = 1_000_000  # postings that are merged at once: 8 MB of each file


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of postings. ``level`` 0 holds one load of the memory, level n two of level n - 1."""

    name: str
    level: int
    column: Hashes


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of documents: equal to a text, like it in a band, and by shared terms how many."""

    equal: list[int]
    near: list[int]
    sharing: dict[int, int]


def keys_of(of: Sketches, place: int) -> Hashes:
    """The keys under which a text is put down, ascending: its bands, its terms and what it says."""
    bands = _BANDS[: of.bands.shape[1]] | (of.bands[place].astype(np.uint64) >> np.uint64(3))
    terms = _TERM | of.terms[of.first[place] : of.first[place + 1]].astype(np.uint64)
    exact = _EXACT | (of.exact[place : place + 1] >> np.uint64(30))
    return np.concatenate([bands, terms, exact])


_BANDS: Final = np.arange(32, dtype=np.uint64) << np.uint64(29)


class Postings:
    """Keys and documents. Files are read where they lie; only the last documents are in memory."""

    def __init__(self, folder: Path | None, segments: Iterable[tuple[str, int]]) -> None:
        self._folder = folder
        self.segments: list[Segment] = []
        for name, level in segments:
            self.segments.append(Segment(name, level, self._opened(name)))
        # What was in no file when the index was opened, and what was added since.
        self._early: Hashes = np.zeros(0, dtype=np.uint64)
        self._late: dict[int, list[int]] = defaultdict(list)
        self._keys: dict[int, Hashes] = {}
        self._gone: list[int] = []
        self.fresh = 0  # documents that are in no file

    def load(self, fresh: Iterable[tuple[int, Hashes]]) -> None:
        """Takes into memory these documents, and no others."""
        self.clear()
        parts = [_posted(number, keys) for number, keys in fresh]
        self.fresh = len(parts)
        self._early = np.concatenate([self._early, *parts])
        self._early.sort()

    def add(self, number: int, keys: Hashes) -> None:
        """Puts a document down in memory."""
        self._keys[number] = keys
        self.fresh += 1
        for key in keys.tolist():
            self._late[key].append(number)

    def drop(self, number: int) -> None:
        """Takes a document out of memory; in files it stays until they are merged."""
        keys = self._keys.pop(number, None)
        if keys is None:
            self._gone.append(number)
            return
        for key in keys.tolist():
            self._late[key].remove(number)

    def found(self, keys: Hashes) -> Found:
        """What stands under a text's keys, which are ascending.

        A band gives at most the last 16 numbers of each file, any other key 64; terms come by their
        rarity until they have given 3,000, and one of more than 512 documents gives none.
        """
        columns = [it.column for it in self.segments]
        if len(self._early):
            columns.append(self._early)
        bounds = np.concatenate([keys, keys + _ONE]) << NUMBER_BITS
        late = [self._late.get(key, ()) for key in keys.tolist()]
        sizes = np.array([len(it) for it in late], dtype=np.int64)
        ranges = []
        for column in columns:
            low, high = np.searchsorted(column, bounds).reshape(2, -1)
            sizes += high - low
            ranges.append((low, high))
        kind = keys >> np.uint64(34)
        is_term = kind == 2
        wanted = (sizes > 0) & ~(is_term & (sizes > MOST_WITH_TERM))
        # The rarest terms say most; what is left of the budget goes to the next.
        costs = np.where(is_term & wanted, sizes, 0)
        order = np.argsort(costs, kind="stable")
        wanted[order] &= np.cumsum(costs[order]) <= _MOST_FOUND
        places = np.flatnonzero(wanted)
        most = _MOST[kind[places].astype(np.int64)]
        ends = np.searchsorted(kind[places], [1, 3])
        buckets: tuple[list[NDArray[np.uint64]], ...] = ([], [], [])
        for column, (low, high) in zip(columns, ranges, strict=True):
            start = np.maximum(low[places], high[places] - most)
            count = high[places] - start
            total = np.cumsum(count)
            if not len(total) or not total[-1]:
                continue
            rows = np.repeat(start - (total - count), count) + np.arange(total[-1])
            numbers = column[rows] & _NUMBER
            borders = [0, *np.append(0, total)[ends].tolist(), len(numbers)]
            for bucket in range(3):
                buckets[bucket].append(numbers[borders[bucket] : borders[bucket + 1]])
        near, sharing, equal = (np.concatenate(it) if it else _NO_NUMBERS for it in buckets)
        late_near, late_sharing, late_equal = (
            [number for it in those.tolist() for number in late[it][-_MOST_LATE:]]
            for those in np.split(places, ends)
        )
        if late_sharing:
            sharing = np.concatenate([sharing, np.array(late_sharing, dtype=np.uint64)])
        return Found(
            sorted({*equal.tolist(), *late_equal}),
            sorted({*near.tolist(), *late_near}),
            _often(sharing),
        )

    def sealed(self) -> Hashes:
        """All that is in memory as one sorted column."""
        early = self._early[~_among(self._early, np.array(self._gone, dtype=np.int64))]
        parts = [_posted(number, keys) for number, keys in self._keys.items()]
        column = np.concatenate([early, *parts])
        column.sort()
        return column

    def to_merge(self) -> list[Segment]:
        """Segments of one level that are two or more, of the lowest such level."""
        levels: dict[int, list[Segment]] = defaultdict(list)
        for it in self.segments:
            levels[it.level].append(it)
        for level in sorted(levels):
            if len(levels[level]) >= FAN:
                return levels[level]
        return []

    def merged(self, segments: list[Segment], dead: Rows) -> Iterator[Hashes]:
        """The postings of some segments in order, in portions, without those of dead documents."""
        longest = max((it.column for it in segments), key=len)
        edges = longest[_AT_ONCE::_AT_ONCE]
        cuts = [np.searchsorted(it.column, edges) for it in segments]
        for portion in zip(
            *(np.split(it.column, cut) for it, cut in zip(segments, cuts, strict=True)),
            strict=True,
        ):
            column = np.concatenate(portion)
            # Stable sorting finds the runs that are sorted and only merges them.
            column.sort(kind="stable")
            yield column[~_among(column, dead)]

    def write(self, name: str, columns: Iterable[Hashes]) -> Hashes:
        """Puts columns into a file of their own, whole or not at all, and gives it back."""
        if self._folder is None:
            return np.concatenate([*columns])
        path = self._folder / name
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            for column in columns:
                file.write(column.astype("<u8", copy=False).data)
            file.flush()
            # The table of files may reach the disk before them otherwise.
            os.fsync(file.fileno())
        unfinished.replace(path)
        return self._opened(name)

    def take(self, segment: Segment) -> None:
        """Uses a column that has been written from now on."""
        self.segments.append(segment)

    def forget(self, segments: list[Segment]) -> None:
        """Stops using some segments and deletes their files."""
        names = {it.name for it in segments}
        self.segments = [it for it in self.segments if it.name not in names]
        if self._folder is not None:
            for name in names:
                (self._folder / name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Empties the part in memory."""
        self._early = np.zeros(0, dtype=np.uint64)
        self._late.clear()
        self._keys.clear()
        self._gone.clear()
        self.fresh = 0

    def _opened(self, name: str) -> Hashes:
        if self._folder is None:
            raise BadIndex(name, "an index in memory has no files")
        path = self._folder / name
        try:
            if not path.stat().st_size:
                return np.zeros(0, dtype=np.uint64)
            mapped = np.memmap(path, dtype="<u8", mode="r")
        except (OSError, ValueError) as error:
            raise BadIndex(str(path), f"cannot be read: {error}") from error
        # A plain view of the same pages: slices of a memmap cost ten times as much.
        column: Hashes = mapped.view(np.ndarray)
        return column


_NO_NUMBERS: Final = np.zeros(0, dtype=np.uint64)
_MOST_LATE: Final = 2 * MOST_BY_TERM
# By kind of key: of bands, of nothing, of terms, of what a text says.
_MOST: Final = np.array([2 * MOST_IN_BAND, 0, 2 * MOST_BY_TERM, 2 * MOST_BY_TERM])


def _posted(number: int, keys: Hashes) -> Hashes:
    return (keys << NUMBER_BITS) | np.uint64(number)


def _often(numbers: NDArray[np.uint64]) -> dict[int, int]:
    """Those that come often enough to be looked at, and how often."""
    numbers.sort()
    last = LEAST_TERMS - 1
    often = numbers[last:][numbers[last:] == numbers[: len(numbers) - last]]
    if not len(often):
        return {}
    each, counts = np.unique(often, return_counts=True)
    return dict(zip(each.tolist(), (counts + last).tolist(), strict=True))


def _among(column: Hashes, numbers: Rows) -> NDArray[np.bool_]:
    if not len(numbers):
        return np.zeros(len(column), dtype=bool)
    return np.isin((column & _NUMBER).astype(np.int64), numbers)
