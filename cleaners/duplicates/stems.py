"""What a word comes down to: its stem and its root, as hashes; no dictionary, no language asked."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.letters import DIGIT, PAIRED, TIED
from cleaners.duplicates.skim import Hashes, Rows, mixed

# A stem is the beginning of a word: it needs no dictionary and works alike for every language with
# an alphabet. The length is the best of 4 to 8 on the stories that models are trained on.
STEM_LETTERS: Final = 6
STEM_SYLLABLES: Final = 2
# Words of one root are often one word in two forms, or two words for one thing.
ROOT_LETTERS: Final = 4

# Odd constants that spread bits; from splitmix64 (Steele, Lea, Flood 2014).
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_A: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B: Final = np.uint64(0x94D049BB133111EB)

# Arabic writes "and", "to" and "the" in one word with what follows.
_ARABIC: Final = (0x621, 0x64A)
_AND: Final = np.array([0x648, 0x641], dtype=np.uint32)
_TO: Final = np.array([0x628, 0x643, 0x644], dtype=np.uint32)
_ALEF: Final = 0x627
_LAM: Final = 0x644
_LEFT: Final = 3  # letters that are left of a word at least
_PLACES: Final = np.arange(STEM_LETTERS)[:, None]
_ONE: Final = np.uint64(1)


def stems(letters: NDArray[np.uint32], starts: Rows, ends: Rows) -> tuple[Hashes, Hashes]:
    """A hash of the first letters of each word, and one of fewer: its root."""
    starts = _behind_particles(letters, starts, ends)
    left = ends - starts
    # Row by row the first letters of all words, the second, and so on; 0 beyond a word's end.
    added = placed(letters.take(starts + _PLACES, mode="clip"), _PLACES.astype(np.uint64) + _ONE)
    added *= left > _PLACES
    root = added[:ROOT_LETTERS].sum(axis=0)
    total = root + added[ROOT_LETTERS:].sum(axis=0)
    return mixed(total), mixed(root)


def placed(letters: NDArray[np.uint32], places: NDArray[np.uint64] | np.uint64) -> Hashes:
    """What letters at places, counted from 1, add to the hash of a word."""
    mixture = (letters + (places << np.uint64(33))) * _GOLDEN
    mixture ^= mixture >> np.uint64(29)
    mixture *= _MIX_A
    return mixture


def _behind_particles(letters: NDArray[np.uint32], starts: Rows, ends: Rows) -> Rows:
    """Where each word begins behind an Arabic "and", "to" and "the"; all others where they did."""
    first = letters[starts]
    rows = np.flatnonzero((first >= _ARABIC[0]) & (first <= _ARABIC[1]))
    if not len(rows):
        return starts
    at, end = starts[rows], ends[rows]
    at = at + (np.isin(letters[at], _AND) & (end - at > _LEFT + 1))
    at = at + (np.isin(letters[at], _TO) & _has_article(letters, at + 1, end))
    at = at + 2 * _has_article(letters, at, end)
    found = starts.copy()
    found[rows] = at
    return found


def _has_article(letters: NDArray[np.uint32], at: Rows, end: Rows) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = end - at >= _LEFT + 2
    found &= letters.take(at, mode="clip") == _ALEF
    found &= letters.take(at + 1, mode="clip") == _LAM
    return found


def special_stems(
    codes: NDArray[np.uint32], kinds: NDArray[np.uint8], starts: Rows, ends: Rows
) -> Hashes:
    """Stems of words that begin with a digit or a syllable.

    The stem of a number is the number: 30 in "30th", "30명" and "30-Jährige".
    """
    other = np.flatnonzero(kinds != DIGIT)
    digits = np.append(other, len(kinds))[np.searchsorted(other, starts)] - starts
    reach = np.where(kinds[starts] == DIGIT, digits, STEM_SYLLABLES)
    lengths = np.minimum(reach, ends - starts)
    firsts = np.cumsum(lengths) - lengths
    place = np.arange(lengths.sum()) - np.repeat(firsts, lengths)
    letters = codes[place + np.repeat(starts, lengths)]
    return mixed(np.add.reduceat(placed(letters, place.astype(np.uint64) + np.uint64(1)), firsts))


def number_stem(digits: str) -> np.uint64:
    """The stem of a number, by its digits."""
    codes = np.array([ord(it) for it in digits], dtype=np.uint32)
    total = placed(codes, np.arange(1, len(codes) + 1, dtype=np.uint64))
    stem: np.uint64 = mixed(np.array([np.add.reduce(total)], dtype=np.uint64))[0]
    return stem


def tied(stem: Hashes, kinds: NDArray[np.uint8], starts: Rows, ends: Rows) -> Hashes:
    """Makes overlapping groups of characters out of those of scripts without spaces."""
    kind = kinds[starts]
    touches = np.zeros(len(starts), dtype=bool)
    touches[:-1] = (starts[1:] == ends[:-1]) & (kind[1:] == kind[:-1]) & (kind[1:] >= PAIRED)
    grouped, linked = stem.copy(), touches.copy()
    for step in range(1, 4):
        takes = linked & ((kind == TIED) | (step == 1))
        after = np.roll(stem, -step)
        grouped[takes] = mixed(grouped[takes] * _MIX_B + after[takes])
        linked &= np.roll(touches, -step)
    return np.where(kind >= PAIRED, grouped, stem)
