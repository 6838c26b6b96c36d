"""Finds all copies in a batch of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.align import held
from cleaners.duplicates.candidates import neighbors, once, packed, sharing_parts
from cleaners.duplicates.clusters import Doubt, Pair, clusters
from cleaners.duplicates.fingerprint import BANDS
from cleaners.duplicates.gather import gather
from cleaners.duplicates.judge import Texts, Verdicts, joined, judge
from cleaners.duplicates.provenance import Provenance
from cleaners.duplicates.report import Groups, reported
from cleaners.duplicates.results import CopyKind, Duplicates, Threshold
from cleaners.duplicates.sheets import Sheets
from cleaners.duplicates.shelf import Given, Progress, Shelf
from cleaners.duplicates.spool import Spool
from cleaners.duplicates.words import Rows

ALL_KINDS: Final = frozenset(CopyKind)
# How sure a match has to be; measured by benchmarks/duplicates.py on stories that were held back.
LIMITS: Final = {Threshold.STRICT: 0.97, Threshold.NORMAL: 0.85, Threshold.LOOSE: 0.5}
_LOW: Final = np.uint64(0xFFFFFFFF)
_AT_ONCE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What counts as a copy."""

    threshold: Threshold = Threshold.NORMAL
    kinds: frozenset[CopyKind] = ALL_KINDS


def _quiet(stage: str, done: int) -> None:
    return None


def deduplicate(
    documents: Iterable[Given],
    *,
    threshold: Threshold = Threshold.NORMAL,
    kinds: frozenset[CopyKind] = ALL_KINDS,
    window: timedelta | None = None,
    evidence: bool = True,
    progress: Progress = _quiet,
) -> Duplicates:
    """All copies among the documents, the clusters that they form, and what to keep.

    With a ``window``, two documents that were both published at a known time are compared only
    if they lie no farther apart. ``evidence=False`` saves the time and the memory for passages.
    ``progress`` is told a stage's name and how many documents or pairs it has done.

    Raises:
        BadDocument: a document without an id or a text, or two under one id.

    >>> deduplicate([("a", "It rained."), ("b", "It rained!"), ("c", "Sun.")]).unique
    ('a', 'c')
    """
    with Spool() as spool, Spool() as addresses, Sheets() as sheets:
        is_near = kinds <= {CopyKind.EXACT, CopyKind.NEAR}
        known = Provenance(addresses)
        shelf = gather(documents, spool, known, sheets, progress, not is_near)
        groups = grouped(shelf, window)
        first = groups.first

        def texts(numbers: Rows) -> list[str]:
            return spool.texts(first[numbers])

        def doubt(pairs: Sequence[Pair]) -> list[tuple[float, float]]:
            found = judge(texts, np.array(pairs, dtype=np.int64))
            return list(zip(found.confidence.tolist(), found.known.tolist(), strict=True))

        found: list[Verdicts] = []
        done = 0
        if not kinds <= {CopyKind.EXACT}:
            for pairs in _candidates(shelf, sheets, groups, window):
                judged = judge(texts, pairs, only_near=is_near)
                found.append(judged.chosen(judged.copy >= LIMITS[threshold]))
                done += len(pairs)
                progress("compared", done)
        return concluded(
            Asked(threshold, kinds),
            shelf,
            groups,
            joined(found),
            (doubt, spool.texts if evidence else None),
        )


def concluded(
    asked: Asked, shelf: Shelf, groups: Groups, verdicts: Verdicts, ask: tuple[Doubt, Texts | None]
) -> Duplicates:
    """What follows from the verdicts on all candidates: the clusters, and the copies to keep.

    ``ask``: what judges further pairs of groups, and what gives the texts of documents (None where
    no evidence is wanted). It may be called for each connected part of the verdicts alone.
    """
    doubt, texts = ask
    wanted = np.isin(
        verdicts.kind, [place for place, it in enumerate(CopyKind) if it in asked.kinds]
    )
    accepted, parts = verdicts.chosen(wanted).split(LIMITS[asked.threshold])
    stories, roundups = clusters(accepted, parts, doubt)
    of_roundup = np.flatnonzero(np.isin(accepted.pairs, list(roundups)).any(axis=1))
    others = np.setdiff1d(np.arange(len(accepted)), of_roundup)
    return reported(
        shelf,
        groups if CopyKind.EXACT in asked.kinds else groups.alone(),
        stories,
        accepted.chosen(others),
        joined([parts, accepted.chosen(of_roundup)]),
        texts,
    )


def grouped(shelf: Shelf, window: timedelta | None) -> Groups:
    """Texts that are equal word for word under one number; numbered by what they say.

    The numbers do not depend on the order of the documents, so nothing that follows does.
    """
    exact = shelf.sketches.exact
    times = shelf.times()
    order = np.argsort(exact, kind="stable")
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = exact[order][1:] != exact[order][:-1]
    # Of texts that say the same, the least id comes first.
    heads = np.append(np.flatnonzero(starts), len(order))
    for run in np.flatnonzero(np.diff(heads) > 1).tolist():
        equal = order[heads[run] : heads[run + 1]]
        equal[:] = sorted(equal.tolist(), key=shelf.ids.__getitem__)
    # Texts without a word are like nothing.
    starts |= shelf.sketches.words[order] == 0
    if window is not None and not np.isnan(times).all():
        # Of equal texts, those that are dated go by date, and a gap parts them.
        order = order[np.lexsort((times[order], np.cumsum(starts)))]
        gaps = np.diff(times[order]) > window.total_seconds()
        starts[1:] |= gaps
    return Groups(order, np.flatnonzero(starts), np.cumsum(starts) - 1)


def _candidates(
    shelf: Shelf, sheets: Sheets, groups: Groups, window: timedelta | None
) -> Iterable[NDArray[np.int64]]:
    """Pairs of groups to look at, in portions; a pair comes once."""
    first = groups.first
    speaks = shelf.sketches.words[first] > 0
    numbers = np.flatnonzero(speaks)
    near = [neighbors(packed(sheets.band(band)[first[speaks]], numbers)) for band in range(BANDS)]
    seen = once(near)
    times = shelf.times()[first]
    yield from _in_time(seen, times, window)
    counts = np.diff(shelf.sketches.first)[first]
    for found in sharing_parts(_terms(sheets, first, len(shelf.ids)), sheets.terms, counts):
        yield from _in_time(found[~held(found, seen)], times, window)


def _terms(sheets: Sheets, first: Rows, count: int) -> Iterator[NDArray[np.uint64]]:
    """The terms of the texts that speak for a group, with the group's number."""
    group = np.full(count, -1, dtype=np.int64)
    group[first] = np.arange(len(first))
    for part in sheets.by_term():
        owner = group[(part & _LOW).astype(np.int64)]
        kept = owner >= 0
        yield packed((part[kept] >> np.uint64(32)).astype(np.uint32), owner[kept])


def _in_time(
    pairs: NDArray[np.uint64], times: NDArray[np.float64], window: timedelta | None
) -> Iterable[NDArray[np.int64]]:
    found = np.stack([pairs >> np.uint64(32), pairs & _LOW], axis=1).astype(np.int64)
    if window is not None:
        apart = np.abs(times[found[:, 0]] - times[found[:, 1]])
        found = found[~(apart > window.total_seconds())]
    for start in range(0, len(found), _AT_ONCE):
        yield found[start : start + _AT_ONCE]
