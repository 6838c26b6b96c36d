"""Looks closely at candidate pairs and says of each whether it is one report, and of what kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.align import Aligned, Side, totals
from cleaners.duplicates.features import NAMES, Compared, verbatim
from cleaners.duplicates.fingerprint import exact, shingles
from cleaners.duplicates.model import load
from cleaners.duplicates.results import CopyKind
from cleaners.duplicates.skim import skim
from cleaners.duplicates.words import Rows, words

Floats = NDArray[np.float32]
Texts = Callable[[Rows], Sequence[str]]

KINDS: Final = (CopyKind.EXACT, CopyKind.NEAR, CopyKind.CONTAINED, CopyKind.REWRITTEN)
# Three-word runs that the texts have in common: both keep 75 % of them in a near copy, the shorter
# alone 60 % in a contained one; a rewritten copy rarely keeps a third (training stories).
NEAR_RUNS: Final = 0.75
CONTAINED_RUNS: Final = 0.6
# Of the copies that were written for training, 995 of 1,000 are told by the other to more than this
# share; below it the model has seen next to nothing, and is trusted in proportion.
LEAST_TOLD: Final = 0.25
# The loosest threshold asks for a confidence of one half.
WORTH_ASKING: Final = 0.5
_PAIRS: Final = 512
_CHARACTERS: Final = 500_000  # in memory, each costs about a hundred bytes for a moment
_CELLS: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What was found about k pairs, one row a pair.

    Which text of a pair is named first does not depend on who asks. ``copy``: how surely what they
    share is one report. ``whole``: how surely the longer one is that report and no roundup of
    several. ``likeness``: share of the shorter one's mass that is told by the other. ``kind``:
    place in ``KINDS``. ``shorter``: 0 where a has less mass, else 1. ``span_*``: where in each
    text, 0 to 1, the shared part begins and ends (k x 2). ``held_*``: the mass of each that is
    linked. ``known``: share of the shorter one's mass that stands anywhere in the other.
    ``verbatim``: share of the shorter one's three-word runs that the other has.
    """

    pairs: Rows
    copy: Floats
    whole: Floats
    likeness: Floats
    kind: NDArray[np.uint8]
    shorter: NDArray[np.uint8]
    span_a: Floats
    span_b: Floats
    held_a: Floats
    held_b: Floats
    known: Floats
    verbatim: Floats

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def confidence(self) -> Floats:
        """How surely the two are copies of each other, 0 to 1."""
        found: Floats = np.where(self.whole < ROUNDUP, self.copy * self.whole, self.copy)
        return found

    def split(self, limit: float) -> tuple[Verdicts, Verdicts]:
        """Those that are copies, at least so surely; and those of a report and a roundup."""
        copies = np.flatnonzero(np.greater_equal(self.confidence, limit))
        parts = np.flatnonzero((self.copy >= limit) & (self.whole < ROUNDUP))
        return self.chosen(copies), self.chosen(parts)

    def chosen(self, rows: NDArray[Any]) -> Verdicts:
        """Some of the rows: by number, or where a mask is true."""
        return Verdicts(*(getattr(self, it.name)[rows] for it in fields(self)))


# Below this a pair is taken for a report and a roundup that holds it, not for two copies. Of such
# pairs by six authors, each unread, 24 of 345 are taken for copies, and two of 1,800 copies are
# lost; a report and its own first third are taken for two copies 126 times of 127.
ROUNDUP: Final = 0.12


def judge(texts: Texts, pairs: NDArray[np.int64], *, only_near: bool = False) -> Verdicts:
    """The verdicts on pairs of texts; ``pairs`` is k x 2 and holds numbers that ``texts`` knows.

    A verdict depends on the two texts alone, and not on which of them is named first. With
    ``only_near`` there is none on a pair that is no near copy, and no sentence of it is aligned.
    """
    portions = _portions(texts, pairs, only_near)
    return joined([_judged(compared, here, there) for compared, here, there in portions])


def joined(found: Sequence[Verdicts]) -> Verdicts:
    """Several verdicts as one."""
    if not found:
        return _NONE
    return Verdicts(
        *(np.concatenate([getattr(it, f.name) for it in found]) for f in fields(Verdicts))
    )


