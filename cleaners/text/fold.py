"""Folds a text for comparing: case, accents, punctuation and spacing are gone.

A folded text is never shown and never stored as text. Words stand one space apart; a character of a
script that writes without spaces (Chinese, Japanese, Thai, …) is a word of its own, so that
``fold(text).split()`` gives words in any language.
"""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

from cleaners.text.traits import is_settled

# Accents of Latin, Greek and Cyrillic; and what Hebrew and Arabic readers leave out as well:
# points, harakat, tatweel. Vowel signs of Indic scripts are letters to their readers: kept.
_DROPPED = (
    *range(0x0300, 0x0370),
    *range(0x0591, 0x05BE),
    *range(0x064B, 0x0660),
    0x0640,
    0x0670,
    0x00AD,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    0xFEFF,
)
# An apostrophe inside a word does not part it: "don't" is one word however it is typed.
_APOSTROPHES = (0x27, 0x2018, 0x2019, 0x02BC, 0xFF07, 0x60, 0xB4)

# Scripts written without spaces between words.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3041, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),  # Han
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def is_unspaced(char: str) -> bool:
    """Whether the character belongs to a script that puts no spaces between words."""
    code = ord(char)
    return code >= 0x0E00 and any(first <= code <= last for first, last in _UNSPACED)


def _folded(code: int) -> str:
    char = chr(code)
    if char == "\n":
        return char
    if char == "ー":  # the long vowel of Katakana is a letter
        return f" {char} "
    parts = unicodedata.normalize("NFKD", char.casefold())
    kept = "".join(it for it in parts if ord(it) not in _LOST)
    kept = unicodedata.normalize("NFC", kept).casefold()
    folded = "".join(_as_word(it) for it in kept)
    return folded if folded.strip() else " " * bool(folded)


def _as_word(char: str) -> str:
    if ord(char) in _APOSTROPHES:
        return ""
    if unicodedata.category(char)[0] not in "LMN":
        return " "
    return f" {char} " if is_unspaced(char) else char


_LOST = frozenset(_DROPPED)


class _Table(dict[int, str]):
    """What each character becomes; a character is looked up in Unicode once in a process."""

    def __missing__(self, code: int) -> str:
        folded = "" if code in _LOST or code in _APOSTROPHES else _folded(code)
        self[code] = folded
        return folded


_TABLE = _Table()
# None where nothing is left: with an empty text, Python takes the slow way.
_ASCII = {code: _folded(code) if chr(code) not in "'`" else None for code in range(128)}


def fold(text: str) -> str:
    """The text's words in one case, one space apart; empty where nothing but punctuation stood.

    >>> fold("Lesen  Sie AUCH:") == fold("lesen sie auch")
    True
    >>> fold("À lire aussi – l’été")
    'a lire aussi lete'
    """
    return " ".join(_characters(text).split())


def fold_words(lines: list[str]) -> list[list[str]]:
    """The folded words of each of many texts, in one pass over all of them.

    >>> fold_words(["Read MORE:", "", "Più"])
    [['read', 'more'], [], ['piu']]
    """
    return [it.split() for it in fold_lines(lines)]


def fold_lines(lines: list[str]) -> list[str]:
    """The same before it is split: the words stand some spaces apart.

    >>> fold_lines(["Read MORE:"])
    ['read more ']
    """
    if not lines:
        return []
    flat = "\n".join(lines)
    if flat.count("\n") >= len(lines):
        flat = "\n".join([it.replace("\n", " ") for it in lines])
    return _characters(flat).split("\n")


def word_span(text: str, first: int, last: int) -> tuple[int, int]:
    """Where the words number ``first`` to ``last`` of ``fold(text).split()`` stand in the text.

    >>> word_span("“READ  MORE”: rain", 0, 1)
    (1, 11)
    """
    start = end = 0
    seen, is_inside = -1, False
    for at, char in enumerate(text):
        for it in _TABLE[ord(char)]:
            if it.isspace():
                is_inside = False
                continue
            if not is_inside:
                is_inside = True
                seen += 1
                if seen == first:
                    start = at
            if seen <= last:
                end = at + 1
        if seen > last:
            break
    return start, end


def _characters(text: str) -> str:
    if text.isascii():
        return text.translate(_ASCII)
    places = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    plain = _PLAIN.take(places)
    most = int(plain.max())
    if most == _UNSEEN:
        _learn_plain(set(places[plain == _UNSEEN].tolist()))
        plain = _PLAIN.take(places)
        most = int(plain.max())
    if most > _DROPS:
        longer = set(places[plain == _LONGER].tolist())
        if most > _LONGER or len(longer) > _FEW:
            return _any_characters(text)
        for code in longer:  # ß, mostly
            text = text.replace(chr(code), _TABLE[code])
        return _characters(text)
    if most == _DROPS:  # apostrophes, mostly
        plain = plain[plain < _DROPS]
    content: bytes = plain.tobytes()
    return content.decode("utf-16-le")


