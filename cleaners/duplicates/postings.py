"""An inverted index on disk: which documents stand under a key.

Sorted columns in files that are never changed (``np.uint64``: the key in the upper 36 bits, the
document's number in the lower 28), and a small part in memory for what came last. Two files of a
size are merged into one of the next, so that there are few files however many documents there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.candidates import LEAST_TERMS, MOST_BY_TERM, MOST_IN_BAND, MOST_WITH_TERM
from cleaners.duplicates.keys import MOST_NUMBERS, NUMBER_BITS, Found
from cleaners.duplicates.segments import Segment, in_memory, opened, written
from cleaners.duplicates.words import Hashes, Rows

_NUMBER: Final = np.uint64(MOST_NUMBERS - 1)
_ONE: Final = np.uint64(1)
FAN: Final = 2
# Numbers that are gathered from the terms of one text: of real news, those of its 30 rarest terms.
_MOST_FOUND: Final = 3000
_AT_ONCE: Final = 1_000_000  # postings that are merged at once: 8 MB of each file


class Postings:
    """Keys and documents. Files are read where they lie; only the last documents are in memory."""

    def __init__(self, folder: Path | None, segments: Iterable[tuple[str, int]]) -> None:
        self._folder = folder
        self.segments = [opened(folder, name, level) for name, level in segments]
        # What was in no file when the index was opened, and what was added since.
        self._early = in_memory("", 0, np.zeros(0, dtype=np.uint64))
        self._late: dict[int, list[int]] = defaultdict(list)
        self._keys: dict[int, Hashes] = {}
        self._gone: list[int] = []
        self.fresh = 0  # documents that are in no file

    def load(self, fresh: Iterable[tuple[int, Hashes]]) -> None:
        """Takes into memory these documents, and no others."""
        self.clear()
        parts = [_posted(number, keys) for number, keys in fresh]
        self.fresh = len(parts)
        column = np.concatenate([_NOTHING, *parts])
        column.sort()
        self._early = in_memory("", 0, column)

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

    def found(self, of: Sequence[Hashes]) -> list[Found]:
        """What stands in files under the keys of each of some texts; keys are ascending.

        A band gives at most the last 16 numbers of each file, any other key 64; terms come by their
        rarity until they have given 3,000, and one of more than 512 documents gives none.
        """
        keys = np.concatenate([*of])
        lengths = [len(it) for it in of]
        text = np.repeat(np.arange(len(of)), lengths)
        kind = (keys >> np.uint64(34)).astype(np.int64)
        # Neighbors in a file are looked up one after the other.
        order = np.argsort(keys)
        ranked = keys[order]
        bounds = np.stack([ranked, ranked + _ONE], axis=1).ravel() << NUMBER_BITS
        segments = self._segments()
        low, high = np.empty((2, len(segments), len(keys)), dtype=np.int64)
        for at, segment in enumerate(segments):
            places = segment.places(bounds)
            low[at, order], high[at, order] = places[::2], places[1::2]
        sizes = (high - low).sum(axis=0)
        is_term = kind == 2
        useful = ~is_term | (sizes <= MOST_WITH_TERM)
        places = _affordable(text, np.where(is_term, sizes, 0), useful & (sizes > 0))
        # All that is to be read, file after file.
        start = np.maximum(low[:, places], high[:, places] - _MOST[kind[places]])
        count = high[:, places] - start
        total = count.cumsum()
        rows = np.repeat(start.ravel() - (total - count.ravel()), count.ravel())
        rows += np.arange(len(rows))
        cuts = count.sum(axis=1).cumsum().tolist()
        read = [
            it.column.take(rows[a:b]) for it, a, b in zip(segments, [0, *cuts], cuts, strict=False)
        ]
        tags = ((text[places] << 2) | kind[places]).astype(np.uint64) << NUMBER_BITS
        found = np.concatenate([_NOTHING, *read]) & _NUMBER
        found |= np.repeat(np.broadcast_to(tags, count.shape).ravel(), count.ravel())
        useful_of = np.split(useful, np.cumsum(lengths)[:-1]) if len(of) > 1 else [useful]
        return [
            Found(*it, each[chosen].tolist())
            for it, each, chosen in zip(_counted(found, len(of)), of, useful_of, strict=True)
        ]

    def recent(self, keys: Iterable[int]) -> Found:
        """What stands in memory under keys of a text."""
        equal: list[int] = []
        near: set[int] = set()
        sharing: list[int] = []
        for key in keys:
            numbers = self._late.get(key)
            if not numbers:
                continue
            kind = key >> 34
            if kind == 2:
                sharing += numbers[-2 * MOST_BY_TERM :]
            elif kind == 3:
                equal += numbers
            else:
                near.update(numbers[-2 * MOST_IN_BAND :])
        often = {it: count for it, count in Counter(sharing).items() if count >= LEAST_TERMS}
        return Found(equal, sorted(near), often, [])

    def _segments(self) -> list[Segment]:
        return [*self.segments, self._early] if len(self._early.column) else self.segments

    def sealed(self) -> Hashes:
        """All that is in memory as one sorted column."""
        early = self._early.column
        early = early[~_among(early, np.array(self._gone, dtype=np.int64))]
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

    def write(self, name: str, level: int, columns: Iterable[Hashes]) -> Segment:
        """Puts columns into a file of their own, whole or not at all, and gives it back."""
        return written(self._folder, name, level, columns)

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
        self._early = in_memory("", 0, _NOTHING)
        self._late.clear()
        self._keys.clear()
        self._gone.clear()
        self.fresh = 0


_KIND: Final = np.uint64(3)
_OF_TERM: Final = np.uint64(2)
_NOTHING: Final = np.zeros(0, dtype=np.uint64)
# By kind of key: of bands, of nothing, of terms, of what a text says.
_MOST: Final = np.array([2 * MOST_IN_BAND, 0, 2 * MOST_BY_TERM, 2 * MOST_BY_TERM])


def _posted(number: int, keys: Hashes) -> Hashes:
    return (keys << NUMBER_BITS) | np.uint64(number)


def _affordable(text: Rows, costs: Rows, wanted: NDArray[np.bool_]) -> Rows:
    """The places of the keys to follow: the rarest say most, so a text's budget goes to them."""
    costs = np.where(wanted, costs, 0)
    totals = np.bincount(text, costs)
    if len(totals) and totals.max() > _MOST_FOUND:
        ranked = np.lexsort((costs, text))
        spent = np.cumsum(costs[ranked])
        before = np.append(0, np.cumsum(totals))[:-1].astype(np.int64)
        wanted = wanted.copy()
        wanted[ranked] &= spent - before[text[ranked]] <= _MOST_FOUND
    return np.flatnonzero(wanted)


