"""Finds for many pairs of texts at once which sentences of the two tell the same.

A sentence is the set of its stems, each with a weight. Two sentences belong together where each is
the most like the other among all of its text: mutual best, as in bilingual sentence alignment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.weights import weights
from cleaners.duplicates.words import Hashes, Rows, Words, mixed

# Below this likeness two sentences share no more than two sentences of any two news texts.
LEAST_LIKENESS: Final = 0.18
# The part of a word's weight that its root has. With it the error on stories of an author that was
# not learned from (log loss) fell from .170 to .160; in languages that bend their words, it tells.
ROOT: Final = 0.25
# A longer text is read in this many pieces of several sentences, so that no pair costs more than
# 65,536 comparisons.
MOST_SENTENCES: Final = 256
_PAIR: Final = np.uint64(0xD6E8FEB86659FD93)

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of n texts in columns, and their stems.

    ``first`` (n + 1): the sentences of text i are ``first[i]`` to ``first[i + 1]``. ``stem`` and
    ``weight`` have one row for each stem and each root that a sentence holds and that tells
    something; ``sentence`` says of which; ``stem_first`` (n + 1) where a text's rows begin.
    ``of_word`` gives the sentence of each word.
    """

    first: Rows
    stem: Hashes
    weight: Shares
    sentence: Rows
    stem_first: Rows
    of_word: Rows


@dataclass(frozen=True, slots=True)
class Aligned:
    """What p pairs have in common; one row a sentence, or one row a link of two sentences.

    ``mass`` is the weight of all stems of a sentence; ``told`` the share of it that the sentence's
    best counterpart holds; ``near`` the share that the three sentences in a row hold that hold
    most; ``known`` the share that stands anywhere in the other text. These are for side a and b.
    ``link_*`` are the mutual-best links, by pair and then by sentence of a: ``link_a`` and
    ``link_b`` are rows of the sides' sentences, ``margin`` is the lead over the runner-up, 0 to 1.
    """

    a: Side
    b: Side
    link_pair: Rows
    link_a: Rows
    link_b: Rows
    likeness: Shares
    margin: Shares


@dataclass(frozen=True, slots=True)
class Side:
    """The sentences of one side of all pairs. ``first`` has p + 1 entries."""

    first: Rows
    pair: Rows
    place: Rows  # the sentence's row in ``Sentences``
    mass: Shares
    told: Shares
    near: Shares
    known: Shares


