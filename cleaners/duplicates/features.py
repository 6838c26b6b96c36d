"""What speaks for and against two texts being one report, as numbers between 0 and about 1.

All is judged from the shorter text (``s``, the one with less mass) to the longer one (``l``), so
that the order in which two texts are named changes nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.align import (
    Aligned,
    Sentences,
    Shares,
    Side,
    align,
    held,
    keyed,
    sentences,
    share,
    spans,
    totals,
)
from cleaners.duplicates.facts import Facts
from cleaners.duplicates.fingerprint import shingles
from cleaners.duplicates.words import Rows, Words

NAMES: Final = (
    "cover_s",  # share of the mass that stands in linked sentences
    "cover_l",
    "sure_s",  # the same, links counted by their lead over the runner-up
    "sure_l",
    "told_s",  # share of the mass that each sentence's counterpart holds
    "told_l",
    "known_s",  # share of the mass that stands anywhere in the other text
    "known_l",
    "local_s",  # told / known: is what they share also arranged alike
    "local_l",
    "verbatim_s",  # share of the three-word runs that the other holds
    "verbatim_l",
    "order",  # share of successive links that go forward
    "likeness",  # of the links, weighted by mass
    "numbers",  # share of the numbers in linked sentences that the counterpart holds
    "names",  # the same for names
    "number_clash",  # share of the linked mass where both have a number that the other text lacks
    "name_clash",  # the same for names
    "facts_s",  # share of the names and numbers that stand anywhere in the other text
    "facts_l",
    "numbers_in_s",  # the same of the numbers
    "numbers_in_l",
    "names_in_s",  # the same of the names
    "names_in_l",
    "facts_rest_s",  # the same of those in sentences that are not linked
    "facts_rest_l",
    "facts_spread_s",  # those known that stand in sentences that are not linked, of all
    "facts_spread_l",
    "facts_lead_max",  # the same as facts, of the first two sentences
    "facts_lead_min",
    "near_s",  # share of the mass that three successive sentences of the other hold
    "near_l",
    "fresh_s",  # known less near: the same things spoken of in other sentences
    "fresh_l",
    "before_s",  # share of the mass before the first link
    "before_l",
    "after_s",  # and after the last
    "after_l",
    "place_s",  # where in the text the linked mass lies on average, 0 to 1
    "place_l",
    "dense_s",  # share linked of the mass from the first to the last linked sentence
    "dense_l",
    "lead_max",  # told of the first two sentences, of the text where it is more
    "lead_min",  # the same of the other
    "lead_new_max",  # known less near, of the first two sentences
    "lead_new_min",
    "lead_alike",  # likeness of the links that the first two sentences of either text have
    "alone_s",  # share of the mass that is neither linked nor known to the other text
    "alone_l",
    "alien_s",  # share of telling stems that stand nowhere near what is linked
    "alien_l",
    "links",  # log of the number of links, 1 for 16
    "mass",  # log of the shorter text's mass, 1 for about 500 words
    "ratio",  # mass of the shorter by mass of the longer
)
# A margin of a quarter is as sure as a link gets (findings on the first corpus).
_SURE: Final = 0.25
# Stems in fewer than one of thirty texts tell what a text is about.
_TELLING: Final = 0.4


class Compared:
    """Texts made ready to be compared in pairs: their words, sentences, shingles and facts."""

    def __init__(self, of: Words) -> None:
        self.words = of
        self.sentences: Sentences = sentences(of)
        self._runs, self._runs_first = shingles(of)
        self._facts = Facts(of, self.sentences)

    def align(self, pairs: NDArray[np.int64]) -> Aligned:
        """The aligned sentences of pairs of texts; ``pairs`` is p x 2."""
        return align(self.sentences, pairs)

    def features(self, pairs: NDArray[np.int64], aligned: Aligned) -> NDArray[np.float64]:
        """One row a pair, one column for each of ``NAMES``."""
        count = len(pairs)
        mass = [_sum(side, side.mass, count) for side in (aligned.a, aligned.b)]
        swap = mass[1] < mass[0]
        columns = [
            self._side(aligned, aligned.a, aligned.link_a)
            | self._rest(pairs[:, 0], aligned.a, aligned.link_a),
            self._side(aligned, aligned.b, aligned.link_b)
            | self._rest(pairs[:, 1], aligned.b, aligned.link_b),
        ]
        verbatim = self._verbatim(pairs)
        facts, found = self._facts.compared(pairs, aligned)
        both: dict[str, tuple[Shares, Shares]] = {
            name: (columns[0][name], columns[1][name]) for name in columns[0]
        }
        both["verbatim"] = verbatim
        both |= facts
        for name in ("lead", "lead_new", "facts_lead"):
            ends = both.pop(name)
            found[f"{name}_max"], found[f"{name}_min"] = np.maximum(*ends), np.minimum(*ends)
        for name, (a, b) in both.items():
            found[f"{name}_s"] = np.where(swap, b, a)
            found[f"{name}_l"] = np.where(swap, a, b)
        found["lead_alike"] = _lead_links(aligned, count)
        links = totals(aligned.link_pair, None, count)
        linked_mass = np.sqrt(aligned.a.mass[aligned.link_a] * aligned.b.mass[aligned.link_b])
        found["likeness"] = _mean(aligned.link_pair, aligned.likeness, linked_mass, count)
        found["order"] = _order(aligned, count)
        found["links"] = np.log1p(links) / np.log(16)
        small, large = np.minimum(*mass), np.maximum(*mass)
        found["mass"] = np.log1p(small) / np.log(200)
        found["ratio"] = small / np.maximum(large, 1e-9)
        return np.stack([found[name] for name in NAMES], axis=1)

    def _rest(self, texts: Rows, side: Side, linked: Rows) -> dict[str, Shares]:
        """How far what is not linked speaks of the same as what is: a roundup does not."""
        of = self.sentences
        rows, pair = spans(of.stem_first, texts)
        rows, pair = rows[of.weight[rows] > _TELLING], pair[of.weight[rows] > _TELLING]
        line = of.sentence[rows] - of.first[texts][pair] + side.first[pair]
        is_linked = np.zeros(len(side.mass), dtype=bool)
        is_linked[linked] = True
        inside = is_linked[line]
        keys = keyed(of.stem[rows], pair)
        return {"alien": share(~held(keys, keys[inside]), pair, len(texts))}

    def _side(self, of: Aligned, side: Side, linked: Rows) -> dict[str, Shares]:
        count = len(side.first) - 1
        total = np.maximum(_sum(side, side.mass, count), 1e-9)
        covered = totals(of.link_pair, side.mass[linked], count)
        sure = side.mass[linked] * np.minimum(1, of.margin / _SURE)
        told = _sum(side, side.mass * side.told, count) / total
        known = _sum(side, side.mass * side.known, count) / total
        is_linked = np.zeros(len(side.mass), dtype=bool)
        is_linked[linked] = True
        rest = np.where(is_linked, 0, side.mass)
        first, last = _ends(linked, of.link_pair, count)
        line = np.arange(len(side.mass))
        inside = (line >= first[side.pair]) & (line <= last[side.pair])
        spanned = _sum(side, side.mass * inside, count)
        head = line - side.first[side.pair] < 2
        lead = np.maximum(_sum(side, side.mass * head, count), 1e-9)
        fresh = side.mass * np.maximum(side.known - side.near, 0)
        along = np.cumsum(side.mass) - side.mass / 2
        along -= np.append(0, np.cumsum(_sum(side, side.mass, count)))[side.pair]
        place = totals(of.link_pair, (side.mass * along)[linked], count)
        return {
            "cover": covered / total,
            "sure": totals(of.link_pair, sure, count) / total,
            "told": told,
            "known": known,
            "local": told / np.maximum(known, 0.05),
            "dense": covered / np.maximum(spanned, 1e-9),
            "lead": _sum(side, side.mass * side.told * head, count) / lead,
            "lead_new": _sum(side, fresh * head, count) / lead,
            "near": _sum(side, side.mass * side.near, count) / total,
            "fresh": _sum(side, fresh, count) / total,
            "before": _sum(side, side.mass * (line < first[side.pair]), count) / total,
            "after": _sum(side, side.mass * (line > last[side.pair]), count) / total,
            "place": (place + 0.01) / (np.maximum(covered, 1e-9) * total + 0.02),
            "alone": _sum(side, rest * (1 - side.known), count) / total,
        }

    def _verbatim(self, pairs: NDArray[np.int64]) -> tuple[Shares, Shares]:
        a_rows, a_pair = spans(self._runs_first, pairs[:, 0])
        b_rows, b_pair = spans(self._runs_first, pairs[:, 1])
        a, b = keyed(self._runs[a_rows], a_pair), keyed(self._runs[b_rows], b_pair)
        return share(held(a, b), a_pair, len(pairs)), share(held(b, a), b_pair, len(pairs))


def _sum(side: Side, values: Shares, count: int) -> Shares:
    return totals(side.pair, values, count)


def _mean(owner: Rows, values: Shares, mass: Shares, count: int) -> Shares:
    total = totals(owner, mass, count)
    return totals(owner, values * mass, count) / np.maximum(total, 1e-9)


def _ends(linked: Rows, owner: Rows, count: int) -> tuple[Rows, Rows]:
    """The first and the last linked sentence of each pair; an empty span where there is none."""
    first = np.full(count, np.iinfo(np.int64).max)
    last = np.full(count, -1, dtype=np.int64)
    np.minimum.at(first, owner, linked)
    np.maximum.at(last, owner, linked)
    return first, last


def _lead_links(of: Aligned, count: int) -> Shares:
    """The best likeness among the links of either text's first two sentences, 0 where none."""
    early = of.link_a - of.a.first[of.link_pair] < 2
    early |= of.link_b - of.b.first[of.link_pair] < 2
    best = np.zeros(count)
    np.maximum.at(best, of.link_pair[early], of.likeness[early])
    return best


def _order(of: Aligned, count: int) -> Shares:
    """Of each pair's successive links, the share that goes forward in both; half where one."""
    same = of.link_pair[1:] == of.link_pair[:-1]
    forward = np.diff(of.link_b) > 0
    owner = of.link_pair[1:][same]
    steps = totals(owner, None, count)
    return (totals(owner, forward[same], count) + 0.5) / (steps + 1)
