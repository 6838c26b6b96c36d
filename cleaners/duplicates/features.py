"""What speaks for and against two texts being one report, as numbers between 0 and about 1.

All is judged from the shorter text (``s``, the one with less mass) to the longer one (``l``), so
that the order in which two texts are named changes nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.align import (
    ROOT,
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
from cleaners.duplicates.sides import entries, in_order, lead_links, one_sided
from cleaners.duplicates.vocabulary import Vocabulary
from cleaners.duplicates.words import Hashes, Rows, Words

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
    "rare_s",  # share of the stems that hardly any text has that the other text has
    "rare_l",
    "plain_s",  # the same of those that many texts have
    "plain_l",
    "word_clash",  # share of the linked mass where both have rare words that the other text lacks
    "none_s",  # share of the mass in sentences of which the counterpart holds less than a quarter
    "none_l",
    "same_s",  # and more than three quarters
    "same_l",
    "run_max",  # share of the mass in the longest run of sentences that are not linked
    "run_min",
    "run_new_max",  # share of the mass that is not known, in that run
    "run_new_min",
    "first_s",  # where in the other text the counterpart of the first linked sentence stands
    "first_l",
    "news_max",  # names and numbers in sentences that are not linked and the other lacks, of all
    "news_min",
    "figures_max",  # the same of the numbers
    "figures_min",
    "told1_s",  # told, of the first third of the text
    "told1_l",
    "told2_s",  # of the second
    "told2_l",
    "told3_s",  # and of the last
    "told3_l",
    "fresh1_s",  # fresh, of the first third
    "fresh1_l",
    "alone1_s",  # neither told nor known, of the first third
    "alone1_l",
    "cased",  # share of words that are of a script with capitals
    "links",  # log of the number of links, 1 for 16
    "mass",  # log of the shorter text's mass, 1 for about 500 words
    "ratio",  # mass of the shorter by mass of the longer
)
# Stems in fewer than one of thirty texts tell what a text is about.
_TELLING: Final = 0.4 * (1 - ROOT)
# Features of both sides of which the model sees the greater and the smaller.
_EXTREMES: Final = ("lead", "lead_new", "facts_lead", "run", "run_new", "news", "figures")


class Compared:
    """Texts made ready to be compared in pairs: their words, sentences, shingles and facts."""

    def __init__(self, of: Words) -> None:
        self.words = of
        self.sentences: Sentences = sentences(of)
        self._runs, self._runs_first = shingles(of)
        self._facts = Facts(of, self.sentences)
        self._vocabulary = Vocabulary(of, self.sentences)

    def align(self, pairs: NDArray[np.int64]) -> Aligned:
        """The aligned sentences of pairs of texts; ``pairs`` is p x 2."""
        return align(self.sentences, pairs)

    def features(self, pairs: NDArray[np.int64], aligned: Aligned) -> NDArray[np.float64]:
        """One row a pair, one column for each of ``NAMES``."""
        count = len(pairs)
        mass = [totals(side.pair, side.mass, count) for side in (aligned.a, aligned.b)]
        swap = mass[1] < mass[0]
        columns = [
            one_sided(aligned, side, linked) | self._rest(pairs[:, place], side, linked)
            for place, side, linked in (
                (0, aligned.a, aligned.link_a),
                (1, aligned.b, aligned.link_b),
            )
        ]
        facts, found = self._facts.compared(pairs, aligned)
        both: dict[str, tuple[Shares, Shares]] = {
            name: (columns[0][name], columns[1][name]) for name in columns[0]
        }
        both["verbatim"] = verbatim(self._runs, self._runs_first, pairs)
        both["first"] = entries(aligned)
        both |= facts | self._vocabulary.compared(pairs)
        for name in _EXTREMES:
            ends = both.pop(name)
            found[f"{name}_max"], found[f"{name}_min"] = np.maximum(*ends), np.minimum(*ends)
        for name, (a, b) in both.items():
            found[f"{name}_s"] = np.where(swap, b, a)
            found[f"{name}_l"] = np.where(swap, a, b)
        found["word_clash"] = self._vocabulary.clash(pairs, aligned)
        found["cased"] = self._vocabulary.cased(pairs)
        found["lead_alike"] = lead_links(aligned, count)
        links = totals(aligned.link_pair, None, count)
        linked_mass = np.sqrt(aligned.a.mass[aligned.link_a] * aligned.b.mass[aligned.link_b])
        found["likeness"] = _mean(aligned.link_pair, aligned.likeness, linked_mass, count)
        found["order"] = in_order(aligned, count)
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


def verbatim(runs: Hashes, first: Rows, pairs: NDArray[np.int64]) -> tuple[Shares, Shares]:
    """Of each pair's texts a and b, the share of the three-word runs that the other holds.

    ``runs`` and ``first`` are those that ``shingles`` gives.
    """
    a_rows, a_pair = spans(first, pairs[:, 0])
    b_rows, b_pair = spans(first, pairs[:, 1])
    a, b = keyed(runs[a_rows], a_pair), keyed(runs[b_rows], b_pair)
    return share(held(a, b), a_pair, len(pairs)), share(held(b, a), b_pair, len(pairs))


def _mean(owner: Rows, values: Shares, mass: Shares, count: int) -> Shares:
    total = totals(owner, mass, count)
    return totals(owner, values * mass, count) / np.maximum(total, 1e-9)
