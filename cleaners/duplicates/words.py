"""Turns many texts at once into columns of words: one row a word, in the order of reading.

Words, their stems and sentences are hashes and numbers; no text is kept and no string is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.letters import (
    CAPITAL,
    DIGIT,
    JOINER,
    LETTER,
    LETTERS,
    LINE,
    LOWER,
    PAIRED,
    SKIP,
    STOP,
    SYLLABLE,
    TIED,
)

# A stem is the beginning of a word: it needs no dictionary and works alike for every language with
# an alphabet. The length is the best of 4 to 8 on the stories that models are trained on.
STEM_LETTERS: Final = 6
STEM_SYLLABLES: Final = 2

# Odd constants that spread bits; from splitmix64 (Steele, Lea, Flood 2014).
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_A: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B: Final = np.uint64(0x94D049BB133111EB)

NUMBER: Final = 1
NAME: Final = 2
_ABBREVIATIONS: Final = """
mr mrs ms dr prof st sen rep gov gen col lt sgt capt rev hon jr sr inc ltd co corp vs no nr
jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
ca bzw usw etc mme mlle sra dra av approx dept est fig vol pp
"""

Hashes: TypeAlias = NDArray[np.uint64]
Rows: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of n texts. All columns but the last two have one entry a word.

    ``start`` and ``end`` count characters within the word's own text. ``sentence`` numbers the
    sentences within the text, from 0. ``first`` has n + 1 entries: the words of text i stand in
    rows ``first[i]`` to ``first[i + 1]``. ``length`` is the number of letters.
    """

    whole: Hashes
    stem: Hashes
    kind: NDArray[np.uint8]
    length: NDArray[np.int32]
    sentence: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    first: Rows

    @property
    def counts(self) -> Rows:
        """Words in each text."""
        return np.diff(self.first)

    @property
    def text(self) -> Rows:
        """The number of the text that each word stands in."""
        return np.repeat(np.arange(len(self.first) - 1), self.counts)


def mixed(keys: Hashes) -> Hashes:
    """Spreads 64-bit keys evenly (the finalizer of splitmix64)."""
    keys = (keys ^ (keys >> np.uint64(30))) * _MIX_A
    keys = (keys ^ (keys >> np.uint64(27))) * _MIX_B
    return keys ^ (keys >> np.uint64(31))


def words(texts: Sequence[str]) -> Words:
    """The words of some texts in columns.

    >>> len(words(["Rain, rain.", "no"]).whole)
    3
    """
    codes, first_char = _codes(texts)
    folded, classes = LETTERS.read(codes)
    if len(codes) > 2:
        # A stop or a comma between two digits parts nothing.
        inner = classes[1:-1]
        held = (inner == STOP) | (inner == JOINER)
        held &= (classes[:-2] == DIGIT) & (classes[2:] == DIGIT)
        inner[held] = SKIP
    at = np.flatnonzero(classes != SKIP)
    kind_of, code_of = classes[at], folded[at]
    is_word = kind_of >= LETTER
    begins = is_word.copy()
    begins[1:] &= ~is_word[:-1]
    unspaced = kind_of >= PAIRED
    is_unspaced = bool(unspaced.any())
    if is_unspaced:
        begins |= unspaced
        # What follows a character of such a script begins anew.
        begins[1:] |= is_word[1:] & unspaced[:-1]
    starts = np.flatnonzero(begins)
    # The last character of all is a line's end, so each word ends before there is none left.
    lasts = begins | ~is_word
    ends = np.flatnonzero(is_word[:-1] & lasts[1:]) + 1
    whole, stem = _hashes(code_of[is_word], ends - starts)
    special = np.flatnonzero((kind_of[starts] == SYLLABLE) | (kind_of[starts] == DIGIT))
    if len(special):
        stem[special] = _special_stems(code_of, kind_of, starts[special], ends[special])
    if is_unspaced:
        whole, stem = _tied(whole, stem, kind_of, starts, ends)
    begin_char, end_char = at[starts], at[np.maximum(ends, 1) - 1] + 1
    first = np.searchsorted(begin_char, first_char)
    sentence, heads = _sentences(classes, kind_of, starts, ends, begin_char, whole)
    sentence = sentence - _at(sentence, first[:-1]).repeat(np.diff(first))
    origin = first_char[:-1].repeat(np.diff(first))
    return Words(
        whole,
        stem,
        _kinds(kind_of, starts, ends, heads),
        (ends - starts).astype(np.int32),
        sentence.astype(np.int32),
        (begin_char - origin).astype(np.int32),
        (end_char - origin).astype(np.int32),
        first,
    )


