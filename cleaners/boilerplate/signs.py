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
    codes = np.frombuffer(
        "".join([f"{it}\n" for it in texts]).encode("utf-32-le", "surrogatepass"), dtype=np.uint32
    )
    if codes.max(initial=0) > _BEYOND:
        codes = np.minimum(codes, _BEYOND)
    signs = _TABLE[codes]
    if signs.max(initial=0) == _NOT_YET:
        for code in set(codes[signs == _NOT_YET].tolist()):
            _TABLE[code] = _sign(code)
        signs = _TABLE[codes]
    ends = np.cumsum(chars + 1)
    starts = ends - chars - 1
    size = len(texts)
    cells = np.repeat(np.arange(0, size * SIGNS, SIGNS), chars + 1)
    cells += signs
    counts = np.bincount(cells, minlength=size * SIGNS).reshape(size, SIGNS)
    counts[:, _SPACE] -= 1
    # A space before the first character and after the last.
    around = np.full(len(signs) + 2, _SPACE, dtype=np.uint8)
    around[1:-1] = signs
    before, after = around[:-2], around[2:]
    upper, digit = signs == _UPPER, signs == _DIGIT

    def per_line(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
        lines = np.searchsorted(ends, np.flatnonzero(mask), side="right")
        return np.bincount(lines, minlength=size).astype(np.float32)

    return Signs(
        counts.astype(np.float32),
        chars,
        signs[starts],
        signs[np.maximum(ends - 2, starts)],
        per_line(upper & (before > _DIGIT)),
        per_line(upper & (before == _UPPER)),
        per_line(digit & (before != _DIGIT)),
        per_line((signs == _STOP) & ((after == _SPACE) | (after == _QUOTE))),
    )


# The sign of each character of the Basic Multilingual Plane, looked up when it is first seen; all
# beyond share the last.
_NOT_YET, _BEYOND = 255, 0x10000
_TABLE: NDArray[np.uint8] = np.full(_BEYOND + 1, _NOT_YET, dtype=np.uint8)
_TABLE[_BEYOND] = Sign.OTHER
for _written, _chars in _WRITTEN.items():
    _TABLE[list(map(ord, _chars))] = _written


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