def sentences(of: Words) -> Sentences:
    """The sentences of some texts; long texts in at most 256 pieces."""
    count, text = of.counts, of.text
    last = np.maximum(of.first[1:] - 1, 0)
    numbers = np.where(count > 0, _take(of.sentence, last) + 1, 0)
    step = np.maximum(1, -(-numbers // MOST_SENTENCES))
    pieces = -(-numbers // step)
    first = np.append(0, np.cumsum(pieces))
    of_word = first[text] + of.sentence // step[text]
    weight = weights(of.stem)
    rows = np.flatnonzero(weight > 0)
    # A word is its stem and its root: two words of one root share a part of their weight.
    units = np.stack([of.stem[rows], mixed(of.root[rows])], axis=1).ravel()
    share = np.multiply.outer(weight[rows].astype(np.float64), (1 - ROOT, ROOT)).ravel()
    line = np.repeat(of_word[rows], 2)
    # The first of each unit in a sentence; rows stay in the order of the text.
    kept = np.sort(np.unique(keyed(units, line), return_index=True)[1])
    stem_first = np.searchsorted(np.repeat(rows, 2)[kept], of.first)
    return Sentences(first, units[kept], share[kept], line[kept], stem_first, of_word)


def align(of: Sentences, pairs: NDArray[np.int64]) -> Aligned:
    """The alignment of at most 65,536 pairs; ``pairs`` is p x 2 and holds numbers of texts."""
    a_rows, a_pair = spans(of.stem_first, pairs[:, 0])
    b_rows, b_pair = spans(of.stem_first, pairs[:, 1])
    a_first = _offsets(np.diff(of.first)[pairs[:, 0]])
    b_first = _offsets(np.diff(of.first)[pairs[:, 1]])
    # Sentences are numbered through all pairs, side by side.
    a_line = of.sentence[a_rows] - of.first[pairs[a_pair, 0]] + a_first[a_pair]
    b_line = of.sentence[b_rows] - of.first[pairs[b_pair, 1]] + b_first[b_pair]
    stem = np.concatenate([of.stem[a_rows], of.stem[b_rows]])
    pair = np.concatenate([a_pair, b_pair])
    # By pair and stem: all sums are then taken in an order that does not depend on other pairs.
    keys = (pair.astype(np.uint64) << np.uint64(48)) | (stem >> np.uint64(16))
    order = np.argsort(keys)
    group, sizes = _groups(keys[order])
    is_a = order < len(a_rows)
    in_a = np.add.reduceat(is_a, np.append(0, np.cumsum(sizes)[:-1])) if len(sizes) else sizes
    lines = np.diff(a_first) + np.diff(b_first)
    weight = np.empty(len(stem))
    spread = sizes[group] / np.maximum(lines[pair[order]], 1)
    # A stem in one sentence of each text counts in full, one throughout both texts for nothing.
    weight[order] = np.concatenate([of.weight[a_rows], of.weight[b_rows]])[order] * _rarity(spread)
    a_weight, b_weight = weight[: len(a_rows)], weight[len(a_rows) :]
    a_mass = totals(a_line, a_weight, a_first[-1])
    b_mass = totals(b_line, b_weight, b_first[-1])
    shared = np.empty(len(stem), dtype=bool)
    shared[order] = ((in_a > 0) & (in_a < sizes))[group]
    a_known = totals(a_line, a_weight * shared[: len(a_rows)], a_first[-1])
    b_known = totals(b_line, b_weight * shared[len(a_rows) :], b_first[-1])
    line = np.concatenate([a_line, b_line])[order]
    at_a, at_b = _products(is_a, in_a, sizes)
    # All likenesses of a pair as a block of its own, row by row.
    wide = np.diff(b_first)
    block = _offsets(np.diff(a_first) * wide)
    a_owner = np.repeat(np.arange(len(pairs)), np.diff(a_first))
    b_owner = np.repeat(np.arange(len(pairs)), wide)
    owner = a_owner[line[at_a]]
    cell = block[owner] + (line[at_a] - a_first[owner]) * wide[owner] + line[at_b] - b_first[owner]
    common = totals(cell, weight[order[at_a]], block[-1])
    return _linked(
        _Blocks(block, a_first, b_first, a_owner, b_owner, common),
        (a_mass, a_known, of.first[pairs[:, 0]]),
        (b_mass, b_known, of.first[pairs[:, 1]]),
    )


@dataclass(frozen=True, slots=True)
class _Blocks:
    start: Rows
    a_first: Rows
    b_first: Rows
    a_owner: Rows
    b_owner: Rows
    common: Shares


def _linked(of: _Blocks, a: tuple[Shares, Shares, Rows], b: tuple[Shares, Shares, Rows]) -> Aligned:
    a_mass, a_known, a_origin = a
    b_mass, b_known, b_origin = b
    wide, tall = np.diff(of.b_first), np.diff(of.a_first)
    pair = np.repeat(np.arange(len(wide)), wide * tall)
    inside = np.arange(len(of.common)) - of.start[pair]
    row, column = np.divmod(inside, np.maximum(wide[pair], 1))
    row, column = row + of.a_first[pair], column + of.b_first[pair]
    likeness = of.common / np.sqrt(np.maximum(a_mass[row] * b_mass[column], 1e-9))
    a_best, a_next, a_told = _best(row, likeness, of.common, len(a_mass))
    b_best, b_next, b_told = _best(column, likeness, of.common, len(b_mass))
    a_near = _nearby(of.common, row, 1, len(a_mass))
    b_near = _nearby(of.common, column, wide[pair], len(b_mass))
    cells = np.flatnonzero(likeness >= LEAST_LIKENESS)
    cells = cells[(a_best[row[cells]] == cells) & (b_best[column[cells]] == cells)]
    runner_up = np.maximum(a_next[row[cells]], b_next[column[cells]])
    return Aligned(
        _side(of.a_first, of.a_owner, a_origin, (a_mass, a_told, a_near, a_known)),
        _side(of.b_first, of.b_owner, b_origin, (b_mass, b_told, b_near, b_known)),
        pair[cells],
        row[cells],
        column[cells],
        likeness[cells],
        np.clip(likeness[cells] - runner_up, 0, 1),
    )


def _side(first: Rows, owner: Rows, origin: Rows, of: tuple[Shares, ...]) -> Side:
    mass, told, near, known = of
    place = np.arange(len(owner)) - first[owner] + origin[owner]
    some = np.maximum(mass, 1e-9)
    return Side(first, owner, place, mass, told / some, np.minimum(near / some, 1), known / some)


def _nearby(common: Shares, line: Rows, step: Rows | int, count: int) -> Shares:
    """The most that three successive sentences of the other side hold, for each sentence.

    ``line`` is the sentence of each cell; the cells of its neighbors lie ``step`` away.
    """
    places = np.arange(len(common))
    total = common.copy()
    for sign in (-1, 1):
        beside = places + sign * step
        inside = (beside >= 0) & (beside < len(common))
        beside = np.where(inside, beside, 0)
        inside &= line[beside] == line
        total += common[beside] * inside
    most = np.zeros(count)
    np.maximum.at(most, line, total)
    return most


def _best(line: Rows, likeness: Shares, common: Shares, count: int) -> tuple[Rows, Shares, Shares]:
    """For each sentence its best cell, the likeness of the second best, and what the best holds."""
    best = np.full(count, -1, dtype=np.int64)
    second, held = np.zeros(count), np.zeros(count)
    used = np.flatnonzero(common > 0)
    # By likeness within a sentence; equal ones by their place, so that two runs agree.
    order = used[np.lexsort((-used, likeness[used], line[used]))]
    owner = line[order]
    last = np.flatnonzero(np.append(owner[1:] != owner[:-1], True)) if len(order) else order
    best[owner[last]] = order[last]
    held[owner[last]] = common[order[last]]
    before = last - 1
    has = (before >= 0) & (owner[np.maximum(before, 0)] == owner[last])
    second[owner[last[has]]] = likeness[order[before[has]]]
    return best, second, held


def _products(is_a: NDArray[np.bool_], in_a: Rows, sizes: Rows) -> tuple[Rows, Rows]:
    """Each sentence of a with each of b that holds the same stem, as places in the sorted rows."""
    starts = np.append(0, np.cumsum(sizes)[:-1]) if len(sizes) else sizes
    places_a, places_b = np.flatnonzero(is_a), np.flatnonzero(~is_a)
    first_a = np.searchsorted(places_a, starts)
    first_b = np.searchsorted(places_b, starts)
    in_b = sizes - in_a
    count = in_a * in_b
    group = np.repeat(np.arange(len(sizes)), count)
    inside = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count)
    down, across = np.divmod(inside, np.maximum(in_b[group], 1))
    return places_a[first_a[group] + down], places_b[first_b[group] + across]


def _rarity(spread: Shares) -> Shares:
    """1 where a stem stands in a tenth of the sentences or fewer, 0 where it stands in all."""
    return np.clip(-np.log10(np.maximum(spread, 1e-9)), 0.05, 1)


def totals(owner: Rows, values: NDArray[Any] | None, count: int) -> Shares:
    """The sum of the values, or the number of rows, of each of ``count`` owners."""
    return np.bincount(owner, values, minlength=count).astype(np.float64)


def held(keys: Hashes, by: Hashes) -> NDArray[np.bool_]:
    """Which of the keys are among others; several times as fast as ``np.isin`` on hashes."""
    if not len(by):
        return np.zeros(len(keys), dtype=bool)
    ranked = np.sort(by)
    found: NDArray[np.bool_] = ranked[np.searchsorted(ranked[:-1], keys)] == keys
    return found


def share(hits: NDArray[np.bool_], owner: Rows, count: int) -> Shares:
    """Of each owner's rows, the share that is true; 0 where there is none."""
    return totals(owner, hits, count) / np.maximum(totals(owner, None, count), 1)


def keyed(keys: Hashes, owner: Rows) -> Hashes:
    """Keys that are equal only where the owners are."""
    return mixed(keys ^ (owner.astype(np.uint64) * _PAIR))


def spans(first: Rows, texts: Rows) -> tuple[Rows, Rows]:
    """The rows of each of the texts one after the other, and which text each row is of."""
    sizes = np.diff(first)[texts]
    owner = np.repeat(np.arange(len(texts)), sizes)
    inside = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return first[texts][owner] + inside, owner


def _groups(keys: Hashes) -> tuple[Rows, Rows]:
    """The number of each key's run, and the runs' sizes; ``keys`` are sorted."""
    if not len(keys):
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing
    heads = np.append(True, keys[1:] != keys[:-1])
    group = np.cumsum(heads) - 1
    return group, np.bincount(group)


def _offsets(sizes: Rows) -> Rows:
    return np.append(0, np.cumsum(sizes))


def _take(column: NDArray[np.int32], rows: Rows) -> Rows:
    if not len(column):
        return np.zeros(len(rows), dtype=np.int64)
    return column[np.minimum(rows, len(column) - 1)].astype(np.int64)