def _codes(texts: Sequence[str]) -> tuple[NDArray[np.uint32], Rows]:
    """All characters, a line's end after each text; and where each text begins (n + 1 entries)."""
    joined = "\n".join([*texts, ""])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    first = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(it) + 1 for it in texts], out=first[1:])
    return codes, first


def _hashes(letters: NDArray[np.uint32], lengths: Rows) -> tuple[Hashes, Hashes]:
    """A hash of each word and of its stem, from a sum over its letters that knows their order.

    ``letters`` are those of all words, one word after the other.
    """
    if not len(lengths):
        nothing = np.zeros(0, dtype=np.uint64)
        return nothing, nothing.copy()
    firsts = np.cumsum(lengths) - lengths
    place = np.arange(len(letters)) - np.repeat(firsts, lengths)
    mixture = place.astype(np.uint64)
    mixture += np.uint64(1)
    mixture <<= np.uint64(33)
    mixture += letters
    mixture *= _GOLDEN
    mixture ^= mixture >> np.uint64(29)
    mixture *= _MIX_A
    whole = np.add.reduceat(mixture, firsts)
    mixture[place >= STEM_LETTERS] = 0
    return mixed(whole), mixed(np.add.reduceat(mixture, firsts))


def _special_stems(
    codes: NDArray[np.uint32], kinds: NDArray[np.uint8], starts: Rows, ends: Rows
) -> Hashes:
    """Stems of words that begin with a digit or a syllable.

    The stem of a number is the number: 30 in "30th", "30명" and "30-Jährige".
    """
    other = np.flatnonzero(kinds != DIGIT)
    digits = np.append(other, len(kinds))[np.searchsorted(other, starts)] - starts
    reach = np.where(kinds[starts] == DIGIT, digits, STEM_SYLLABLES)
    lengths = np.minimum(reach, ends - starts)
    rows = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths - starts, lengths)
    whole, _ = _hashes(codes[rows], lengths)
    return whole


def _tied(
    whole: Hashes, stem: Hashes, kinds: NDArray[np.uint8], starts: Rows, ends: Rows
) -> tuple[Hashes, Hashes]:
    """Makes overlapping groups of characters out of those of scripts without spaces."""
    kind = kinds[starts]
    touches = np.zeros(len(starts), dtype=bool)
    touches[:-1] = (starts[1:] == ends[:-1]) & (kind[1:] == kind[:-1]) & (kind[1:] >= PAIRED)
    grouped, linked = stem.copy(), touches.copy()
    for step in range(1, 4):
        takes = linked & ((kind == TIED) | (step == 1))
        after = np.roll(stem, -step)
        grouped[takes] = mixed(grouped[takes] * _MIX_B + after[takes])
        linked &= np.roll(touches, -step)
    return whole, np.where(kind >= PAIRED, grouped, stem)


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


def _hash_of_words(plain: Sequence[str]) -> Hashes:
    codes = np.frombuffer("".join(plain).encode("utf-32-le"), dtype=np.uint32)
    return _hashes(codes, np.array([len(it) for it in plain], dtype=np.int64))[0]


def _is_abbreviation(keys: Hashes) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = _ABBREVIATED[np.searchsorted(_ABBREVIATED[:-1], keys)] == keys
    return known


_ABBREVIATED: Final = np.sort(_hash_of_words(_ABBREVIATIONS.split()))
