"""Compares the words of two texts by how common they are: rare ones are names in any script."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.align import (
    Aligned,
    Sentences,
    Shares,
    held,
    keyed,
    spans,
    totals,
)
from cleaners.duplicates.weights import weights
from cleaners.duplicates.words import NUMBER, Rows, Words

# Hardly any text has a rare word; a plain one stands in one text of sixty and more. In a template
# the plain words agree and the rare ones do not; in a rewriting it is the other way round.
_RARE: Final = 0.9
_PLAIN: Final = (0.02, 0.6)


class Vocabulary:
    """The rare and the plain words of some texts, numbers left out, made ready to be compared."""

    def __init__(self, of: Words, sentences: Sentences) -> None:
        self._words = of
        self._sentences = sentences
        weight = weights(of.stem)
        is_word = of.kind != NUMBER
        self._rare = np.flatnonzero(is_word & (weight > _RARE))
        self._rare_first: Rows = np.searchsorted(self._rare, of.first)
        key, low, high = keyed(of.stem, of.text), *_PLAIN
        self._grades: dict[str, tuple[Rows, Rows]] = {}
        plain = np.flatnonzero(is_word & (weight > low) & (weight < high))
        for name, rows in (("rare", self._rare), ("plain", plain)):
            # Each word of a text once.
            rows = np.sort(rows[np.unique(key[rows], return_index=True)[1]])
            self._grades[name] = rows, np.searchsorted(rows, of.first)
        counts = np.maximum(of.counts, 1)
        self._cased = totals(of.text, of.cased, len(of.counts)) / counts

    def compared(self, pairs: NDArray[np.int64]) -> dict[str, tuple[Shares, Shares]]:
        """Of each side's rare and plain words, the share that the other text has."""
        count = len(pairs)
        found = {}
        for name, (rows, first) in self._grades.items():
            ends = []
            for here in (0, 1):
                known, pair, _ = self._known(pairs, here, rows, first)
                ends.append((totals(pair, known, count) + 1) / (totals(pair, None, count) + 2))
            found[name] = ends[0], ends[1]
        return found

    def cased(self, pairs: NDArray[np.int64]) -> Shares:
        """The share of words of a script with capitals: the others have no names for us."""
        both: Shares = self._cased[pairs].mean(axis=1)
        return both

    def clash(self, pairs: NDArray[np.int64], of: Aligned) -> Shares:
        """The share of the linked mass where both sentences have rare words that are news to the
        other text."""
        lost = np.ones(len(of.link_pair), dtype=bool)
        for here, side, linked in ((0, of.a, of.link_a), (1, of.b, of.link_b)):
            known, pair, word = self._known(pairs, here, self._rare, self._rare_first)
            of_line = np.full(len(side.mass), -1, dtype=np.int64)
            of_line[linked] = np.arange(len(linked))
            inside = self._sentences.of_word[word] - self._sentences.first[pairs[:, here]][pair]
            link = of_line[inside + side.first[pair]]
            gone = np.zeros(len(linked), dtype=bool)
            gone[link[(link >= 0) & ~known]] = True
            lost &= gone
        mass = of.a.mass[of.link_a] + of.b.mass[of.link_b]
        total = np.maximum(totals(of.link_pair, mass, len(pairs)), 1e-9)
        return totals(of.link_pair, mass * lost, len(pairs)) / total

    def _known(
        self, pairs: NDArray[np.int64], here: int, rows: Rows, first: Rows
    ) -> tuple[NDArray[np.bool_], Rows, Rows]:
        """Of chosen words of one side: does the other text have it; its pair; its row."""
        mine, pair = spans(first, pairs[:, here])
        theirs, their_pair = spans(self._words.first, pairs[:, 1 - here])
        stem = self._words.stem
        known = held(keyed(stem[rows[mine]], pair), keyed(stem[theirs], their_pair))
        return known, pair, rows[mine]
