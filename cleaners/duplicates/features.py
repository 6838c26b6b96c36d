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
    sentences,
    spans,
    totals,
)
from cleaners.duplicates.fingerprint import shingles
from cleaners.duplicates.weights import weights
from cleaners.duplicates.words import NAME, NUMBER, Hashes, Rows, Words, mixed

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
    "dense_s",  # share linked of the mass from the first to the last linked sentence
    "dense_l",
    "lead_max",  # told of the first two sentences, of the text where it is more
    "lead_min",  # the same of the other
    "lead_alike",  # likeness of the links that the first two sentences of either text have
    "alone_s",  # share of the mass that is neither linked nor known to the other text
    "alone_l",
    "alien_s",  # share of telling stems that stand nowhere near what is linked
    "alien_l",
    "links",  # log of the number of links, 1 for 16
    "mass",  # log of the shorter text's mass, 1 for about 500 words
    "ratio",  # mass of the shorter by mass of the longer
)
_PAIR: Final = np.uint64(0xA24BAED4963EE407)
# A margin of a quarter is as sure as a link gets (findings on the first corpus).
_SURE: Final = 0.25
# Stems in fewer than one of thirty texts tell what a text is about.
_TELLING: Final = 0.4
# Words that begin with a capital and are as common as weekdays are no names.
_NAME_WEIGHT: Final = 0.3


class Compared:
    """Texts made ready to be compared in pairs: their words, sentences, shingles and facts."""

    def __init__(self, of: Words) -> None:
        self.words = of
        self.sentences: Sentences = sentences(of)
        self._runs, self._runs_first = shingles(of)
        is_fact = of.kind == NUMBER
        is_fact |= (of.kind == NAME) & (weights(of.stem) > _NAME_WEIGHT)
        self._facts: Rows = np.flatnonzero(is_fact)
        self._facts_first: Rows = np.searchsorted(self._facts, of.first)

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
        facts = self._facts_of(pairs, aligned)
        both: dict[str, tuple[Shares, Shares]] = {
            name: (columns[0][name], columns[1][name]) for name in columns[0]
        }
        both["verbatim"] = verbatim
        leads = both.pop("lead")
        both["facts"] = facts.pop("facts_a"), facts.pop("facts_b")
        found: dict[str, Shares] = dict(facts)
        for name, (a, b) in both.items():
            found[f"{name}_s"] = np.where(swap, b, a)
            found[f"{name}_l"] = np.where(swap, a, b)
        found["lead_max"], found["lead_min"] = np.maximum(*leads), np.minimum(*leads)
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
        keys = _keyed(of.stem[rows], pair)
        return {"alien": _share(~held(keys, keys[inside]), pair, len(texts))}

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
        lead = _sum(side, side.mass * head, count)
        return {
            "cover": covered / total,
            "sure": totals(of.link_pair, sure, count) / total,
            "told": told,
            "known": known,
            "local": told / np.maximum(known, 0.05),
            "dense": covered / np.maximum(spanned, 1e-9),
            "lead": _sum(side, side.mass * side.told * head, count) / np.maximum(lead, 1e-9),
            "alone": _sum(side, rest * (1 - side.known), count) / total,
        }

    def _verbatim(self, pairs: NDArray[np.int64]) -> tuple[Shares, Shares]:
        a_rows, a_pair = spans(self._runs_first, pairs[:, 0])
        b_rows, b_pair = spans(self._runs_first, pairs[:, 1])
        a, b = _keyed(self._runs[a_rows], a_pair), _keyed(self._runs[b_rows], b_pair)
        return _share(held(a, b), a_pair, len(pairs)), _share(held(b, a), b_pair, len(pairs))

    def _facts_of(self, pairs: NDArray[np.int64], of: Aligned) -> dict[str, Shares]:
        count = len(pairs)
        a = self._facts_on(pairs[:, 0], of.a, of.link_a, len(of.link_a))
        b = self._facts_on(pairs[:, 1], of.b, of.link_b, len(of.link_b))
        found: dict[str, Shares] = {}
        lost: dict[int, list[NDArray[np.bool_]]] = {NUMBER: [], NAME: []}
        hits: dict[int, list[Shares]] = {NUMBER: [], NAME: []}
        for name, one, other, others in (("a", a, b, pairs[:, 1]), ("b", b, a, pairs[:, 0])):
            rows, pair = spans(self.words.first, others)
            known = held(_keyed(one.key, one.pair), _keyed(self.words.stem[rows], pair))
            found[f"facts_{name}"] = _share(known, one.pair, count)
            on_link = one.link >= 0
            theirs = _keyed(other.key, other.link)[other.link >= 0]
            in_counterpart = held(_keyed(one.key, one.link), theirs)
            for kind in (NUMBER, NAME):
                chosen = on_link & (one.kind == kind)
                hits[kind].append(
                    np.stack(
                        [
                            totals(one.pair[chosen], in_counterpart[chosen], count),
                            totals(one.pair[chosen], None, count),
                        ]
                    )
                )
                gone = np.zeros(len(of.link_pair), dtype=bool)
                gone[one.link[chosen & ~known]] = True
                lost[kind].append(gone)
        mass = of.a.mass[of.link_a] + of.b.mass[of.link_b]
        total = np.maximum(totals(of.link_pair, mass, count), 1e-9)
        for kind, agree, clash in (
            (NUMBER, "numbers", "number_clash"),
            (NAME, "names", "name_clash"),
        ):
            agreeing, all_of = hits[kind][0] + hits[kind][1]
            # Two facts out of three agree where nothing is known.
            found[agree] = (agreeing + 1.3) / (all_of + 2)
            both = lost[kind][0] & lost[kind][1]
            found[clash] = totals(of.link_pair, mass * both, count) / total
        return found

    def _facts_on(self, texts: Rows, side: Side, linked: Rows, links: int) -> _Facts:
        rows, pair = spans(self._facts_first, texts)
        word = self._facts[rows]
        kind = self.words.kind[word]
        key = self.words.stem[word]
        of_line = np.full(len(side.mass), -1, dtype=np.int64)
        of_line[linked] = np.arange(links)
        line = self.sentences.of_word[word] - self.sentences.first[texts][pair] + side.first[pair]
        return _Facts(key, kind, pair, of_line[line])


class _Facts:
    """Names and numbers of one side of all pairs; ``link`` is -1 outside linked sentences."""

    __slots__ = ("key", "kind", "link", "pair")

    def __init__(self, key: Hashes, kind: NDArray[np.uint8], pair: Rows, link: Rows) -> None:
        self.key, self.kind, self.pair, self.link = key, kind, pair, link


def _sum(side: Side, values: Shares, count: int) -> Shares:
    return totals(side.pair, values, count)


def _mean(owner: Rows, values: Shares, mass: Shares, count: int) -> Shares:
    total = totals(owner, mass, count)
    return totals(owner, values * mass, count) / np.maximum(total, 1e-9)


def _share(hits: NDArray[np.bool_], owner: Rows, count: int) -> Shares:
    total = totals(owner, None, count)
    return totals(owner, hits, count) / np.maximum(total, 1)


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


def _keyed(keys: Hashes, owner: Rows) -> Hashes:
    return mixed(keys ^ (owner.astype(np.uint64) * _PAIR))
