"""What one side of a pair looks like beside the other: how much is told, where, what is left."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.align import Aligned, Shares, Side, totals
from cleaners.duplicates.words import Rows

# A margin of a quarter is as sure as a link gets (findings on the first corpus).
_SURE: Final = 0.25
_LEAD: Final = 2  # sentences


def one_sided(of: Aligned, side: Side, linked: Rows) -> dict[str, Shares]:
    """Features of one side of each pair; ``linked`` are its linked sentences, link by link."""
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
    head = line - side.first[side.pair] < _LEAD
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
        "none": _sum(side, side.mass * (side.told < 0.25), count) / total,
        "same": _sum(side, side.mass * (side.told > 0.75), count) / total,
        **_by_third(side, np.floor(3 * along / total[side.pair]), fresh),
        **_longest_run(side, is_linked, total),
    }


def _by_third(side: Side, third: Shares, fresh: Shares) -> dict[str, Shares]:
    """What is told of the first, the second and the last third of the mass; the first in detail.

    A follow-up begins with its news and ends with what was told before.
    """
    count = len(side.first) - 1
    found = {}
    for at in (0, 1, 2):
        mass = side.mass * (third == at)
        whole = np.maximum(_sum(side, mass, count), 1e-9)
        found[f"told{at + 1}"] = _sum(side, mass * side.told, count) / whole
        if not at:
            found["fresh1"] = _sum(side, fresh * (third == at), count) / whole
            found["alone1"] = _sum(side, mass * (1 - side.known), count) / whole
    return found


def _longest_run(side: Side, is_linked: NDArray[np.bool_], total: Shares) -> dict[str, Shares]:
    """The longest run of sentences without a counterpart: its mass, and how much of it is new."""
    count = len(total)
    heads = np.ones(len(is_linked), dtype=bool)
    heads[1:] = (is_linked[1:] != is_linked[:-1]) | (side.pair[1:] != side.pair[:-1])
    run = np.cumsum(heads) - 1
    owner = side.pair[heads]
    rest = np.where(is_linked, 0, side.mass)
    found = {}
    for name, values in (("run", rest), ("run_new", rest * (1 - side.known))):
        longest = np.zeros(count)
        np.maximum.at(longest, owner, totals(run, values, len(owner)))
        found[name] = longest / total
    return found


def entries(of: Aligned) -> tuple[Shares, Shares]:
    """Where in the other text the counterpart of each side's first linked sentence stands, 0 to 1;
    1 where nothing is linked."""
    found = []
    for here, there, other in ((of.link_a, of.link_b, of.b), (of.link_b, of.link_a, of.a)):
        sizes = np.diff(other.first)
        entry = np.ones(len(sizes))
        order = np.lexsort((here, of.link_pair))
        pair = of.link_pair[order]
        heads = np.flatnonzero(np.append(True, pair[1:] != pair[:-1])[: len(pair)])
        pair = pair[heads]
        entry[pair] = (there[order[heads]] - other.first[pair]) / np.maximum(sizes[pair], 1)
        found.append(entry)
    return found[0], found[1]


def lead_links(of: Aligned, count: int) -> Shares:
    """The best likeness among the links of either text's first two sentences, 0 where none."""
    early = of.link_a - of.a.first[of.link_pair] < _LEAD
    early |= of.link_b - of.b.first[of.link_pair] < _LEAD
    best = np.zeros(count)
    np.maximum.at(best, of.link_pair[early], of.likeness[early])
    return best


def in_order(of: Aligned, count: int) -> Shares:
    """Of each pair's successive links, the share that goes forward in both; half where one."""
    same = of.link_pair[1:] == of.link_pair[:-1]
    forward = np.diff(of.link_b) > 0
    owner = of.link_pair[1:][same]
    steps = totals(owner, None, count)
    return (totals(owner, forward[same], count) + 0.5) / (steps + 1)


def _ends(linked: Rows, owner: Rows, count: int) -> tuple[Rows, Rows]:
    """The first and the last linked sentence of each pair; an empty span where there is none."""
    first = np.full(count, np.iinfo(np.int64).max)
    last = np.full(count, -1, dtype=np.int64)
    np.minimum.at(first, owner, linked)
    np.maximum.at(last, owner, linked)
    return first, last


def _sum(side: Side, values: Shares, count: int) -> Shares:
    return totals(side.pair, values, count)
