"""A fingerprint of each text: what is equal for equal texts, and alike for like texts.

One-permutation hashing (Li, Owen, Zhang 2012) with optimal densification (Shrivastava 2017): each
shingle falls into one of 128 bins and each bin keeps the least; an empty bin borrows from another
that is chosen by chance, the same for every text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.skim import Hashes, Rows, Skimmed, mixed
from cleaners.duplicates.words import Words

Read = Words | Skimmed

SHINGLE_WORDS: Final = 3
BINS: Final = 128
BANDS: Final = 32
_EMPTY: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_ROUNDS: Final = 64
_STEP: Final = np.uint64(0xD1342543DE82EF95)  # of a linear generator (Steele, Vigna 2022)


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """``exact``: one hash a text over all its words. ``bins``: n x 128. ``bands``: n x 32."""

    exact: Hashes
    bins: NDArray[np.uint32]
    bands: NDArray[np.uint32]

    def jaccard(self, a: int, b: int) -> float:
        """The share of shingles, 0 to 1, that two texts are estimated to have in common."""
        return float((self.bins[a] == self.bins[b]).mean())


def shingles(of: Read, size: int = SHINGLE_WORDS) -> tuple[Hashes, Rows]:
    """A hash for each run of ``size`` words within a text, and where each text's runs begin.

    A text with fewer words has one shingle of all its words; an empty one has none.
    """
    whole, count = of.whole, of.counts
    rolled = np.zeros(len(whole), dtype=np.uint64)
    for step in range(size):
        reach = len(whole) - step
        if reach <= 0:
            break
        # An odd factor for each place; the words' hashes are spread evenly already.
        rolled[:reach] += whole[step:] * (_STEP + np.uint64(2 * step))
    # How many words follow within the text, the word itself included.
    left = np.repeat(of.first[1:], count) - np.arange(len(whole))
    keeps = left >= size
    short = np.flatnonzero((count > 0) & (count < size))
    keeps[of.first[short]] = True
    if len(short):
        rolled[of.first[short]] = exact(of)[short]
    first = np.zeros(len(of.first), dtype=np.int64)
    np.cumsum(np.where(count >= size, count - size + 1, count > 0), out=first[1:])
    return mixed(rolled[keeps]), first


def exact(of: Read) -> Hashes:
    """One hash a text over its words and their order; texts without a word share one."""
    place = (np.arange(len(of.whole)) - np.repeat(of.first[:-1], of.counts)).astype(np.uint64)
    placed = mixed(of.whole + place * np.uint64(0x9E3779B97F4A7C15))
    total = np.zeros(len(placed) + 1, dtype=np.uint64)
    np.cumsum(placed, out=total[1:])
    return mixed(total[of.first[1:]] - total[of.first[:-1]])


def fingerprints(of: Read) -> Fingerprints:
    """The fingerprints of some texts. Texts without a word are all zeros."""
    keys, first = shingles(of)
    count = len(first) - 1
    text = np.repeat(np.arange(count), np.diff(first))
    least = np.full(count * BINS, _EMPTY, dtype=np.uint64)
    place = text * BINS + (keys & np.uint64(BINS - 1)).astype(np.int64)
    np.minimum.at(least, place, keys >> np.uint64(7))
    bins = (_densified(least.reshape(count, BINS)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return Fingerprints(exact(of), bins, _bands(bins))


def _densified(least: Hashes) -> Hashes:
    """Fills the empty bins of each row from bins of the same row."""
    empty = least == _EMPTY
    hopeless = empty.all(axis=1)
    row, column = np.nonzero(empty & ~hopeless[:, None])
    filled = least.copy()
    for attempt in range(0, _ROUNDS, _TRIES):
        if not len(row):
            break
        # Several draws at once; the first that hits counts.
        sources = _SOURCES[column, attempt : attempt + _TRIES]
        hits = ~empty[row[:, None], sources]
        first = hits.argmax(axis=1)
        drawn = np.arange(len(row))
        has = hits[drawn, first]
        source = sources[drawn, first]
        filled[row[has], column[has]] = least[row[has], source[has]]
        row, column = row[~has], column[~has]
    # After 64 draws a bin may still be empty (one text in 10**12 with 40 shingles): take the first.
    if len(row):
        filled[row, column] = least.min(axis=1)[row]
    if hopeless.any():
        filled[hopeless] = 0
    return filled


def _bands(bins: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """32 keys a text; texts that share a key agree in four bins of the same place."""
    grouped = bins.reshape(len(bins), BANDS, BINS // BANDS) * _PLACES
    return (mixed(grouped.sum(axis=2) + _KEYS) >> np.uint64(32)).astype(np.uint32)


_TRIES: Final = 8
# From which bin an empty one borrows, in the order of the draws: 128 x 64.
_SOURCES: Final = (
    mixed(np.arange(1, BINS * _ROUNDS + 1, dtype=np.uint64)).reshape(BINS, _ROUNDS)
    & np.uint64(BINS - 1)
).astype(np.int64)
# Odd factors that tell a band's four places apart, and a key for each band.
_PLACES: Final = mixed(np.arange(1, BINS // BANDS + 1, dtype=np.uint64)) | np.uint64(1)
_KEYS: Final = np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
