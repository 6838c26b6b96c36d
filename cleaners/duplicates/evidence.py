"""Shows why two texts are copies: which sentences tell the same, and what differs in them."""

from __future__ import annotations

from typing import Final

import numpy as np

from cleaners.duplicates.features import Compared
from cleaners.duplicates.results import Difference, Passage
from cleaners.duplicates.weights import weights
from cleaners.duplicates.words import NAME, NUMBER, Words, words

_OPENING: Final = frozenset("“‘\"'«„(¿¡「『《[")
_CLOSING: Final = frozenset(".!?…”’\"'»“)。！？」』》]")
_NAME_WEIGHT: Final = 0.3


def passages(a: str, b: str) -> tuple[Passage, ...]:
    """The sentences that two texts share, in the order of a; then what b adds.

    Sentences of a without a counterpart have ``b=None``, those of b have ``a=None``: together the
    passages cover both texts.

    >>> it, = passages("Rain fell on Kalmora.", "Rain fell on Kalmora!")
    >>> it.a, it.likeness
    ((0, 21), 1.0)
    """
    compared = Compared(words([a, b]))
    aligned = compared.align(np.array([[0, 1]]))
    spans = _spans(compared, (a, b))
    shift = int(compared.sentences.first[1])
    found: list[tuple[int, Passage]] = []
    links = zip(
        aligned.link_a.tolist(), aligned.link_b.tolist(), aligned.likeness.tolist(), strict=True
    )
    linked_a, linked_b = set(), set()
    for one, other, likeness in links:
        linked_a.add(one)
        linked_b.add(other)
        differs = _differences(compared, (one, shift + other), (a, b))
        at = spans[one], spans[shift + other]
        found.append((one, Passage(*at, round(min(1.0, likeness), 4), differs)))
    found += [(it, Passage(spans[it], None, 0.0)) for it in range(shift) if it not in linked_a]
    rest = [it for it in range(len(spans) - shift) if it not in linked_b]
    ordered = [it for _, it in sorted(found, key=lambda it: it[0])]
    return (*ordered, *(Passage(None, spans[shift + it], 0.0) for it in rest))


def _spans(compared: Compared, texts: tuple[str, str]) -> list[tuple[int, int]]:
    """From the first to the last character of each sentence, its marks and quotes included."""
    of, line = compared.words, compared.sentences.of_word
    if not len(line):
        return []
    heads = np.flatnonzero(np.append(True, line[1:] != line[:-1]))
    lasts = np.append(heads[1:], len(line)) - 1
    found = []
    for head, last, owner in zip(heads, lasts, of.text[heads], strict=True):
        text, start, end = texts[int(owner)], int(of.start[head]), int(of.end[last])
        while start and text[start - 1] in _OPENING:
            start -= 1
        while end < len(text) and text[end] in _CLOSING:
            end += 1
        found.append((start, end))
    return found


def _differences(
    compared: Compared, lines: tuple[int, int], texts: tuple[str, str]
) -> tuple[Difference, ...]:
    """Numbers and names of either sentence that the other sentence lacks, side by side."""
    of = compared.words
    rows = [np.flatnonzero(compared.sentences.of_word == it) for it in lines]
    found: list[Difference] = []
    for what, kind in (("number", NUMBER), ("name", NAME)):
        lacking: list[list[str]] = []
        for here, there, text in ((rows[0], rows[1], texts[0]), (rows[1], rows[0], texts[1])):
            chosen = here[of.kind[here] == kind]
            if kind == NAME:
                chosen = chosen[weights(of.stem[chosen]) > _NAME_WEIGHT]
            chosen = chosen[~np.isin(of.stem[chosen], of.stem[there])]
            lacking.append([text[of.start[it] : of.end[_last(of, it)]] for it in chosen.tolist()])
        for place in range(max(map(len, lacking))):
            pair = [those[place] if place < len(those) else None for those in lacking]
            found.append(Difference(what, *pair))
    return tuple(found)


def _last(of: Words, head: int) -> int:
    """The last word of a number that is written in several; the word itself for all others."""
    last, after = head, int(of.first[np.searchsorted(of.first, head, side="right")])
    while of.kind[head] == NUMBER and last + 1 < after:
        if of.stem[last + 1] != of.stem[head] or of.kind[last + 1] == NUMBER:
            break
        last += 1
    return last
