"""The characters of many blocks counted by what they are, all at once in numpy.

Language-neutral: nothing here knows a word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from cleaners.text.fold import is_unspaced


class Sign(IntEnum):
    """What a character is for these counts."""

    LOWER = 0
    UPPER = 1
    CASELESS = 2  # a letter of a script without capitals
    UNSPACED = 3  # … and without spaces between words
    DIGIT = 4
    SPACE = 5
    STOP = 6  # closes a sentence
    COMMA = 7
    COLON = 8
    QUOTE = 9
    DASH = 10
    BAR = 11  # parts the entries of menus and breadcrumbs
    BRACKET = 12
    AT = 13  # addresses, tags, rights, currencies
    OTHER = 14


SIGNS = len(Sign)
# As plain numbers: numpy compares a whole text with one of them faster than it looks up an enum.
_UPPER, _DIGIT, _SPACE, _STOP, _QUOTE = map(
    int, (Sign.UPPER, Sign.DIGIT, Sign.SPACE, Sign.STOP, Sign.QUOTE)
)
_WRITTEN = {
    Sign.STOP: ".!?…。！？।॥۔؟｡",
    Sign.COMMA: ",;،؛、，；",
    Sign.COLON: ":：",
    Sign.QUOTE: "\"'“”„‟‘’‚«»「」『』‹›`",
    Sign.DASH: "-‐‑–—―",
    Sign.BAR: "|•·▪●◦‣→←>/\\<~*_+=►▶▸",
    Sign.BRACKET: "()[]{}（）【】《》〈〉",
    Sign.AT: "@#&©®™%€$£¥₹",
}


@dataclass(frozen=True, slots=True)
class Signs:
    """``counts`` (blocks x SIGNS, float32); the other arrays have one number for each block.

    ``first`` and ``last`` are signs; ``capitalized`` counts words that begin with a capital,
    ``shouted`` capitals after a capital, ``numbers`` runs of digits, ``sentences`` the stops with a
    space or the end behind them.
    """

    counts: NDArray[np.float32]
    chars: NDArray[np.int64]
    first: NDArray[np.uint8]
    last: NDArray[np.uint8]
    capitalized: NDArray[np.float32]
    shouted: NDArray[np.float32]
    numbers: NDArray[np.float32]
    sentences: NDArray[np.float32]


def count_signs(texts: Sequence[str]) -> Signs:
    """Linear in the characters; an empty text counts as one space."""
    # The line feed between two texts is a space that belongs to the text before it.
    chars = np.array([len(it) for it in texts], dtype=np.int64)
    size = len(texts)
    codes = _codes("\n".join(["", *texts, ""]))
    cells = np.arange(0, size * _KINDS, _KINDS).repeat(chars + 1)
    signs, counts = _counted(codes, cells, size)
    if counts[:, _UNKNOWN].any():
        for code in set(codes[signs == _NOT_YET].tolist()):
            _TABLE[code] = _sign(code)
        signs, counts = _counted(codes, cells, size)
    counts[:, _UPPER] += counts[:, _CAPITALIZED] + counts[:, _SHOUTED]
    counts[:, _DIGIT] += counts[:, _NUMBER]
    counts[:, _SPACE] += counts[:, _SPACED_STOP] - 1
    counts[:, _QUOTE] += counts[:, _QUOTED_STOP]
    ends = (chars + 1).cumsum()
    starts = ends - chars  # the first character of each text behind the first line feed
    found = counts.astype(np.float32)
    return Signs(
        found[:, :SIGNS],
        chars,
        signs[starts],
        signs[np.maximum(ends - 1, starts)],
        found[:, _CAPITALIZED],
        found[:, _SHOUTED],
        found[:, _NUMBER],
        found[:, _SPACED_STOP] + found[:, _QUOTED_STOP],
    )


def _codes(text: str) -> NDArray[np.uint16] | NDArray[np.uint32]:
    """A number for each character; all beyond the first plane share the last."""
    half = text.encode("utf-16-le", "surrogatepass")
    if len(half) == 2 * len(text):
        return np.frombuffer(half, dtype=np.uint16)
    whole = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.minimum(whole, np.uint32(_BEYOND))


def _counted(
    codes: NDArray[np.uint16] | NDArray[np.uint32], cells: NDArray[np.int64], size: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The sign of each character, and how many of each kind each text has (texts x _KINDS)."""
    signs = _TABLE.take(codes)
    kinds = _KIND.take((signs[:-1] << 4) | signs[1:])
    return signs, np.bincount(cells + kinds, minlength=size * _KINDS).reshape(size, _KINDS)


# The sign of each character of the Basic Multilingual Plane, looked up when it is first seen; all
# beyond share the last.
_NOT_YET, _BEYOND = 15, 0x10000
_TABLE: NDArray[np.uint8] = np.full(_BEYOND + 1, _NOT_YET, dtype=np.uint8)
_TABLE[_BEYOND] = Sign.OTHER
for _written, _chars in _WRITTEN.items():
    _TABLE[list(map(ord, _chars))] = _written

# A character with the one before it is of one of these kinds: its sign, or what it begins or ends.
_KINDS = SIGNS + 6
_CAPITALIZED, _SHOUTED, _NUMBER, _SPACED_STOP, _QUOTED_STOP, _UNKNOWN = range(SIGNS, _KINDS)


def _kind(before: int, sign: int) -> int:
    if _NOT_YET in (before, sign):
        return _UNKNOWN
    if sign == _UPPER and before > _DIGIT:
        return _CAPITALIZED
    if sign == before == _UPPER:
        return _SHOUTED
    if sign == _DIGIT != before:
        return _NUMBER
    if before == _STOP and sign in (_SPACE, _QUOTE):
        return _SPACED_STOP if sign == _SPACE else _QUOTED_STOP
    return sign


# … for each pair of signs, the one before in the upper four bits.
_KIND: NDArray[np.uint8] = np.array(
    [_kind(pair >> 4, pair & 15) for pair in range(256)], dtype=np.uint8
)


def _sign(code: int) -> int:
    char = chr(code)
    if is_unspaced(char):
        return Sign.UNSPACED
    if char.isspace():
        return Sign.SPACE
    category = unicodedata.category(char)
    if category == "Lu":
        return Sign.UPPER
    if category == "Ll":
        return Sign.LOWER
    if category[0] in "LM":
        return Sign.CASELESS
    return Sign.DIGIT if category[0] == "N" else Sign.OTHER
