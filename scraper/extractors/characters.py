"""Counts of characters by class for many texts at once; what a text looks like in any language."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

CLASSES: Final = ("digit", "capital", "clause", "end", "sign", "wide", "quote", "space")
DIGIT, CAPITAL, CLAUSE, END, SIGN, WIDE, QUOTE, SPACE = range(len(CLASSES))
# Marks that part or close sentences, in the scripts of the world's larger press languages.
CLAUSES: Final = ",;:،؛，、；："
ENDS: Final = ".!?…。！？؟۔।॥։።"
QUOTES: Final = '"“”„«»‹›‘’「」『』'
SIGNS: Final = "|•·©®™→»›▶►▼▲✓★☆@#/\\<>[]{}+=_*&%$€£~^"
# Scripts that write no space between words, and Hangul, whose letters are syllables.
WIDE_LETTERS: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF),
)  # fmt: skip


def _table() -> NDArray[np.uint8]:
    table = np.zeros(0x10000, dtype=np.uint8)
    for code in range(0x10000):
        sort = unicodedata.category(chr(code))
        if sort == "Nd":
            table[code] |= 1 << DIGIT
        elif sort in ("Lu", "Lt"):
            table[code] |= 1 << CAPITAL
    for low, high in WIDE_LETTERS:
        table[low : high + 1] |= 1 << WIDE
    for place, marks in ((CLAUSE, CLAUSES), (END, ENDS), (QUOTE, QUOTES), (SIGN, SIGNS)):
        table[[ord(mark) for mark in marks]] |= 1 << place
    table[[9, 10, 32]] |= 1 << SPACE
    return table


TABLE: Final = _table()
# For each set of classes, 0 to 255, the first four and the last four of them, 16 bits apart.
SPREAD: Final = tuple(
    sum(
        (
            ((np.arange(256, dtype=np.uint64) >> np.uint64(first + place)) & np.uint64(1))
            << np.uint64(16 * place)
            for place in range(4)
        ),
        start=np.zeros(256, dtype=np.uint64),
    )
    for first in (0, 4)
)

# So much of a page is looked at at once, as it takes twenty bytes a character; and so much of it is
# counted into 16 bits.
PORTION: Final = 1 << 16  # characters
PIECE: Final = 1 << 15
SHIFTS: Final = np.arange(0, 64, 16, dtype=np.uint64)[:, None]


def sorts(texts: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """The classes of all characters, a bit each, and where each text starts and how long it is."""
    lengths = np.array(list(map(len, texts)))
    stops = np.cumsum(lengths)
    size = int(lengths.sum())
    found = np.empty(size, dtype=np.uint8)
    # So many texts at once that they fill a portion; a long one is looked at in several.
    groups = np.searchsorted(stops, np.arange(PORTION, size + PORTION, PORTION), side="right")
    at = 0
    for first, last in pairwise([0, *groups.tolist(), len(texts)]):
        joined = "".join(texts[first:last])
        for start in range(0, len(joined), PORTION):
            part = joined[start : start + PORTION].encode("utf-32-le", "replace")
            # Beyond the table stands what is in no class.
            sort = TABLE.take(np.frombuffer(part, dtype=np.uint32), mode="clip")
            found[at : at + len(sort)] = sort
            at += len(sort)
    return found, stops - lengths, lengths


def counts(texts: Sequence[str]) -> NDArray[np.int32]:
    """How many characters of each class each text has, int32 [n, 8]. No text may be empty.

    >>> counts(["Rain, 3 mm.", "雨"])[:, [DIGIT, CLAUSE, END, WIDE]].tolist()
    [[1, 1, 1, 0], [0, 0, 0, 1]]
    """
    return counted(*sorts(texts)).T


def counted(
    sort: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.int32]:
    """The same, int32 [8, n], from what ``sorts`` gives."""
    # Four counts travel in one number, 16 bits each, so that longer texts are counted in pieces.
    size = len(sort)
    is_cut = size > PORTION or int(lengths.max()) >= 1 << 16
    cuts = np.union1d(starts, np.arange(0, size, PIECE)) if is_cut else starts
    found = np.empty((len(CLASSES), len(cuts)), dtype=np.int32)
    bounds = np.searchsorted(cuts, np.arange(0, size + PORTION, PORTION))
    for number, (first, last) in enumerate(pairwise(bounds.tolist())):
        part = sort[number * PORTION : (number + 1) * PORTION]
        places = cuts[first:last] - number * PORTION
        for half, spread in enumerate(SPREAD):
            sums = np.asarray(np.add.reduceat(spread[part], places))
            found[4 * half : 4 * half + 4, first:last] = (sums >> SHIFTS) & np.uint64(0xFFFF)
    if is_cut:
        found = np.add.reduceat(found, np.searchsorted(cuts, starts), axis=1)
    return found
