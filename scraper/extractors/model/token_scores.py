"""What the names in class and id, and the words of short texts, have meant on other sites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from math import nan
from typing import ClassVar, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from scraper.extractors.columns import Bools, Columns, Ints, Places, leaps
from scraper.extractors.elements import Elements, elements
from scraper.extractors.model.name_tokens import parts_of, tokens_of_names
from scraper.extractors.model.remembered import remembered
from scraper.extractors.walk import Segments

Floats: TypeAlias = NDArray[np.float32]

WORDS: Final = re.compile(r"[^\W\d_]+")
# Between two texts; no text of a page holds a lone surrogate.
SEAM: Final = "\ud800"
WORD_OR_SEAM: Final = re.compile(rf"([^\W\d_]{{1,16}})[^\W\d_]*+|{SEAM}")
# Longer texts say themselves what they are.
LONGEST: Final = 160  # characters
MOST_WORDS: Final = 12
PHRASE: Final = 4  # words; a text of so many counts as a whole too
DECAY: Final = 0.7
# Of the tokens of one element: how much the strongest says, the rest goes to their mean.
STRONGEST: Final = 0.6


def tokens_of(names: Sequence[str]) -> tuple[str, ...]:
    """The tokens of an element: its tag, and those of all names that it is given.

    >>> tokens_of(["<div", "nav"])
    ('<div', '.nav', 'nav')
    """
    return (names[0], *[token for name in names[1:] for token in parts_of(name)])


def words_in(text: str) -> tuple[str, ...]:
    """The tokens of a short text: its words, and it as a whole; none of a long one.

    >>> words_in("Read more")
    ('read', 'more', '=read more')
    """
    if len(text) > LONGEST:
        return ()
    words = [it[:16] for it in WORDS.findall(text.lower())[:MOST_WORDS]]
    if words and len(words) <= PHRASE:
        words.append("=" + " ".join(words))
    return tuple(words)


@dataclass(frozen=True, slots=True)
class Names:
    """The tokens of elements, as they are learned from: ``keys`` [n] counts in ``tokens``, -1 where
    none was asked for."""

    keys: list[int]
    tokens: list[tuple[str, ...]]
    parents: list[int]


def names_of(page: Columns, segments: Segments) -> Names:
    """The names of the elements that hold the segments."""
    found = elements(page, segments)
    keys = np.full(len(page.tag), -1, dtype=np.int32)
    keys[page.holding(segments.first)] = found.key
    return Names(
        keys.tolist(),
        [tokens_of(found.names_of(key)) for key in range(len(found.keys))],
        page.parent.tolist(),
    )


# Of the tokens of a name that have a score: how many, their sum, and the strongest.
Weighed: TypeAlias = tuple[int, float, float]
# Of the words of a short text that have a score: mean, least, most, and root of their number.
Said: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class TokenScores:
    """Log-odds that a text is of the story where a token stands, less those of all texts.

    ``names`` are tokens of elements, ``words`` those of short texts; one that few sites use is in
    neither and says nothing.
    """

    NAMES: ClassVar[tuple[str, ...]] = (
        "names.own", "names.near", "names.all", "names.least", "names.most",
        "words.mean", "words.least", "words.most", "words.known",
        "heading.mean", "heading.least", "heading.gap",
    )  # fmt: skip

    names: Mapping[str, float]
    words: Mapping[str, float]
    known: dict[str, Weighed] = field(default_factory=dict, repr=False)
    said: dict[str, Said] = field(default_factory=dict, repr=False)

    def of_elements(self, found: Elements) -> Floats:
        """Float32 [5, n] for segments: the first columns of ``NAMES``."""
        weighed, begin = self._weighed(found.names)[:, found.called], found.begin[:-1]
        count, total = np.add.reduceat(weighed[:2], begin, axis=1)
        most = np.maximum.reduceat(weighed[2], begin)
        least = np.minimum.reduceat(weighed[2], begin)
        strongest = np.where(most >= -least, most, least)
        scores = strongest * STRONGEST + total / np.maximum(1, count) * (1 - STRONGEST)
        return _along(scores[found.key], found.leaps, found.box)

    def of_names(self, names: Names, box: Ints) -> Floats:
        """The same, float32 [n, 5], from the names that were kept to learn from."""
        keys, parents = np.array(names.keys), np.array(names.parents)
        rows = np.flatnonzero(keys >= 0)
        number = np.zeros(len(keys), dtype=np.int32)
        number[rows] = np.arange(len(rows), dtype=np.int32)
        up = np.append(number[parents[rows]].astype(np.intp), len(rows))
        up[0] = len(rows)
        known = np.array([self._strength(tokens) for tokens in names.tokens])
        return _along(known[keys[rows]], leaps(up), number[box]).T

    def _strength(self, tokens: Sequence[str]) -> float:
        found = [it for it in map(self.names.get, tokens) if it is not None]
        if not found:
            return 0.0
        return max(found, key=abs) * STRONGEST + sum(found) / len(found) * (1 - STRONGEST)

    def _weighed(self, names: list[str]) -> NDArray[np.float64]:
        """How many tokens of each name have a score, their sum, and the strongest, [3, n]."""
        weighed = remembered(self.known, names, self._weigh)
        flat: Iterator[float] = chain.from_iterable(weighed)
        return np.fromiter(flat, dtype=np.float64, count=3 * len(names)).reshape(-1, 3).T

    def _weigh(self, names: tuple[str, ...]) -> Iterator[Weighed]:
        of = tokens_of_names(names)
        scores = np.fromiter(map(self.names.get, of.tokens, repeat(nan)), dtype=np.float64)
        is_known = ~np.isnan(scores)
        scores[~is_known] = 0.0
        count = np.bincount(of.of[is_known], minlength=len(names))
        total = np.bincount(of.of, weights=scores)
        # The first of the strongest.
        size = np.abs(scores[of.order])
        is_most = size == np.repeat(np.maximum.reduceat(size, of.begin), np.bincount(of.of))
        places = np.flatnonzero(is_most)
        most = scores[of.order[places[np.searchsorted(places, of.begin)]]]
        return zip(count.tolist(), total.tolist(), most.tolist(), strict=True)

    def of_texts(self, texts: Sequence[str], is_heading: Bools) -> Floats:
        """Float32 [7, n] for segments: the last columns of ``NAMES``, the words of each and those
        of the last heading above it."""
        short = [at for at, it in enumerate(texts) if len(it) <= LONGEST]
        found = np.zeros((7, len(texts)), dtype=np.float32)
        if short:
            said = remembered(self.said, [texts[at] for at in short], self._of_words)
            flat: Iterator[float] = chain.from_iterable(said)
            of_short = np.fromiter(flat, dtype=np.float64, count=4 * len(short))
            found[:4, short] = of_short.reshape(-1, 4).T
        _add_headings(found, is_heading)
        return found

    def _of_words(self, texts: tuple[str, ...]) -> Iterator[Said]:
        words = WORD_OR_SEAM.findall(SEAM.join(texts).lower())
        words.append("")
        get = self.words.get
        scores = np.fromiter(map(get, words, repeat(nan)), dtype=np.float64, count=len(words))
        stop = np.flatnonzero(np.frombuffer(bytes(list(map(len, words))), dtype=np.uint8) == 0)
        start = np.concatenate([[0], stop[:-1] + 1])
        count = np.minimum(stop - start, MOST_WORDS)
        # Each text has room for its words and the phrase that they are, which stands on its seam.
        is_phrase = (count > 0) & (count <= PHRASE)
        begin, end = start[is_phrase], stop[is_phrase]
        spans = zip(begin.tolist(), end.tolist(), strict=True)
        phrases = ["=" + " ".join(words[at:to]) for at, to in spans]
        scores[end] = list(map(get, phrases, repeat(nan)))
        place = np.arange(len(words)) - np.repeat(start, stop - start + 1)
        is_end = np.zeros(len(words), dtype=np.bool_)
        is_end[stop] = True
        is_known = ~np.isnan(scores) & ((place < MOST_WORDS) | is_end)
        number = np.add.reduceat(is_known, start, dtype=np.int32)
        total = np.add.reduceat(np.where(is_known, scores, 0), start)
        least = np.minimum.reduceat(np.where(is_known, scores, np.inf), start)
        most = np.maximum.reduceat(np.where(is_known, scores, -np.inf), start)
        found = np.array([total / np.maximum(1, number), least, most, np.sqrt(number)])
        found[:, number == 0] = 0
        return zip(*found.tolist(), strict=True)

    def of_words(self, words: Sequence[tuple[str, ...]], is_heading: Bools) -> Floats:
        """The same, float32 [n, 7], from the words that were kept to learn from."""
        found = np.zeros((7, len(words)), dtype=np.float32)
        for at, tokens in enumerate(words):
            scores = [it for it in map(self.words.get, tokens) if it is not None]
            if scores:
                found[:4, at] = (
                    sum(scores) / len(scores), min(scores), max(scores), len(scores) ** 0.5
                )  # fmt: skip
        _add_headings(found, is_heading)
        return found.T


def _along(scores: NDArray[np.float64], jumps: list[Places], box: Ints) -> Floats:
    """Scores of elements, [m], added up from each box to the body, and the least and most of them.

    Float32 [5, n].
    """
    scores = np.append(scores, 0.0)
    near, whole = scores.copy(), scores.copy()
    least, most = np.minimum(scores, 0), np.maximum(scores, 0)
    decay = DECAY
    for jump in jumps:
        near += decay * near.take(jump)
        whole += whole.take(jump)
        np.minimum(least, least.take(jump), out=least)
        np.maximum(most, most.take(jump), out=most)
        decay *= decay
    return np.array([it.take(box) for it in (scores, near, whole, least, most)], dtype=np.float32)


def _add_headings(found: Floats, is_heading: Bools) -> None:
    order = np.arange(found.shape[1])
    above = np.maximum.accumulate(np.where(is_heading, order, -1))
    found[4:6] = np.where(above >= 0, found[:2, above], 0)
    found[6] = np.log1p(order - above)
