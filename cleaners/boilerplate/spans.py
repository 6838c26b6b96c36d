"""Which of many blocks, laid end to end, are of which text, and sums and ranks within each text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """For each text where it begins and how many blocks it has (at least one), for each block the
    number of its text and its place in it."""

    starts: Ints
    sizes: Ints
    text: Ints
    place: Ints

    @staticmethod
    def of(sizes: Ints) -> Texts:
        """Texts of so many blocks; those of none are left out. At least one block."""
        if len(sizes) == 1:
            none = np.zeros(sizes[0], dtype=np.int64)
            return Texts(none[:1], sizes, none, np.arange(len(none)))
        sizes = sizes[sizes > 0]
        starts = sizes.cumsum() - sizes
        number = np.arange(len(sizes)).repeat(sizes)
        return Texts(starts, sizes, number, np.arange(len(number)) - starts[number])

    @property
    def last(self) -> Ints:
        return self.starts + self.sizes - 1

    def spread(self, of_texts: NDArray[Any]) -> NDArray[Any]:
        """What is known of each text for each of its blocks; of one text, to be broadcast."""
        return of_texts if len(self.starts) == 1 else of_texts[self.text]

    def parts(self, places: Ints) -> tuple[Ints, Ints]:
        """From where to where the places, in their order, are of each text."""
        if len(self.starts) == 1:
            return self.starts, np.array([len(places)])
        return places.searchsorted(self.starts), places.searchsorted(self.last, "right")

    def running(self, values: Ints) -> Floats64:
        """The running sum of each block's text up to the block, as a share of the text's sum."""
        sums = values.cumsum()
        if len(self.starts) == 1:
            alone: Floats64 = sums / max(1, int(sums[-1]))
            return alone
        before = sums[self.starts] - values[self.starts]
        whole = np.maximum(1, sums[self.last] - before)
        shares: Floats64 = (sums - before[self.text]) / whole[self.text]
        return shares

    def medians(self, values: Ints) -> Ints:
        """The upper median of each text; values are not negative."""
        if len(self.starts) == 1:
            middle = len(values) // 2
            return np.sort(values)[middle : middle + 1]
        step = int(values.max()) + 1
        ordered = np.sort(self.text * step + values)
        found: Ints = ordered[self.starts + self.sizes // 2] - np.arange(len(self.starts)) * step
        return found


def begins_of(ordered: Ints | NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Where a run of equal numbers begins."""
    is_new = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return is_new
