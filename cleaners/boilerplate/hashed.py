"""The words of many folded lines as numbers, all at once in numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Odd, so that the product with it loses nothing modulo 2**64 (Knuth's multiplicative hashing).
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_LONGEST = 64  # characters of a word that count
_POWERS = np.cumprod(np.full(_LONGEST, 0x100000001B3, dtype=np.uint64))


@dataclass(frozen=True, slots=True)
class HashedWords:
    """One entry for each word in their order: a hash of 64 bits, its line, its characters."""

    hashes: NDArray[np.uint64]
    lines: NDArray[np.int64]
    chars: NDArray[np.int64]


def hash_words(folded: Sequence[str]) -> HashedWords:
    """The words of lines that ``fold`` has made; the same numbers on every machine."""
    flat = "".join([f"{it}\n" for it in folded])
    codes = np.frombuffer(flat.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_part = codes > 32
    begins = is_part.copy()
    begins[1:] &= ~is_part[:-1]
    starts = np.flatnonzero(begins)
    if not starts.size:
        none = np.zeros(0, dtype=np.int64)
        return HashedWords(none.astype(np.uint64), none, none)
    number = np.cumsum(begins) - 1
    place = np.arange(codes.size) - starts[np.maximum(number, 0)]
    # What stands before the first word is in no word.
    place = np.minimum(np.maximum(place, 0), _LONGEST - 1)
    terms = np.where(is_part, codes.astype(np.uint64) * _POWERS[place], np.uint64(0))
    hashes = np.add.reduceat(terms, starts) * _FACTOR
    hashes ^= hashes >> np.uint64(29)
    hashes *= _FACTOR
    ends = np.flatnonzero(codes == 10)
    chars = np.add.reduceat(is_part, starts, dtype=np.int64)
    return HashedWords(hashes, np.searchsorted(ends, starts), chars)
