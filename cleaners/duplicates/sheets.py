"""Keeps the keys of a batch's texts in a temporary file, and gives them back key by key.

Memory holds those of one band, or of a few terms, of all texts at a time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.candidates import packed
from cleaners.duplicates.fingerprint import BANDS
from cleaners.duplicates.skim import Hashes, Rows

_IN_MEMORY: Final = 4 * 1024 * 1024  # bytes; a small batch never touches the disk
_TEXTS: Final = 8192  # that are put on one sheet: about 3 MB
# Terms come back in so many parts: of a million texts, each is of 5 MB.
_PARTS: Final = 64
_PART_BITS: Final = np.uint64(58)  # below the six that tell a term's part


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where the keys of some texts stand in the file; ``parts`` has 65 places of terms."""

    first: int
    count: int
    start: int
    parts: Rows


class Sheets:
    """The bands and terms of texts, which are numbered in the order in which they came."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._sheets: list[_Sheet] = []
        self._bands: list[NDArray[np.uint32]] = []
        self._terms: list[Hashes] = []
        self._count = self._waiting = self._size = 0
        self.terms = 0  # of all texts together

    def __enter__(self) -> Sheets:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def add(self, bands: NDArray[np.uint32], terms: NDArray[np.uint32], counts: Rows) -> None:
        """Puts down the keys of the next texts: n x 32, and ``counts`` terms of each."""
        numbers = self._count + np.arange(len(counts))
        self._bands.append(bands)
        self._terms.append(packed(terms, np.repeat(numbers, counts)))
        self._count += len(counts)
        self._waiting += len(counts)
        self.terms += len(terms)
        if self._waiting >= _TEXTS:
            self._turn()

    def band(self, band: int) -> NDArray[np.uint32]:
        """The key of every text in one band."""
        self._turn()
        found = np.empty(self._count, dtype=np.uint32)
        for it in self._sheets:
            start = it.start + 4 * band * it.count
            found[it.first : it.first + it.count] = self._read(start, it.count, np.uint32)
        return found

    def by_term(self) -> Iterator[Hashes]:
        """All terms with their texts, packed but not sorted; a term comes in one part only."""
        self._turn()
        for part in range(_PARTS):
            found = []
            for it in self._sheets:
                low, high = it.parts[part : part + 2].tolist()
                start = it.start + 4 * BANDS * it.count + 8 * low
                found.append(self._read(start, high - low, np.uint64))
            yield np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)

    def _turn(self) -> None:
        if not self._waiting:
            return
        bands, terms = np.concatenate(self._bands), np.concatenate(self._terms)
        terms.sort()
        edges = np.arange(_PARTS, dtype=np.uint64) << _PART_BITS
        parts = np.append(np.searchsorted(terms, edges), len(terms))
        self._sheets.append(_Sheet(self._count - len(bands), len(bands), self._size, parts))
        self._file.seek(0, 2)
        self._file.write(np.ascontiguousarray(bands.T).data)
        self._file.write(terms.data)
        self._size += bands.nbytes + terms.nbytes
        self._bands, self._terms, self._waiting = [], [], 0

    def _read(self, start: int, count: int, kind: type[Any]) -> NDArray[Any]:
        self._file.seek(start)
        return np.frombuffer(self._file.read(count * np.dtype(kind).itemsize), dtype=kind)
