"""The words of many folded lines as numbers, all at once in numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

# Odd, so that the product with it loses nothing modulo 2**64 (Knuth's multiplicative hashing).
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
# A word is a polynomial in this number (of FNV-1a; odd as well, so that there is an inverse): its
# characters, each times the power of its place. With the powers of all places of a text and a
# running sum, the hash of a word is a difference of two sums, shifted to the word's own beginning.
_BASE = 0x100000001B3
_BACK = pow(_BASE, -1, 2**64)
# So many powers are kept; a longer text makes its own.
_KEPT = 1 << 18


@dataclass(frozen=True, slots=True)
class HashedWords:
    """One entry for each word in their order: a hash of 64 bits, its line, its characters."""

    hashes: NDArray[np.uint64]
    lines: NDArray[np.int64]
    chars: NDArray[np.int64]


def hash_words(folded: Sequence[str]) -> HashedWords:
    """The words of lines that ``fold`` has made; the same numbers on every machine."""
    flat = "\n".join([*folded, ""])
    codes: NDArray[np.uint16] | NDArray[np.uint32]
    codes = np.frombuffer(flat.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    if codes.size != len(flat):
        codes = np.frombuffer(flat.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_part = np.zeros(codes.size + 1, dtype=np.bool_)
    np.greater(codes, 32, out=is_part[1:])
    # Beginnings and ends by turns: the last character is no part of a word.
    turns = (is_part[1:] != is_part[:-1]).nonzero()[0]
    starts, ends = turns[::2], turns[1::2]
    if not starts.size:
        none = np.zeros(0, dtype=np.int64)
        return HashedWords(none.astype(np.uint64), none, none)
    hashes = _polynomials(codes, starts, ends) * _FACTOR
    hashes ^= hashes >> np.uint64(29)
    hashes *= _FACTOR
    lines = (codes == 10).nonzero()[0].searchsorted(starts)
    return HashedWords(hashes, lines, ends - starts)


def _polynomials(
    codes: NDArray[np.uint16] | NDArray[np.uint32],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> NDArray[np.uint64]:
    size = codes.size
    powers, back = _powers(_KEPT) if size <= _KEPT else (_made(_BASE, size), _made(_BACK, size))
    sums = np.zeros(size + 1, dtype=np.uint64)
    (codes * powers[:size]).cumsum(out=sums[1:])
    found: NDArray[np.uint64] = (sums[ends] - sums[starts]) * back[starts] * np.uint64(_BASE)
    return found


@cache
def _powers(size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    return _made(_BASE, size), _made(_BACK, size)


def _made(number: int, size: int) -> NDArray[np.uint64]:
    """The powers of a number from that of zero on, modulo 2**64."""
    factors = np.full(size, number, dtype=np.uint64)
    factors[:1] = 1
    return np.cumprod(factors)
