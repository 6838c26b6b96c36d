"""Keeps the texts of a batch in a temporary file, so that memory holds only what is compared."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaners.duplicates.words import Rows

_IN_MEMORY: Final = 8 * 1024 * 1024  # bytes; a small batch never touches the disk


class Spool:
    """Texts by their number, in the order in which they were added."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._ends: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
        self._first: Rows = np.zeros(1, dtype=np.int64)
        self._size = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def add(self, texts: Sequence[str]) -> None:
        """Appends texts."""
        encoded = [it.encode("utf-8", "surrogatepass") for it in texts]
        self._file.seek(0, 2)
        self._file.write(b"".join(encoded))
        ends = self._size + np.cumsum([len(it) for it in encoded], dtype=np.int64)
        self._ends.append(ends)
        self._size = int(ends[-1]) if len(ends) else self._size

    def texts(self, numbers: Rows) -> list[str]:
        """The texts with these numbers."""
        if self._ends:
            self._first = np.concatenate([self._first, *self._ends])
            self._ends = []
        found = []
        for number in numbers.tolist():
            start = int(self._first[number])
            self._file.seek(start)
            found.append(
                self._file.read(int(self._first[number + 1]) - start).decode(
                    "utf-8", "surrogatepass"
                )
            )
        return found
