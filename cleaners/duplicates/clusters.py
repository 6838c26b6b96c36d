"""Joins copies to clusters, without chaining one story to the next through a text in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from cleaners.duplicates.judge import Verdicts, joined

Pair = tuple[int, int]
Doubt = Callable[[Sequence[Pair]], Sequence[tuple[float, float]]]

# Two clusters are joined by a match only if it agrees with what the best members of each say: the
# mean confidence of up to seven pairs, the match included.
AGREED: Final = 0.6
# Parts of a roundup are no copies of each other and know less of each other than this; two halves
# of one report mostly know more.
_STRANGERS: Final = 0.5
_NOTHING_SHARED: Final = 0.2
# A part of a roundup is told by it to at least this share.
_HELD: Final = 0.5
_BEST: Final = 3


def clusters(verdicts: Verdicts, parts: Verdicts, doubt: Doubt) -> tuple[list[list[int]], set[int]]:
    """The clusters that accepted pairs form, each ascending; and the texts that are roundups.

    ``parts`` are pairs that share a report without being copies of each other. ``doubt`` judges
    pairs that nobody looked at yet and gives for each the confidence that they are copies and the
    share that they know of each other. The outcome depends on the set of pairs alone.
    """
    strength = _strengths(verdicts)
    roundups = _roundups(joined([verdicts, parts]), strength, doubt)
    order = sorted(
        (pair for pair in strength if not roundups.intersection(pair)),
        key=lambda pair: (-strength[pair], pair),
    )
    degree: dict[int, float] = defaultdict(float)
    for a, b in order:
        degree[a] += strength[a, b]
        degree[b] += strength[a, b]
    home: dict[int, list[int]] = {}
    for a, b in order:
        one, other = home.setdefault(a, [a]), home.setdefault(b, [b])
        if one is other or not _fits(one, other, (a, b), degree, strength, doubt):
            continue
        if len(one) < len(other):
            one, other = other, one
        one.extend(other)
        for it in other:
            home[it] = one
    unique = {id(it): it for it in home.values()}
    return sorted(sorted(it) for it in unique.values() if len(it) > 1), roundups


def _strengths(verdicts: Verdicts) -> dict[Pair, float]:
    confidence = verdicts.confidence.tolist()
    return {
        (min(a, b), max(a, b)): value
        for (a, b), value in zip(verdicts.pairs.tolist(), confidence, strict=True)
    }


def _fits(
    one: list[int],
    other: list[int],
    link: Pair,
    degree: dict[int, float],
    strength: dict[Pair, float],
    doubt: Doubt,
) -> bool:
    """Whether the best of each cluster agree that the other's end of the link is a copy."""
    a, b = link if link[0] in one else (link[1], link[0])
    asked = [(it, b) for it in _best(one, a, degree)] + [(a, it) for it in _best(other, b, degree)]
    if not asked:
        return True
    known = [strength.get((min(pair), max(pair))) for pair in asked]
    unknown = [pair for pair, value in zip(asked, known, strict=True) if value is None]
    values = [it for it in known if it is not None] + [strength[min(link), max(link)]]
    values += [confidence for confidence, _ in doubt(unknown)] if unknown else []
    return sum(values) / len(values) >= AGREED


def _best(members: list[int], without: int, degree: dict[int, float]) -> list[int]:
    others = (it for it in members if it != without)
    return sorted(others, key=lambda it: (-degree[it], it))[:_BEST]


def _roundups(verdicts: Verdicts, strength: dict[Pair, float], doubt: Doubt) -> set[int]:
    """Texts that hold one text in one part and, in another part, a stranger to it."""
    spans: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    # A follow-up shares a part as well, but a roundup holds most of what each of its parts says.
    held = verdicts.chosen(verdicts.likeness >= _HELD)
    for (a, b), shorter, span_a, span_b in zip(
        held.pairs.tolist(),
        held.shorter.tolist(),
        held.span_a.tolist(),
        held.span_b.tolist(),
        strict=True,
    ):
        if shorter:
            spans[a].append((*span_a, b))
        else:
            spans[b].append((*span_b, a))
    asked: list[tuple[int, Pair]] = []
    for text, those in spans.items():
        early = min(those, key=lambda it: (it[1], it[2]))
        late = max(those, key=lambda it: (it[0], -it[2]))
        pair = min(early[2], late[2]), max(early[2], late[2])
        if early[1] < late[0] and pair not in strength:
            asked.append((text, pair))
    answers = doubt([pair for _, pair in asked]) if asked else []
    return {
        text
        for (text, _), (confidence, known) in zip(asked, answers, strict=True)
        if confidence < _STRANGERS and known < _NOTHING_SHARED
    }