def _portions(
    texts: Texts, pairs: NDArray[np.int64], only_near: bool
) -> Iterator[tuple[Compared, Rows, Rows]]:
    """Texts made ready, pairs of their places among those, and the pairs; a portion at a time."""
    for at in range(0, len(pairs), _PAIRS):
        portion = pairs[at : at + _PAIRS]
        numbers, places = np.unique(portion, return_inverse=True)
        bodies = list(texts(numbers))
        if len(portion) > 1 and sum(map(len, bodies)) > _CHARACTERS:
            half = len(portion) // 2
            yield from _portions(texts, portion[:half], only_near)
            yield from _portions(texts, portion[half:], only_near)
            continue
        places = places.reshape(-1, 2).astype(np.int64)
        if only_near:
            portion = portion[_are_near(bodies, places)]
            if not len(portion):
                continue
            kept, places = np.unique(portion, return_inverse=True)
            places = places.reshape(-1, 2).astype(np.int64)
            bodies = [bodies[it] for it in np.searchsorted(numbers, kept).tolist()]
        compared = Compared(words(bodies))
        lines = np.diff(compared.sentences.first)
        cells = np.cumsum(lines[places[:, 0]] * lines[places[:, 1]])
        starts = np.flatnonzero(np.diff(cells // _CELLS, prepend=-1))
        for start, end in zip(starts, [*starts[1:], len(places)], strict=True):
            yield compared, places[start:end], portion[start:end]


def _are_near(bodies: Sequence[str], places: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which pairs of texts keep enough of each other's three-word runs to be near copies."""
    one, other = verbatim(*shingles(skim(bodies)), places)
    return np.minimum(one, other) >= NEAR_RUNS


def _judged(compared: Compared, places: NDArray[np.int64], pairs: NDArray[np.int64]) -> Verdicts:
    # Named by what they say, so that the order in which two texts were named changes nothing.
    says = exact(compared.words)
    turned = says[places[:, 0]] > says[places[:, 1]]
    places = np.where(turned[:, None], places[:, ::-1], places)
    pairs = np.where(turned[:, None], pairs[:, ::-1], pairs)
    aligned = compared.align(places)
    features = compared.features(places, aligned)
    column = {name: features[:, at] for at, name in enumerate(NAMES)}
    told = np.minimum(1, column["cover_s"] / LEAST_TOLD)
    count = len(pairs)
    copy, whole = np.zeros(count), np.zeros(count)
    # The trees take as long as all the rest: pairs that no threshold would accept are left out.
    rows = np.flatnonzero(told >= WORTH_ASKING)
    if len(rows):
        of_copy, of_whole = load()
        copy[rows] = of_copy.confidences(features[rows]) * told[rows]
        whole[rows] = of_whole.confidences(features[rows])
    mass_a, mass_b = _mass(aligned.a, count), _mass(aligned.b, count)
    shorter, longer = column["verbatim_s"], column["verbatim_l"]
    kind = np.full(count, KINDS.index(CopyKind.REWRITTEN), dtype=np.uint8)
    kind[shorter >= CONTAINED_RUNS] = KINDS.index(CopyKind.CONTAINED)
    kind[(shorter >= NEAR_RUNS) & (longer >= NEAR_RUNS)] = KINDS.index(CopyKind.NEAR)
    return Verdicts(
        pairs,
        copy.astype(np.float32),
        whole.astype(np.float32),
        column["cover_s"].astype(np.float32),
        kind,
        (mass_b < mass_a).astype(np.uint8),
        _span(aligned.a, aligned.link_a, aligned.link_pair, count),
        _span(aligned.b, aligned.link_b, aligned.link_pair, count),
        _held(aligned, aligned.a.mass[aligned.link_a], count),
        _held(aligned, aligned.b.mass[aligned.link_b], count),
        column["known_s"].astype(np.float32),
        column["verbatim_s"].astype(np.float32),
    )


def _mass(side: Side, count: int) -> NDArray[np.float64]:
    return totals(side.pair, side.mass, count)


def _held(of: Aligned, mass: NDArray[np.float64], count: int) -> Floats:
    return totals(of.link_pair, mass, count).astype(np.float32)


def _span(side: Side, linked: Rows, owner: Rows, count: int) -> Floats:
    """Where the part that holds nearly all links begins and ends, as shares of the sentences.

    A tenth of the links' mass is left out on either side: one stray link moves no border.
    """
    order = np.lexsort((linked, owner))
    mass = side.mass[linked[order]]
    total = totals(owner, side.mass[linked], count)
    before = np.cumsum(mass) - np.repeat(
        np.cumsum(total) - total, np.bincount(owner, minlength=count)
    )
    share = before / np.maximum(total[owner[order]], 1e-9)
    inner = (share > 0.1 + 1e-6) & (share - mass / np.maximum(total[owner[order]], 1e-9) < 0.9)
    place = (linked[order] - side.first[owner[order]]) / np.maximum(
        np.diff(side.first)[owner[order]], 1
    )
    begin, end = np.ones(count), np.zeros(count)
    np.minimum.at(begin, owner[order][inner], place[inner])
    np.maximum.at(end, owner[order][inner], place[inner])
    return np.stack([begin, end], axis=1).astype(np.float32)


_NOTHING: Final = np.zeros(0, dtype=np.float32)
_NONE: Final = Verdicts(
    np.zeros((0, 2), dtype=np.int64),
    *(_NOTHING,) * 3,
    np.zeros(0, dtype=np.uint8),
    np.zeros(0, dtype=np.uint8),
    np.zeros((0, 2), dtype=np.float32),
    np.zeros((0, 2), dtype=np.float32),
    *(_NOTHING,) * 4,
)
