"""Reads numbers however they are written, so that 46万, 四十六万 and 460,000 are one number.

A number that is written in several words becomes one: 52 000, 7:10, 38 thousand. Numbers that are
written out in an alphabet (twelve, zwölf) stay words.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]

_DIGITS: Final = {it: n for n, it in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "両": 2,
    "两": 2,
    "兩": 2,
}
_SMALL: Final = {"十": 10, "百": 100, "千": 1000, "천": 1000, "백": 100}
_LARGE: Final = {
    **dict.fromkeys("万萬만", 10**4),
    **dict.fromkeys("亿億억", 10**8),
    **dict.fromkeys("兆조", 10**12),
}
_UNITS: Final = frozenset((*_SMALL, *_LARGE))
_POINTS: Final = frozenset("点點")
_SIGNS: Final = np.sort(
    np.array([ord(it) for it in (*_DIGITS, *_UNITS, *_POINTS)], dtype=np.uint32)
)
# "Thousand" after digits, folded; the larger ones are rarely written out in digits.
THOUSAND: Final = (
    *("thousand", "tausend", "mille", "mil", "mila", "bin", "tusen", "tusind", "duizend", "ribu"),
    *("tys", "tysiące", "tysięcy", "тысяч", "тысячи", "тысячу", "тыс", "тисяч", "हज़ार", "हजार"),
    *("ألف", "آلاف", "الف", "الاف"),
)
_SPACES: Final = frozenset(" \u00a0\u202f\u2009")
_LONGEST: Final = 24  # words; whoever writes more of them in a row writes no number


def signs(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which of the characters are Han or Hangul numerals, or the point of such a number."""
    found: NDArray[np.bool_] = _SIGNS[np.searchsorted(_SIGNS[:-1], codes)] == codes
    return found


def numbers(
    codes: NDArray[np.uint32],
    starts: Rows,
    ends: Rows,
    is_digit: NDArray[np.bool_],
    is_thousand: NDArray[np.bool_],
) -> list[tuple[int, int, str]]:
    """Runs of words that are one number: first word, the word after the last, and its digits.

    ``codes`` are the characters of all texts, words stand at ``starts`` to ``ends``;
    ``is_digit`` says which begin with a digit, ``is_thousand`` which follow one and mean that.
    A word that is a number by itself is left out.
    """
    if not len(starts):
        return []
    # Most words are no numbers: only those that are, or follow one, are looked at.
    is_part = is_digit | signs(codes[starts])
    rows = np.flatnonzero(is_part)
    if not len(rows):
        return []
    after = np.minimum(rows + 1, len(starts) - 1)
    gap = starts[after] - ends[rows]
    # A run goes on where the next word touches, or where a space or a colon parts two numbers.
    follows = is_part[after] & ((gap == 0) | ((gap == 1) & is_digit[rows] & is_digit[after]))
    follows |= is_digit[rows] & is_thousand[after] & (gap == 1)
    last = codes[ends[rows] - 1]
    # In Hangul the unit and what is counted stand in one word with the digits: 3만5천명.
    alone = is_digit[rows] & (last >= 0xAC00) & (last <= 0xD7A3) & ~follows
    goes_on = np.zeros(len(starts), dtype=bool)
    goes_on[rows] = follows
    heads = rows[(follows | alone) & ~goes_on[rows - 1]]
    found = []
    for head in heads.tolist():
        last = head
        while last + 1 < len(starts) and goes_on[last] and last - head < _LONGEST:
            last += 1
        found += _read(codes, starts[head : last + 1], ends[head : last + 1], head)
    return found


def _read(
    codes: NDArray[np.uint32], starts: Rows, ends: Rows, head: int
) -> list[tuple[int, int, str]]:
    pieces = [
        "".join(map(chr, codes[start:end].tolist()))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    found: list[tuple[int, int, str]] = []
    place = 0
    while place < len(pieces):
        end, value = _longest(codes, starts, ends, pieces, place)
        if value is not None:
            found.append((head + place, head + end, value))
        place = end
    return found


def _longest(
    codes: NDArray[np.uint32], starts: Rows, ends: Rows, pieces: list[str], place: int
) -> tuple[int, str | None]:
    """The word after the number that begins here, and its digits if it took several words."""
    first = pieces[place]
    end = place + 1
    if first[0].isdigit():
        plain = _plain(first)
        if plain is None:
            value = _value(first)
            return end, None if all(it not in _LARGE for it in first) else _digits(value)
        while end < len(pieces) and starts[end] - ends[end - 1] == 1:
            between = chr(int(codes[ends[end - 1]]))
            piece = pieces[end]
            in_groups = between in _SPACES and len(piece) == 3 and len(first) <= 3
            if piece.isdigit() and (in_groups or (between == ":" and len(piece) == 2)):
                plain += piece
                end += 1
                continue
            if between in _SPACES and end == len(pieces) - 1 and not piece[0].isdigit():
                return end + 1, _digits(_decimal(plain) * 1000)
            break
        if end > place + 1:
            return end, _digits(_decimal(plain))
    while end < len(pieces) and starts[end] == ends[end - 1] and _is_numeral(pieces[end]):
        end += 1
    points = [at for at in range(place, end) if pieces[at] in _POINTS]
    # The point of a number stands before one digit after another: 一点四, but 七点十二分 is a time.
    if points and not all(it in _DIGITS for it in pieces[points[0] + 1 : end] or ["-"]):
        end = points[0] if points[0] > place else place + 1
    text = "".join(pieces[place:end])
    if end == place + 1 and (first[0].isdigit() or first not in _SMALL):
        return end, None
    value = _value(text)
    is_small = value < 10 and not _POINTS.intersection(text)
    return end, None if is_small else _digits(value)


def _is_numeral(piece: str) -> bool:
    return piece[0] in _DIGITS or piece[0] in _UNITS or piece[0].isdigit() or piece in _POINTS


def _value(text: str) -> Decimal:
    """The number that Han numerals, digits, or both mean.

    >>> _value("2万8千"), _value("四十六万"), _value("一二")
    (Decimal('28000'), Decimal('460000'), Decimal('12'))
    """
    total, part, one = Decimal(0), Decimal(0), ""
    for char in text:
        if char in _UNITS:
            here = _decimal(one) if one else None
            one = ""
            if char in _SMALL:
                part += (1 if here is None else here) * _SMALL[char]
            else:
                total += (part + (here or 0) or 1) * _LARGE[char]
                part = Decimal(0)
        elif char in _DIGITS:
            one += str(_DIGITS[char])
        elif char.isdigit() or char in ".,":
            one += char
        elif char in _POINTS:
            one += "."
        else:
            # What follows a numeral in the same word is no part of the number: 3천명.
            break
    return total + part + (_decimal(one) if one else 0)


def _plain(piece: str) -> str | None:
    """The digits of a number, with its point; None where letters follow."""
    return piece if all(it.isdigit() or it in ".," for it in piece) else None


def _decimal(digits: str) -> Decimal:
    """The value of digits, in which a point before three digits parts thousands."""
    plain = digits.replace(",", ".")
    head, _, tail = plain.rpartition(".")
    if head and len(tail) == 3:
        plain = plain.replace(".", "")
    elif head:
        plain = f"{head.replace('.', '')}.{tail}"
    try:
        return Decimal(plain)
    except InvalidOperation:
        return Decimal(0)


def _digits(value: Decimal) -> str:
    """The digits of a value as those who read word by word see them: without a point."""
    plain = f"{value.normalize():f}"
    return plain.replace(".", "")
