"""Finds the few pairs of texts worth a closer look among all pairs, without looking at all.

A pair is a candidate where both stand under one key of a band, or share enough terms. Keys that
too many texts share are left out: they say little.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.words import Hashes, Rows

# Under one key a text is paired with so many that follow it, in an order that depends on what the
# texts say: copies of one story follow each other under all its keys, and no key costs a square.
MOST_IN_BAND: Final = 8
MOST_BY_TERM: Final = 32
# A term of more texts is a common word of this corpus, whatever our table of words says.
MOST_WITH_TERM: Final = 512
# Terms that a pair has to share, and as a share of the fewer terms of the two.
LEAST_TERMS: Final = 3
LEAST_SHARE: Final = 0.12
_BLOCK: Final = 4_000_000
_LOW: Final = np.uint64(0xFFFFFFFF)


def packed(keys: NDArray[np.uint32], owner: Rows) -> Hashes:
    """Keys and their owners in one sorted column: the key in the upper half."""
    both = (keys.astype(np.uint64) << np.uint64(32)) | owner.astype(np.uint64)
    both.sort()
    return both


def neighbors(column: Hashes) -> Hashes:
    """Pairs under one key, packed (smaller << 32 | larger), sorted, each once.

    ``column`` is packed. Within a key each owner is paired with at most 8 that follow it.
    """
    key = column >> np.uint64(32)
    owner = column & _LOW
    found = []
    for step in range(1, MOST_IN_BAND + 1):
        same = key[step:] == key[:-step]
        if not same.any():
            break
        found.append((owner[:-step][same] << np.uint64(32)) | owner[step:][same])
    return once(found)


def once(found: Sequence[Hashes]) -> Hashes:
    """Several columns as one, sorted, each value once."""
    if not found:
        return np.zeros(0, dtype=np.uint64)
    both = np.concatenate(found)
    both.sort()
    return both[_heads(both)]


def sharing(column: Hashes, counts: Rows) -> Iterator[Hashes]:
    """Pairs that share enough terms, packed, in blocks; a pair comes once.

    ``column`` holds packed terms; ``counts`` the number of terms of each text.
    """
    key = column >> np.uint64(32)
    heads = _heads(key)
    sizes = np.diff(np.append(heads, len(key)))
    useful = (sizes > 1) & (sizes <= MOST_WITH_TERM)
    kept = np.repeat(useful, sizes)
    owner = (column[kept] & _LOW).astype(np.int64)
    end = np.repeat(np.cumsum(sizes[useful]), sizes[useful])
    # Each occurrence meets those that follow it under its term; by text, block after block.
    ahead = np.minimum(end - np.arange(len(owner)) - 1, MOST_BY_TERM)
    order = np.argsort(owner, kind="stable")
    order = order[ahead[order] > 0]
    costs = np.cumsum(ahead[order])
    place = 0
    while place < len(order):
        before = costs[place - 1] if place else 0
        last = int(np.searchsorted(costs, before + _BLOCK)) + 1
        # A text's occurrences stay together, so that all its shared terms are counted at once.
        last = int(np.searchsorted(owner[order], owner[order[min(last, len(order)) - 1]], "right"))
        rows = order[place:last]
        yield _counted(owner, rows, ahead[rows], counts)
        place = last


def _counted(owner: Rows, rows: Rows, ahead: Rows, counts: Rows) -> Hashes:
    inside = np.arange(ahead.sum()) - np.repeat(np.cumsum(ahead) - ahead, ahead)
    other = owner[np.repeat(rows, ahead) + 1 + inside].astype(np.uint64)
    pairs = (np.repeat(owner[rows], ahead).astype(np.uint64) << np.uint64(32)) | other
    pairs.sort()
    heads = _heads(pairs)
    shared = np.diff(np.append(heads, len(pairs)))
    found = pairs[heads]
    a, b = (found >> np.uint64(32)).astype(np.int64), (found & _LOW).astype(np.int64)
    chosen: Hashes = found[shared >= enough(np.minimum(counts[a], counts[b]))]
    return chosen


def _heads(ranked: Hashes) -> Rows:
    """Where each run of equal keys begins."""
    if not len(ranked):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))


def enough(fewer: Rows) -> Rows:
    """How many terms two texts have to share, by the number of terms of the one with fewer."""
    least: Rows = np.maximum(LEAST_TERMS, np.ceil(LEAST_SHARE * fewer)).astype(np.int64)
    return least