# What each character of the first plane becomes where that is one character or none: a table of
# half the size, which does for most texts in a third of the time. The others, and those that may
# grow together with the one before them, are as yet unseen or lead to ``_any_characters``.
_FEW = 8  # so many are replaced one by one; a hostile text has hundreds
_DROPS, _LONGER, _OTHERWISE, _UNSEEN = 0xFFF0, 0xFFF1, 0xFFF2, 0xFFFF
_PLAIN: NDArray[np.uint16] = np.full(0x10000, _UNSEEN, dtype=np.uint16)


def _learn_plain(codes: set[int]) -> None:
    for code in codes:
        char = chr(code)
        folded = _TABLE[code]
        if not is_settled(char) or 0xD800 <= code < 0xE000:
            _PLAIN[code] = _OTHERWISE
        elif len(folded) > 1:
            # Once replaced, nothing is left to replace.
            is_plain = folded.isascii() and fold(folded) == folded
            _PLAIN[code] = _LONGER if is_plain else _OTHERWISE
        else:
            _PLAIN[code] = ord(folded) if folded else _DROPS


def _any_characters(text: str) -> str:
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    places = np.minimum(codes, _BEYOND)
    folded: NDArray[np.uint32] = _ONE_TO_ONE[places]
    if folded.max(initial=0) < _APART:
        return _text(folded)
    if (folded == _NOT_YET).any():
        _learn(set(places[folded == _NOT_YET].tolist()))
        folded = _ONE_TO_ONE[places]
    return _text(_widened(codes, folded))


def _widened(codes: NDArray[np.uint32], folded: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Room made for characters that become several, and none left for those that become none."""
    is_special = folded >= _APART
    of = folded[is_special]
    if (of == _NOTHING).all():  # apostrophes, mostly
        return folded[~is_special]
    special = np.flatnonzero(is_special)
    others = special[of == _SEVERAL]
    words = {code: _TABLE[code] for code in set(codes[others].tolist())}
    widths = np.ones(len(codes), dtype=np.int64)
    widths[special] = np.where(of == _NOTHING, 0, 3)
    widths[others] = [len(words[code]) for code in codes[others].tolist()]
    begins = _begins(widths)
    out = np.repeat(folded, widths)
    # A word of its own stands between two spaces.
    alone = special[of < _SEVERAL]
    at = begins[alone]
    out[at], out[at + 1], out[at + 2] = _SPACE, folded[alone] - _APART, _SPACE
    several = "".join([words[code] for code in codes[others].tolist()])
    into = np.repeat(begins[others] - _begins(widths[others]), widths[others])
    out[into + np.arange(len(into))] = [ord(it) for it in several]
    return out


def _begins(widths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of many pieces begins when they are laid end to end."""
    return np.cumsum(widths) - widths


def _text(codes: NDArray[np.uint32]) -> str:
    content: bytes = codes.tobytes()
    return content.decode("utf-32-le", "surrogatepass")


_BEYOND, _SPACE = 0x10000, 0x20
_HANGUL = slice(0xAC00, 0xD7A4)
# From here on a character becomes a word of its own; the others stand for "several characters",
# "none", and "not looked up yet".
_APART, _SEVERAL, _NOTHING, _NOT_YET = 0x80000000, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF
# What each character of the Basic Multilingual Plane becomes, looked up when it is first seen: all
# at the start would cost half a second. The last entry stands for all beyond.
_ONE_TO_ONE: NDArray[np.uint32] = np.full(_BEYOND + 1, _NOT_YET, dtype=np.uint32)
_ONE_TO_ONE[_BEYOND] = _SEVERAL
_ONE_TO_ONE[_HANGUL] = np.arange(_HANGUL.start, _HANGUL.stop)


def _learn(codes: set[int]) -> None:
    """Looks up what characters become; the same for whichever thread does it first."""
    for code in codes:
        folded = _TABLE[code]
        if len(folded) == 1:
            _ONE_TO_ONE[code] = ord(folded)
        elif len(folded) == 3 and folded[0] == folded[2] == " ":
            _ONE_TO_ONE[code] = _APART + ord(folded[1])
        else:
            _ONE_TO_ONE[code] = _SEVERAL if folded else _NOTHING
