"""Compares the names and numbers of two texts: where they agree, clash, or are news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.align import (
    Aligned,
    Sentences,
    Shares,
    Side,
    held,
    keyed,
    share,
    spans,
    totals,
)
from cleaners.duplicates.weights import weights
from cleaners.duplicates.words import NAME, NUMBER, Hashes, Rows, Words

# Words that begin with a capital and are as common as weekdays are no names.
_NAME_WEIGHT: Final = 0.3
# Where a pair holds few facts, this many are added of which two thirds agree.
_PRIOR: Final = 2.0
_AGREE: Final = 0.65
_LEAD: Final = 2  # sentences


@dataclass(frozen=True, slots=True)
class _Facts:
    """Names and numbers of one side of all pairs; ``link`` is -1 outside linked sentences.

    ``known``: does it stand anywhere in the other text; ``early``: in the first two sentences.
    """

    key: Hashes
    kind: NDArray[np.uint8]
    pair: Rows
    link: Rows
    known: NDArray[np.bool_]
    early: NDArray[np.bool_]


class Facts:
    """The names and numbers of some texts, made ready to be compared."""

    def __init__(self, of: Words, sentences: Sentences) -> None:
        self._words = of
        self._sentences = sentences
        is_fact = of.kind == NUMBER
        is_fact |= (of.kind == NAME) & (weights(of.stem) > _NAME_WEIGHT)
        self._rows: Rows = np.flatnonzero(is_fact)
        self._first: Rows = np.searchsorted(self._rows, of.first)

    def compared(
        self, pairs: NDArray[np.int64], of: Aligned
    ) -> tuple[dict[str, tuple[Shares, Shares]], dict[str, Shares]]:
        """Features of each side of each pair, a and b; and features of each pair."""
        count = len(pairs)
        a = self._on(pairs, 0, of.a, of.link_a)
        b = self._on(pairs, 1, of.b, of.link_b)
        one, other = _one_sided(a, count), _one_sided(b, count)
        both = {name: (one[name], other[name]) for name in one}
        found: dict[str, Shares] = {}
        mass = of.a.mass[of.link_a] + of.b.mass[of.link_b]
        total = np.maximum(totals(of.link_pair, mass, count), 1e-9)
        links = len(of.link_pair)
        for kind, agree, clash in (
            (NUMBER, "numbers", "number_clash"),
            (NAME, "names", "name_clash"),
        ):
            hits = np.zeros(count)
            number = np.zeros(count)
            lost = np.ones(links, dtype=bool)
            for it, its_other in ((a, b), (b, a)):
                chosen = (it.link >= 0) & (it.kind == kind)
                theirs = keyed(its_other.key, its_other.link)[its_other.link >= 0]
                in_counterpart = held(keyed(it.key[chosen], it.link[chosen]), theirs)
                hits += totals(it.pair[chosen], in_counterpart, count)
                number += totals(it.pair[chosen], None, count)
                gone = np.zeros(links, dtype=bool)
                gone[it.link[chosen & ~it.known]] = True
                lost &= gone
            found[agree] = (hits + _PRIOR * _AGREE) / (number + _PRIOR)
            found[clash] = totals(of.link_pair, mass * lost, count) / total
        return both, found

    def _on(self, pairs: NDArray[np.int64], place: int, side: Side, linked: Rows) -> _Facts:
        texts, others = pairs[:, place], pairs[:, 1 - place]
        rows, pair = spans(self._first, texts)
        word = self._rows[rows]
        key = self._words.stem[word]
        theirs, their_pair = spans(self._words.first, others)
        known = held(keyed(key, pair), keyed(self._words.stem[theirs], their_pair))
        of_line = np.full(len(side.mass), -1, dtype=np.int64)
        of_line[linked] = np.arange(len(linked))
        inside = self._sentences.of_word[word] - self._sentences.first[texts][pair]
        link = of_line[inside + side.first[pair]]
        return _Facts(key, self._words.kind[word], pair, link, known, inside < _LEAD)


def _one_sided(of: _Facts, count: int) -> dict[str, Shares]:
    rest = of.link < 0
    return {
        "facts": share(of.known, of.pair, count),
        "numbers_in": _agreed(of, of.kind == NUMBER, count),
        "names_in": _agreed(of, of.kind == NAME, count),
        "facts_rest": _agreed(of, rest, count),
        "facts_lead": _agreed(of, of.early, count),
        # How much of what is told of the same people and figures stands where nothing is shared.
        # What stands in no linked sentence and is new to the other: the news of a follow-up.
        "news": _new(of, rest, np.ones(len(rest), dtype=bool), count),
        "figures": _new(of, rest, of.kind == NUMBER, count),
        "facts_spread": share(of.known & rest, of.pair, count),
    }


def _agreed(of: _Facts, chosen: NDArray[np.bool_], count: int) -> Shares:
    hits = totals(of.pair[chosen], of.known[chosen], count)
    number = totals(of.pair[chosen], None, count)
    return (hits + _PRIOR * _AGREE) / (number + _PRIOR)


def _new(of: _Facts, rest: NDArray[np.bool_], kind: NDArray[np.bool_], count: int) -> Shares:
    hits = totals(of.pair[rest & kind], ~of.known[rest & kind], count)
    return hits / (totals(of.pair[kind], None, count) + 2 * _PRIOR)
