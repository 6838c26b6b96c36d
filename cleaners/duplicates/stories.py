"""Makes clusters of what an index holds, as the batch makes them of the same documents."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cleaners.duplicates.clusters import Pair, clusters
from cleaners.duplicates.judge import Verdicts, joined, judge
from cleaners.duplicates.marks import mark_of
from cleaners.duplicates.report import Groups, reported
from cleaners.duplicates.results import Duplicates
from cleaners.duplicates.shelf import Shelf, nothing
from cleaners.duplicates.store import Store
from cleaners.duplicates.words import Rows


def stories(store: Store, limit: float) -> Duplicates:
    """All clusters and what to keep. Only documents that have a copy are looked at."""
    verdicts = store.verdicts()
    numbers = np.unique(np.concatenate([verdicts.pairs.ravel(), np.array(store.equals(), int)]))
    rows = {it.number: it for it in store.rows(numbers.tolist())}
    # The batch numbers groups of equal texts by what they say and then by id; so does this.
    ranked = sorted(rows.values(), key=lambda it: (it.exact & 0xFFFFFFFFFFFFFFFF, it.id))
    shelf = Shelf(
        [it.id for it in ranked],
        array("q", [it.length for it in ranked]),
        {place: mark_of(it) for place, it in enumerate(ranked) if it.mark},
        nothing(),
    )
    exact = np.array([it.exact for it in ranked], dtype=np.int64)
    starts = np.flatnonzero(np.append(True, exact[1:] != exact[:-1])) if ranked else exact
    group = np.zeros(len(ranked), dtype=np.int64)
    group[starts[1:]] = 1
    groups = Groups(np.arange(len(ranked)), starts, np.cumsum(group))
    place = {it.number: at for at, it in enumerate(ranked)}
    speaks = [
        rows[a].speaks and rows[b].speaks if a in rows and b in rows else False
        for a, b in verdicts.pairs.tolist()
    ]
    verdicts = _renamed(verdicts.chosen(np.flatnonzero(speaks)), place, groups)

    first = groups.first

    def texts(wanted: Rows) -> list[str]:
        return store.texts(np.array([ranked[it].number for it in first[wanted]]))

    def doubt(pairs: Sequence[Pair]) -> list[tuple[float, float]]:
        found = judge(texts, np.array(pairs, dtype=np.int64))
        return list(zip(found.confidence.tolist(), found.known.tolist(), strict=True))

    accepted, parts = verdicts.split(limit)
    found, roundups = clusters(accepted, parts, doubt)
    of_roundup = np.flatnonzero(np.isin(accepted.pairs, list(roundups)).any(axis=1))
    others = np.setdiff1d(np.arange(len(accepted)), of_roundup)
    part_of = joined([parts, accepted.chosen(of_roundup)])
    result = reported(shelf, groups, found, accepted.chosen(others), part_of, None)
    dropped = {name for it in result.clusters for name in it.members if name != it.keep}
    unique = tuple(it for it in store.ids() if it not in dropped)
    return Duplicates(result.clusters, result.matches, unique, result.parts)


def _renamed(verdicts: Verdicts, place: dict[int, int], groups: Groups) -> Verdicts:
    """The verdicts with the numbers of groups in place of numbers of documents."""
    pairs = [
        (int(groups.number[place[a]]), int(groups.number[place[b]]))
        for a, b in verdicts.pairs.tolist()
    ]
    return replace(verdicts, pairs=np.array(pairs, dtype=np.int64).reshape(-1, 2))
