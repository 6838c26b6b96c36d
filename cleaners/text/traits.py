"""Tells in one pass over a text which repairs it may need; of most texts, that it needs none."""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

# Bits of what ``traits`` finds: plain numbers, for an enum's own take longer than all the rest.
ODD = 1  # controls, spaces but the plain one, characters that nobody sees, lone halves of pairs
GARBLED = 2  # two characters side by side that UTF-8 leaves when it is read as another code
FOREIGN = 4  # may not be in the composed form (NFC), or has spaces between Chinese characters
LOOSE = 8  # two spaces, a space at the end of a line, two empty lines, or the like


def traits(text: str) -> int:
    """What a text has that some step of ``normalize`` may change; 0 where there is nothing.

    Each bit may be set for a text that needs nothing, none is missed. A single line feed or space
    at either end is not told of. Linear in the text.

    >>> traits("It rained.\\n\\nIt poured."), traits("a  b") == LOOSE
    (0, True)
    """
    # What is beyond the first plane becomes two halves of a pair.
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    signs = _SIGNS.take(codes)
    seen = int(np.bitwise_or.reduce(signs))
    if seen & _NOT_YET:
        for code in set(codes[signs == _NOT_YET].tolist()):
            _SIGNS[code] = _sign(code)
        signs = _SIGNS.take(codes)
        seen = int(np.bitwise_or.reduce(signs))
    found = 0
    if seen & _MARKED:
        if seen & _ODD or (seen & _HALF and not _is_whole(text)):
            found |= ODD
        if seen & _FOREIGN:
            found |= FOREIGN | (GARBLED if "\ufffd" in text else 0)
    # Each bit of a first character comes to stand over that of a second beside it.
    pairs = (signs[:-1] << 1) & signs[1:]
    if seen & _FIRST and seen & _SECOND and (pairs & _SECOND).any():
        found |= GARBLED
    # As many pairs as there are empty lines is none beside them: of three line feeds two are pairs,
    # but one is counted.
    if np.count_nonzero(pairs & _AFTER_BLANK) != text.count("\n\n"):
        found |= LOOSE
    return found


def _is_whole(text: str) -> bool:
    """Whether no half of a pair stands alone."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


# A bit for what a character is; the second of a pair stands above the first.
_FIRST, _SECOND, _BLANK, _AFTER_BLANK = 1, 2, 4, 8
_ODD, _FOREIGN, _HALF, _NOT_YET = 16, 32, 64, 128
_MARKED = _ODD | _FOREIGN | _HALF
_ODD_CODES = (
    *((0x00, 0x09), (0x0B, 0x1F), (0x7F, 0xA0), (0xAD, 0xAD), (0x061C, 0x061C), (0x1680, 0x1680)),
    *((0x180E, 0x180E), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F), (0x3000, 0x3000)),
    *((0xFEFF, 0xFEFF), (0xFFF9, 0xFFFC), (0xFFFE, 0xFFFF)),
)
# What UTF-8 that was read as a single-byte encoding leaves.
_FIRST_CODES = ((0xC2, 0xF4), (0x0413, 0x0441), (0x0102, 0x0111), (0xA4, 0xBF))
_SECOND_CODES = (
    *((0x80, 0xBF), (0x0152, 0x0178), (0x0192, 0x0192), (0x02C6, 0x02C6), (0x02DC, 0x02DC)),
    *((0x2013, 0x203A), (0x20AC, 0x20AC), (0x2122, 0x2122), (0x0402, 0x045F)),
)
_FOREIGN_CODES = (
    *((0x3001, 0x3002), (0x3041, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)),
    (0xFF01, 0xFF1F),
)
_HALVES = range(0xD800, 0xE000)
# Second halves of Hangul syllables: letters that may grow into the one before them.
_HANGUL_PARTS = range(0x1160, 0x1200)


def _sign(code: int) -> int:
    char = chr(code)
    sign = _BLANK | _AFTER_BLANK if char in " \n" else 0
    for bit, codes in (
        (_FIRST, _FIRST_CODES),
        (_SECOND, _SECOND_CODES),
        (_ODD, _ODD_CODES),
        (_FOREIGN, _FOREIGN_CODES),
    ):
        if any(first <= code <= last for first, last in codes):
            sign |= bit
    if code in _HALVES:
        return _HALF | _FOREIGN
    # What stands for a character that could not be read is one to look into.
    return sign if is_settled(char) and char != "\ufffd" else sign | _FOREIGN


def is_settled(char: str) -> bool:
    """Whether the character stays as it is in NFC, whatever stands before it."""
    return (
        unicodedata.category(char)[0] != "M"
        and ord(char) not in _HANGUL_PARTS
        and unicodedata.is_normalized("NFC", char)
    )


# The sign of each character of the first plane, looked up when it is first seen.
_SIGNS: NDArray[np.uint8] = np.full(0x10000, _NOT_YET, dtype=np.uint8)
_SIGNS[:0x80] = [_sign(code) for code in range(0x80)]
