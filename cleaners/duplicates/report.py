"""Turns what was found in columns into what a caller reads: matches, clusters, the one to keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from cleaners.duplicates.evidence import passages
from cleaners.duplicates.judge import KINDS, Texts, Verdicts
from cleaners.duplicates.keep import Copy, keep
from cleaners.duplicates.results import Cluster, CopyKind, Duplicates, Match, Passage
from cleaners.duplicates.shelf import Shelf
from cleaners.duplicates.words import Rows


@dataclass(frozen=True, slots=True)
class Groups:
    """Documents that are equal word for word: ``order`` lists documents, group after group.

    ``starts`` is where in ``order`` each group begins, ``number`` the group of each place.
    """

    order: Rows
    starts: Rows
    number: Rows

    @property
    def first(self) -> Rows:
        """The document that speaks for each group."""
        return self.order[self.starts]

    def members(self, group: int) -> list[int]:
        """All documents of a group."""
        end = self.starts[group + 1] if group + 1 < len(self.starts) else len(self.order)
        found: list[int] = self.order[self.starts[group] : end].tolist()
        return found

    def alone(self) -> Groups:
        """Each group with the one document that speaks for it."""
        return Groups(self.first, np.arange(len(self.starts)), np.arange(len(self.starts)))


def reported(
    shelf: Shelf,
    groups: Groups,
    stories: list[list[int]],
    accepted: Verdicts,
    parts: Verdicts,
    texts: Texts | None,
) -> Duplicates:
    """The result. Without texts, matches carry no evidence."""
    home = {group: place for place, story in enumerate(stories) for group in story}
    sizes = np.diff(np.append(groups.starts, len(groups.order)))
    for group in np.flatnonzero(sizes > 1).tolist():
        if group not in home:
            home[group] = len(stories)
            stories = [*stories, [group]]
    of_story: dict[int, list[Match]] = defaultdict(list)
    inside = [home.get(a, -1) == home.get(b, -2) for a, b in accepted.pairs.tolist()]
    accepted = accepted.chosen(np.array(inside, dtype=bool))
    matched = _matches(shelf, groups, accepted, texts)
    core: dict[int, float] = defaultdict(float)
    faithful: dict[int, float] = defaultdict(float)
    for row, match in enumerate(matched):
        a, b = accepted.pairs[row].tolist()
        of_story[home[a]].append(match)
        for group, held in ((a, accepted.held_a[row]), (b, accepted.held_b[row])):
            core[group] = max(core[group], float(held))
            faithful[group] = max(faithful[group], float(accepted.verbatim[row]))
    found = []
    for place, story in enumerate(stories):
        for group in story:
            of_story[place] += _exact(shelf, groups.members(group), texts)
        members = sorted(it for group in story for it in groups.members(group))
        copies = [
            _copy(shelf, number, core[group], faithful[group], sizes[group] > 1)
            for group in story
            for number in groups.members(group)
        ]
        kept, why = keep(copies)
        ids = tuple(shelf.ids[it] for it in members)
        found.append((members[0], Cluster(ids, kept, why, tuple(of_story[place]))))
    found.sort(key=lambda it: it[0])
    results = tuple(it for _, it in found)
    dropped = {name for it in results for name in it.members if name != it.keep}
    return Duplicates(
        results,
        tuple(match for it in results for match in it.matches),
        tuple(it for it in shelf.ids if it not in dropped),
        tuple(_matches(shelf, groups, parts, texts)),
    )


def _matches(
    shelf: Shelf, groups: Groups, verdicts: Verdicts, texts: Texts | None
) -> Iterator[Match]:
    first = groups.first
    for row in range(len(verdicts)):
        a, b = first[verdicts.pairs[row]].tolist()
        kind = KINDS[int(verdicts.kind[row])]
        if kind is CopyKind.CONTAINED:
            a, b = (b, a) if verdicts.shorter[row] else (a, b)
        elif shelf.ids[b] < shelf.ids[a]:
            a, b = b, a
        yield Match(
            shelf.ids[a],
            shelf.ids[b],
            kind,
            round(float(verdicts.likeness[row]), 4),
            round(float(verdicts.copy[row]), 4),
            _evidence(a, b, texts),
        )


def _exact(shelf: Shelf, members: list[int], texts: Texts | None) -> Iterator[Match]:
    for it in members[1:]:
        a, b = sorted((members[0], it), key=lambda number: shelf.ids[number])
        yield Match(shelf.ids[a], shelf.ids[b], CopyKind.EXACT, 1.0, 1.0, _evidence(a, b, texts))


def _evidence(a: int, b: int, texts: Texts | None) -> tuple[Passage, ...]:
    if texts is None:
        return ()
    # One by one: ``texts`` answers in the order in which it is asked.
    return passages(*texts(np.array([a, b])))


def _copy(shelf: Shelf, number: int, core: float, faithful: float, has_equal: bool) -> Copy:
    mark = shelf.marks.get(number)
    return Copy(
        shelf.ids[number],
        core,
        1.0 if has_equal else faithful,
        shelf.lengths[number],
        bool(mark and mark.agency),
        mark.published if mark else None,
        mark.url if mark else None,
        mark.canonical if mark else None,
    )


def surest(verdicts: Verdicts, names: Mapping[int, str]) -> list[Match]:
    """Verdicts as matches without evidence, the surest first; ``names`` has the numbers' ids."""
    found = []
    for row, (a, b) in enumerate(verdicts.pairs.tolist()):
        kind = KINDS[int(verdicts.kind[row])]
        one, other = (names[b], names[a]) if verdicts.shorter[row] else (names[a], names[b])
        if kind is not CopyKind.CONTAINED and other < one:
            one, other = other, one
        likeness = round(float(verdicts.likeness[row]), 4)
        found.append(Match(one, other, kind, likeness, round(float(verdicts.copy[row]), 4)))
    return sorted(found, key=lambda it: (-it.confidence, it.a, it.b))
