"""Folds a text for comparing: case, accents, punctuation and spacing are gone.

A folded text is never shown and never stored as text. Words stand one space apart; a character of a
script that writes without spaces (Chinese, Japanese, Thai, …) is a word of its own, so that
``fold(text).split()`` gives words in any language.
"""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

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
_ASCII = {code: _folded(code) if chr(code) not in "'`" else "" for code in range(128)}


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
    if not lines:
        return []
    flat = "\n".join([it.replace("\n", " ") if "\n" in it else it for it in lines])
    return [it.split() for it in _characters(flat).split("\n")]


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
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    folded: NDArray[np.uint32] = _ONE_TO_ONE[np.minimum(codes, _BEYOND)]
    is_special = folded >= _NOT_YET
    special, found = codes[is_special], folded[is_special]
    if (found == _NOT_YET).any():
        _learn(set(special[found == _NOT_YET].tolist()))
        return _characters(text)
    several = sorted(set(special[found == _SEVERAL].tolist()))
    if several:
        words = [_TABLE[code] for code in several]
        _learn({code for it in words for code in map(ord, it) if _is_new(code)})
        if len(several) > _FEW or any(
            _ONE_TO_ONE[min(ord(it), _BEYOND)] == _SEVERAL for it in "".join(words)
        ):
            return text.translate(_TABLE)
        for code, word in zip(several, words, strict=True):
            text = text.replace(chr(code), word)
        return _characters(text)
    kept: bytes = folded[~is_special].tobytes()
    return kept.decode("utf-32-le", "surrogatepass")


_ALPHABETS, _BEYOND = 0x2E80, 0x10000
_HANGUL = slice(0xAC00, 0xD7A4)
# Of so many characters that become several letters (ß, ™, ½) each is replaced on its own.
_FEW = 8
# What no character folds to stands for "several characters", "none", and "not looked up yet".
_SEVERAL, _NOTHING, _NOT_YET = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
# What each character of the Basic Multilingual Plane becomes, where that is one character. The last
# entry stands for all beyond. Scripts whose characters become words of their own go the slower way
# by ``str.translate``. To look all letters up at the start would cost a tenth of a second.
_ONE_TO_ONE: NDArray[np.uint32] = np.full(_BEYOND + 1, _SEVERAL, dtype=np.uint32)
_ONE_TO_ONE[:_ALPHABETS] = _NOT_YET
_ONE_TO_ONE[_HANGUL] = np.arange(_HANGUL.start, _HANGUL.stop)


def _is_new(code: int) -> bool:
    return code < _ALPHABETS and bool(_ONE_TO_ONE[code] == _NOT_YET)


def _learn(codes: set[int]) -> None:
    """Looks up what characters become; the same for whichever thread does it first."""
    for code in codes:
        if code < _ALPHABETS:
            folded = _TABLE[code]
            if len(folded) > 1:
                _ONE_TO_ONE[code] = _SEVERAL
            else:
                _ONE_TO_ONE[code] = ord(folded) if folded else _NOTHING
