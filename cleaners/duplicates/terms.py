"""Chooses the few words of a text by which its copies can be found in an index.

Which words are chosen depends on the text alone, and two texts choose alike: a rare word is taken
or left by its own hash, so that a trimmed copy chooses what it has left of the same words.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.weights import weights
from cleaners.duplicates.words import NAME, NUMBER, Rows, Words, mixed

# A text of up to 36 telling words gives all of them; no text gives more than 192.
FEWEST: Final = 36
MOST: Final = 192
# Share of words that are taken, by how much they tell: plain words, then names and numbers.
_STEPS: Final = (0.5, 0.75, 0.97)
_SHARES: Final = ((0.02, 0.15, 0.5, 0.8), (0.06, 0.6, 1.0, 1.0))
_TERM: Final = np.uint64(0xC2B2AE3D27D4EB4F)


def terms(of: Words) -> tuple[NDArray[np.uint32], Rows]:
    """The terms of each text, ascending, and where each text's begin (n + 1 entries)."""
    weight = weights(of.stem)
    rows = np.flatnonzero(weight > 0.3)
    text = of.text[rows]
    is_fact = ((of.kind[rows] & (NAME | NUMBER)) > 0).astype(np.int64)
    share = np.array(_SHARES)[is_fact, np.searchsorted(_STEPS, weight[rows], side="right")]
    spread = mixed(of.stem[rows] ^ _TERM)
    key = (spread >> np.uint64(32)).astype(np.uint32)
    chance = (spread & np.uint64(0xFFFFFFFF)).astype(np.float64) / 2**32
    priority = chance / share
    # One row a text and term, with the best priority among its occurrences.
    order = np.lexsort((priority, key, text))
    text, key, priority = text[order], key[order], priority[order]
    is_first = np.ones(len(key), dtype=bool)
    is_first[1:] = (text[1:] != text[:-1]) | (key[1:] != key[:-1])
    text, key, priority = text[is_first], key[is_first], priority[is_first]
    order = np.lexsort((priority, text))
    ranked = text[order]
    counts = np.bincount(ranked, minlength=len(of.first) - 1)
    rank = np.arange(len(ranked)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = np.zeros(len(key), dtype=bool)
    kept[order] = (rank < MOST) & ((priority[order] < 1) | (rank < FEWEST))
    first = np.zeros(len(of.first), dtype=np.int64)
    np.cumsum(np.bincount(text[kept], minlength=len(of.first) - 1), out=first[1:])
    return key[kept], first