def _counted(found: Hashes, count: int) -> Iterator[tuple[list[int], list[int], dict[int, int]]]:
    """Of each text what is equal, near, and shares enough; ``found`` is tagged by text and kind."""
    found.sort()
    heads = np.flatnonzero(found[1:] != found[:-1])
    heads += 1
    bounds = np.empty(len(heads) + 2 if len(found) else 1, dtype=np.int64)
    bounds[0], bounds[1:-1], bounds[-1] = 0, heads, len(found)
    often = bounds[1:] - bounds[:-1]
    found = found[bounds[:-1]]
    kept = often >= LEAST_TERMS
    kept |= (found >> NUMBER_BITS) & _KIND != _OF_TERM
    found, often = found[kept], often[kept]
    tags = np.arange(4 * count + 1, dtype=np.uint64) << NUMBER_BITS
    ends = np.searchsorted(found, tags).tolist()
    numbers, counts = (found & _NUMBER).tolist(), often.tolist()
    for near in range(0, 4 * count, 4):
        terms, equal, last = ends[near + 2], ends[near + 3], ends[near + 4]
        yield (
            numbers[equal:last],
            numbers[ends[near] : ends[near + 1]],
            dict(zip(numbers[terms:equal], counts[terms:equal], strict=True)),
        )


def _among(column: Hashes, numbers: Rows) -> NDArray[np.bool_]:
    if not len(numbers):
        return np.zeros(len(column), dtype=bool)
    return np.isin((column & _NUMBER).astype(np.int64), numbers)
