"""What a few places mean once the type of the page is known: the model hears of both at once, and
keeps captions under articles, reviews on shops, signatures in forums more often than is right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.labels import Label
from scraper.article import PageType
from scraper.extractors.columns import Bools, Ints
from scraper.extractors.elements import Elements
from scraper.extractors.model.further_stories import further_stories
from scraper.extractors.model.measured import Measured
from scraper.extractors.model.name_tokens import tokens_of_names
from scraper.extractors.model.page_model import LEAST, Reading
from scraper.extractors.model.place_labels import SUSPECTS
from scraper.extractors.model.remembered import remembered
from scraper.extractors.said import Said

OUT: Final = 1e-4  # odds that no other say outweighs
RELATED: Final = SUSPECTS.index(Label.RELATED)


@dataclass(frozen=True, slots=True)
class Place:
    """On pages of ``types`` the odds of what stands in an element that has one of ``words`` among
    the words of its names are multiplied by ``odds``; what falls by it is suggested ``label``."""

    types: frozenset[PageType]
    words: frozenset[str]
    odds: float
    label: Label


# Measured on sites held out: each helps three pages or more for one that it harms, and helps on
# each of the four folds; the model card has the figures.
PLACES: Final = (
    Place(frozenset({PageType.ARTICLE}), frozenset({"caption"}), OUT, Label.PHOTO_CREDIT),
    Place(
        frozenset({PageType.FORUM}),
        frozenset({"signature", "signatures", "sig"}),
        OUT,
        Label.AUTHOR_BIO,
    ),
    Place(
        frozenset(PageType) - {PageType.ARTICLE, PageType.FORUM},
        frozenset({"review", "reviews"}),
        float(np.exp(-1)),
        Label.COMMENT,
    ),
)
# Of what has a caption, not all is one.
NOT: Final = frozenset({"has-caption", "no-caption", "with-caption"})
CANCEL: Final = 1 << len(PLACES)
BITS: Final = {word: 1 << at for at, it in enumerate(PLACES) for word in it.words} | dict.fromkeys(
    NOT, CANCEL
)


def by_type(
    it: Measured, said: Said, reading: Reading, suspected: Ints
) -> tuple[NDArray[np.float64], Ints]:
    """The probabilities and the suggested labels of the segments, [n] each, told the type."""
    story, labels = reading.story, suspected
    of_names: NDArray[np.int64] | None = None
    for at, place in enumerate(PLACES):
        if reading.page_type not in place.types:
            continue
        if of_names is None:
            of_names = np.array(remembered(_KNOWN, it.elements.names, _bits))
        here = _standing_in(it.elements, of_names, at)
        if here.any():
            story = np.where(here, _with_odds(story, place.odds), story)
            labels = np.where(here & (labels < 0), SUSPECTS.index(place.label), labels)
    if reading.page_type is PageType.ARTICLE:
        further = further_stories(it, said.title, story)
        if further.any():
            story = np.where(further, _with_odds(story, OUT), story)
            labels = np.where(further, RELATED, labels)
    return story, labels.astype(np.int32)


def _with_odds(story: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    odds = story / (1 - story) * factor
    found: NDArray[np.float64] = np.maximum(odds / (1 + odds), LEAST)
    return found


def _standing_in(found: Elements, of_names: NDArray[np.int64], at: int) -> Bools:
    """Which segments have such an element as their box, or up to three above it, bool [n]."""
    has = (of_names & (1 << at) > 0) & (of_names & CANCEL == 0)
    if not has.any():
        return np.zeros(len(found.box), dtype=np.bool_)
    marked = np.append(
        np.logical_or.reduceat(has[found.called], found.begin[:-1])[found.key], False
    )
    for leap in found.leaps[:2]:
        marked = marked | marked.take(leap)
    is_in: Bools = marked[found.box]
    return is_in


def _bits(names: tuple[str, ...]) -> Iterable[int]:
    of = tokens_of_names(names)
    bits = np.array(list(map(BITS.get, of.tokens, repeat(0))), dtype=np.int64)
    found: list[int] = np.bitwise_or.reduceat(bits[of.order], of.begin).tolist()
    return found


_KNOWN: Final[dict[str, int]] = {}
