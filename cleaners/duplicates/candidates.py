"""Finds the few pairs of texts worth a closer look among all pairs, without looking at all.

A pair is a candidate where both stand under one key of a band, or share enough terms. Keys that
too many texts share are left out: they say little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

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
_BLOCK: Final = 250_000  # pairs that are counted at once
_ROWS: Final = 1_000_000  # occurrences of terms that are sorted by text at once
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
    yield from sharing_parts([column], len(column), counts)


def sharing_parts(columns: Iterable[Hashes], most: int, counts: Rows) -> Iterator[Hashes]:
    """``sharing`` of columns that come one after the other; all of a term stands in one of them.

    There are no more than ``most`` entries in all of them together.
    """
    owner, ahead = np.empty(most, dtype=np.uint32), np.empty(most, dtype=np.uint8)
    size = 0
    for column in columns:
        those, many = _occurrences(column)
        owner[size : size + len(those)], ahead[size : size + len(those)] = those, many
        size += len(those)
    owner, ahead = owner[:size], ahead[:size]
    places, costs = np.zeros(len(counts), np.int64), np.zeros(len(counts), np.int64)
    # In chunks, since counting takes eight bytes an entry.
    step = max(_ROWS, len(counts))
    for start in range(0, size, step):
        chunk, many = owner[start : start + step], ahead[start : start + step]
        places += np.bincount(chunk, minlength=len(counts))
        costs += np.bincount(chunk, many, minlength=len(counts)).astype(np.int64)
    places, costs = np.cumsum(places), np.cumsum(costs)
    text = 0
    while text < len(counts):
        before = int(places[text - 1]) if text else 0
        last = max(text + 1, int(np.searchsorted(places, before + _ROWS)))
        yield from _by_text(owner, ahead, (text, last), costs, counts)
        text = last


def _by_text(
    owner: NDArray[np.uint32],
    ahead: NDArray[np.uint8],
    texts: tuple[int, int],
    costs: Rows,
    counts: Rows,
) -> Iterator[Hashes]:
    """Pairs of some texts with those that follow: all the terms that two share, at once."""
    text, end = texts
    rows = np.flatnonzero((owner >= text) & (owner < end))
    whose = owner[rows]
    rows = rows[np.argsort(whose, kind="stable")].astype(np.int32)
    first = np.append(0, np.cumsum(np.bincount(whose - np.uint32(text), minlength=end - text)))
    del whose
    origin = text
    while text < end:
        before = int(costs[text - 1]) if text else 0
        last = min(end, max(text + 1, int(np.searchsorted(costs, before + _BLOCK))))
        yield _counted(owner, ahead, rows[first[text - origin] : first[last - origin]], counts)
        text = last


def meetings(column: Hashes) -> tuple[Hashes, NDArray[np.uint8]]:
    """Pairs that meet under useful terms, packed, sorted, each once; and under how many of them.

    ``column`` holds packed terms, all that stands under each of them. Where terms are looked at in
    parts, the sum over the parts is what ``sharing`` counts.
    """
    owner, ahead = _occurrences(column)
    found = [np.zeros(0, dtype=np.uint64)]
    counts = [np.zeros(0, dtype=np.uint8)]
    costs = np.cumsum(ahead.astype(np.int64))
    start = 0
    while start < len(owner):
        before = int(costs[start - 1]) if start else 0
        last = max(start + 1, int(np.searchsorted(costs, before + _BLOCK)))
        pairs = _following(owner, ahead, np.arange(start, last, dtype=np.int32))
        heads = _heads(pairs)
        found.append(pairs[heads])
        counts.append(np.diff(np.append(heads, len(pairs))).astype(np.uint8))
        start = last
    pairs, shared = np.concatenate(found), np.concatenate(counts)
    order = np.argsort(pairs, kind="stable")
    pairs, heads = pairs[order], _heads(pairs[order])
    if not len(heads):
        return pairs, shared
    return pairs[heads], np.add.reduceat(shared[order], heads)


def _occurrences(column: Hashes) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Of useful terms, the text of each occurrence, and how many that follow it meets."""
    heads = _heads(column >> np.uint64(32))
    sizes = np.diff(np.append(heads, len(column)))
    useful = (sizes > 1) & (sizes <= MOST_WITH_TERM)
    owner = column[np.repeat(useful, sizes)].astype(np.uint32)
    sizes = sizes[useful].astype(np.int32)
    ahead = np.repeat(np.cumsum(sizes, dtype=np.int32), sizes)
    ahead -= np.arange(1, len(owner) + 1, dtype=np.int32)
    return owner, np.minimum(ahead, MOST_BY_TERM).astype(np.uint8)


def _counted(
    owner: NDArray[np.uint32], ahead: NDArray[np.uint8], rows: NDArray[Any], counts: Rows
) -> Hashes:
    """Pairs of the occurrences at these places with those that follow, that share enough."""
    pairs = _following(owner, ahead, rows)
    heads = _heads(pairs)
    shared = np.diff(np.append(heads, len(pairs)))
    # Most pairs share one term or two: they are gone before anything else is asked.
    often = shared >= LEAST_TERMS
    found, shared = pairs[heads[often]], shared[often]
    a, b = (found >> np.uint64(32)).astype(np.int64), (found & _LOW).astype(np.int64)
    chosen: Hashes = found[shared >= enough(np.minimum(counts[a], counts[b]))]
    return chosen


def _following(owner: NDArray[np.uint32], ahead: NDArray[np.uint8], rows: NDArray[Any]) -> Hashes:
    """The occurrences at these places with those that follow: packed, sorted, as often as so."""
    many = ahead[rows].astype(np.int64)
    place = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    place += np.repeat(rows + 1, many)
    pairs = np.repeat(owner[rows].astype(np.uint64) << np.uint64(32), many)
    pairs |= owner[place]
    pairs.sort()
    return pairs


def _heads(ranked: Hashes) -> Rows:
    """Where each run of equal keys begins."""
    if not len(ranked):
        return np.zeros(0, dtype=np.int64)
    fresh = np.empty(len(ranked), dtype=bool)
    fresh[0] = True
    np.not_equal(ranked[1:], ranked[:-1], out=fresh[1:])
    return np.flatnonzero(fresh)


def enough(fewer: Rows) -> Rows:
    """How many terms two texts have to share, by the number of terms of the one with fewer."""
    least: Rows = np.maximum(LEAST_TERMS, np.ceil(LEAST_SHARE * fewer)).astype(np.int64)
    return least
