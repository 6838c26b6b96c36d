"""Turns many texts at once into columns of words: one row a word, in the order of reading.

Words, their stems and sentences are hashes and numbers; no text is kept and no string is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.letters import (
    CAPITAL,
    DIGIT,
    LETTERS,
    LINE,
    LOWER,
    PAIRED,
    SKIP,
    STOP,
    SYLLABLE,
)
from cleaners.duplicates.numerals import THOUSAND, numbers
from cleaners.duplicates.skim import (
    Hashes,
    Rows,
    borders,
    codes_of,
    mixed,
    skim,
    tie_digits,
    word_hashes,
)
from cleaners.duplicates.stems import number_stem, special_stems, stems, tied

NUMBER: Final = 1
NAME: Final = 2
_ABBREVIATIONS: Final = """
mr mrs ms dr prof st sen rep gov gen col lt sgt capt rev hon jr sr inc ltd co corp vs no nr
jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
ca bzw usw etc mme mlle sra dra av approx dept est fig vol pp
"""

__all__ = ["NAME", "NUMBER", "Hashes", "Rows", "Words", "mixed", "words"]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of n texts. All columns but ``first`` have one entry a word.

    ``start`` and ``end`` count characters within the word's own text. ``sentence`` numbers the
    sentences within the text, from 0. ``first`` has n + 1 entries: the words of text i stand in
    rows ``first[i]`` to ``first[i + 1]``. ``length`` is the number of letters. ``root`` is a
    coarser stem, that of numbers excepted. ``cased``: is it of a script with capitals.
    """

    whole: Hashes
    stem: Hashes
    root: Hashes
    kind: NDArray[np.uint8]
    length: NDArray[np.int32]
    sentence: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    cased: NDArray[np.bool_]
    first: Rows

    @property
    def counts(self) -> Rows:
        """Words in each text."""
        return np.diff(self.first)

    @property
    def text(self) -> Rows:
        """The number of the text that each word stands in."""
        return np.repeat(np.arange(len(self.first) - 1), self.counts)


def words(texts: Sequence[str]) -> Words:
    """The words of some texts in columns.

    >>> len(words(["Rain, rain.", "no"]).whole)
    3
    """
    codes, first_char = codes_of(texts)
    folded, classes = LETTERS.read(codes)
    letters, _ = LETTERS.narrow(codes)
    tie_digits(classes)
    kind_of, gone = classes, np.flatnonzero(classes == SKIP)
    if len(gone):
        kept = classes != SKIP
        folded, letters, kind_of = folded[kept], letters[kept], classes[kept]
    starts, ends = borders(kind_of)
    whole = word_hashes(letters, starts, ends)
    stem, root = stems(folded, starts, ends)
    special = np.flatnonzero((kind_of[starts] == SYLLABLE) | (kind_of[starts] == DIGIT))
    if len(special):
        stem[special] = special_stems(folded, kind_of, starts[special], ends[special])
        digits = special[kind_of[starts[special]] == DIGIT]
        root[digits] = stem[digits]
    if len(kind_of) and int(kind_of.max()) >= PAIRED:
        stem = tied(stem, kind_of, starts, ends)
    # Where a word stands in the text, with what was skipped before it.
    gone -= np.arange(len(gone))
    begin_char = starts + np.searchsorted(gone, starts, side="right")
    end_char = ends + np.searchsorted(gone, ends - 1, side="right")
    is_digit = kind_of[starts] == DIGIT
    runs = numbers(codes, begin_char, end_char, is_digit, _thousands(whole, is_digit))
    first = np.searchsorted(begin_char, first_char)
    sentence, heads = _sentences(classes, kind_of, starts, ends, begin_char, whole)
    kinds = _kinds(kind_of, starts, ends, heads)
    for head, after, value in runs:
        stem[head:after] = root[head:after] = number_stem(value)
        kinds[head:after] = 0
        kinds[head] = NUMBER
    sentence = sentence - _at(sentence, first[:-1]).repeat(np.diff(first))
    origin = first_char[:-1].repeat(np.diff(first))
    return Words(
        whole,
        stem,
        root,
        kinds,
        (ends - starts).astype(np.int32),
        sentence.astype(np.int32),
        (begin_char - origin).astype(np.int32),
        (end_char - origin).astype(np.int32),
        (kind_of[starts] == LOWER) | (kind_of[starts] == CAPITAL),
        first,
    )


def _sentences(
    classes: NDArray[np.uint8],
    kinds: NDArray[np.uint8],
    starts: Rows,
    ends: Rows,
    begin_char: Rows,
    whole: Hashes,
) -> tuple[Rows, NDArray[np.bool_]]:
    """The running number of each word's sentence, and whether the word is its first."""
    count = len(starts)
    heads = np.zeros(count + 1, dtype=bool)
    lines = np.flatnonzero(classes == LINE)
    heads[np.searchsorted(begin_char, lines)] = True
    stops = np.flatnonzero(classes == STOP)
    after = np.searchsorted(begin_char, stops)
    inside = (after > 0) & (after < count)
    stops, after = stops[inside], after[inside]
    if len(after):
        before = after - 1
        is_unspaced = kinds[starts[after]] >= PAIRED
        spaced = begin_char[after] - stops > 1
        lower = kinds[starts[after]] == LOWER
        short = (ends[before] - starts[before] == 1) & (kinds[starts[before]] == CAPITAL)
        heads[after] |= is_unspaced | (spaced & ~lower & ~short & ~_is_abbreviation(whole[before]))
    heads = heads[:count]
    if count:
        heads[0] = True
    return np.cumsum(heads) - 1, heads


def _kinds(
    kinds: NDArray[np.uint8], starts: Rows, ends: Rows, heads: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """NUMBER where a word begins with a digit, NAME where a capital stands within a sentence."""
    first = kinds[starts]
    found = np.zeros(len(starts), dtype=np.uint8)
    found[first == DIGIT] = NUMBER
    found[(first == CAPITAL) & ~heads & (ends - starts > 1)] = NAME
    return found


def _at(column: Rows, rows: Rows) -> Rows:
    """``column[rows]``, 0 for rows past its end: the texts without a word at the end."""
    if not len(column):
        return np.zeros(len(rows), dtype=np.int64)
    return np.where(rows < len(column), column[np.minimum(rows, len(column) - 1)], 0)


def _thousands(whole: Hashes, is_digit: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which words follow one that begins with a digit, and mean a thousand."""
    found = np.zeros(len(whole), dtype=bool)
    rows = np.flatnonzero(is_digit[:-1]) + 1
    keys = whole[rows]
    found[rows] = _THOUSANDS[np.searchsorted(_THOUSANDS[:-1], keys)] == keys
    return found


def _is_abbreviation(keys: Hashes) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = _ABBREVIATED[np.searchsorted(_ABBREVIATED[:-1], keys)] == keys
    return known


_ABBREVIATED: Final = np.sort(skim([_ABBREVIATIONS]).whole)
_THOUSANDS: Final = np.sort(skim([" ".join(THOUSAND)]).whole)
