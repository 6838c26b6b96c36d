"""A file of sorted numbers that is never changed, in which a few are found without reading it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cleaners.duplicates.words import Hashes, Rows
from cleaners.errors import BadIndex

# Of so many numbers the first is also kept beside the others: in a column of 37,000,000 a search
# for 138 numbers touches a hundred stretches of memory instead of a thousand.
_STEP: Final = 64
# A shorter column lies in the caches, and is searched at once.
_SHORT: Final = 500_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of postings. ``level`` 0 holds one load of the memory, level n two of level n - 1.

    ``column`` are all its numbers, ascending; ``fence`` is every 64th of them.
    """

    name: str
    level: int
    column: Hashes
    fence: Hashes

    def places(self, sought: Hashes) -> Rows:
        """Before how many numbers of the column each of some ascending numbers would stand."""
        if len(self.column) < _SHORT:
            places: Rows = np.searchsorted(self.column, sought)
            return places
        stretch = np.searchsorted(self.fence, sought)
        stretch -= stretch > 0
        # Each stretch that is needed once, one after the other: again an ascending column.
        heads = np.empty(len(stretch), dtype=bool)
        heads[:1] = True
        np.not_equal(stretch[1:], stretch[:-1], out=heads[1:])
        first = stretch[heads] * _STEP
        read = self.column.take(first[:, None] + _STRETCH, mode="clip").ravel()
        inside = np.searchsorted(read, sought)
        rank = heads.cumsum()
        rank -= 1
        found: Rows = np.minimum(stretch * _STEP + inside - rank * _STEP, len(self.column))
        return found


def in_memory(name: str, level: int, column: Hashes) -> Segment:
    """A segment that is in no file."""
    return Segment(name, level, column, column[::_STEP].copy())


def written(folder: Path | None, name: str, level: int, columns: Iterable[Hashes]) -> Segment:
    """Columns that follow each other as one segment, whole in its file or not there at all."""
    if folder is None:
        return in_memory(name, level, np.concatenate([*columns]))
    path = folder / name
    unfinished = path.with_suffix(".part")
    fences, size = [], 0
    with unfinished.open("wb") as file:
        for column in columns:
            file.write(column.astype("<u8", copy=False).data)
            fences.append(column[-size % _STEP :: _STEP].astype("<u8"))
            size += len(column)
        for fence in fences:
            file.write(fence.data)
        file.flush()
        # The table of files may reach the disk before them otherwise.
        os.fsync(file.fileno())
    unfinished.replace(path)
    return opened(folder, name, level)


def opened(folder: Path | None, name: str, level: int) -> Segment:
    """A segment from its file, which is mapped and not read.

    Raises:
        BadIndex: there is no such file, or it cannot be read.
    """
    if folder is None:
        raise BadIndex(name, "an index in memory has no files")
    path = folder / name
    try:
        if not path.stat().st_size:
            return in_memory(name, level, np.zeros(0, dtype=np.uint64))
        mapped = np.memmap(path, dtype="<u8", mode="r")
    except (OSError, ValueError) as error:
        raise BadIndex(str(path), f"cannot be read: {error}") from error
    # A plain view of the same pages: slices of a memmap cost ten times as much.
    both: Hashes = mapped.view(np.ndarray)
    count = len(both) - -(-len(both) // (_STEP + 1))
    return Segment(name, level, both[:count], both[count:])


_STRETCH: Final = np.arange(_STEP, dtype=np.int64)
