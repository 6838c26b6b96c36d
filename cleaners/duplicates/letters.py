"""What each character is to someone who compares texts, as tables that numpy can look into."""

from __future__ import annotations

import unicodedata
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.text.fold import fold

# Classes of characters. LETTER and above are parts of words.
GAP: Final = 0  # parts words
SKIP: Final = 1  # neither parts words nor belongs to one: a combining accent, an apostrophe
STOP: Final = 2  # parts words, and may end a sentence
LINE: Final = 3  # ends a line and with it a sentence
JOINER: Final = 4  # parts words, but not digits: 1,100.5
LETTER: Final = 5  # of a script without capitals
LOWER: Final = 6
CAPITAL: Final = 7
DIGIT: Final = 8
SYLLABLE: Final = 9  # Hangul: a letter that says as much as two or three of an alphabet
PAIRED: Final = 10  # scripts without spaces, words of about two characters: Han, Kana
TIED: Final = (
    11  # scripts without spaces, words of about four characters: Thai, Lao, Khmer, Myanmar
)
_UNSEEN: Final = 255

_STOPS = frozenset("!?…。！？｡।॥۔؟։።᙮᠃。")
_LINES = frozenset("\n\r\u2028\u2029\v\f")
_SIZE = 0x110000


class Letters:
    """Folded code and class of every character; each is looked up in Unicode when first seen.

    The tables only ever gain what Unicode says, so that two threads may share them.
    """

    def __init__(self) -> None:
        self._folded: NDArray[np.uint32] = np.zeros(_SIZE, dtype=np.uint32)
        self._classes: NDArray[np.uint8] = np.full(_SIZE, _UNSEEN, dtype=np.uint8)
        # Class and folded code in 16 bits each, so that one look tells both.
        self._narrow: NDArray[np.uint32] = np.full(_SIZE, _UNSEEN << 16, dtype=np.uint32)

    def read(self, codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
        """Folded codes, 0 for what is no part of a word, and classes; shaped like ``codes``."""
        places = codes.astype(np.intp)
        classes = self._classes.take(places)
        if classes.size and int(classes.max()) == _UNSEEN:
            for code in np.unique(codes[classes == _UNSEEN]).tolist():
                self._folded[code], self._classes[code] = _look_up(code)
            classes = self._classes.take(places)
        return self._folded.take(places), classes

    def narrow(self, codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
        """Folded codes in 16 bits and classes, shaped like ``codes``.

        Letters beyond the Basic Multilingual Plane, and those that become several, have places in
        its private area, which holds no letters; those of one alphabet have one each.
        """
        places = codes.astype(np.intp)
        both = self._narrow.take(places)
        if both.size and int(both.max()) >= _UNSEEN << 16:
            new = np.unique(codes[both >= _UNSEEN << 16])
            folded, classes = self.read(new)
            small = np.where(folded < 0x10000, folded, 0xE000 + folded % 0x1800)
            self._narrow[new] = (classes.astype(np.uint32) << 16) | small
            both = self._narrow.take(places)
        return both.astype(np.uint16), (both >> np.uint32(16)).astype(np.uint8)


def _look_up(code: int) -> tuple[int, int]:
    char = chr(code)
    if char in _LINES:
        return 0, LINE
    if char in _STOPS:
        return 0, STOP
    if char in ".,٫٬．，":
        return 0, STOP if char in ".．" else JOINER
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return ord("0") + digit, DIGIT
    # Between two letters it shows what it does to a word.
    middle = fold(f"q{char}q")
    if middle == "qq":
        return 0, SKIP
    if middle == "q q":
        return 0, GAP
    word = middle[1:-1]
    folded = _code_of(word.strip())
    if word.startswith(" "):
        return folded, PAIRED if code >= 0x3000 else TIED
    if 0xAC00 <= code <= 0xD7A3:
        return folded, SYLLABLE
    if unicodedata.category(char) in {"Lu", "Lt"}:
        return folded, CAPITAL
    return folded, LETTER if char.lower() == char.upper() else LOWER


def _code_of(word: str) -> int:
    """One number for what a character folds into; two characters get one beyond Unicode."""
    if len(word) == 1:
        return ord(word)
    code = 0
    for char in word:
        code = (code * 0x01000193 + ord(char)) & 0x7FFFFFFF
    return code | 0x80000000


LETTERS: Final = Letters()
