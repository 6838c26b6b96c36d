"""Stories below the first one, which a page opens by scrolling: each an ``article`` of its own."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from scraper.extractors.columns import Bools, Ints
from scraper.extractors.model.measured import Measured
from scraper.extractors.tags import among

IS_ARTICLE: Final = among("article")
IS_H1: Final = among("h1")
# Fewer characters that are likely of a story are a teaser.
STORY_CHARS: Final = 500
# So much of the page is in its stories, or it is another kind of page: a list, or a shop.
MOST: Final = 0.8


def further_stories(it: Measured, title: str, story: NDArray[np.float64]) -> Bools:
    """Which segments stand in an article after the first one, bool [n].

    Only where each has a headline ``h1`` and text enough, the first one's is the page's title, and
    theirs are not: on the front page of a blog, all articles are the story.
    """
    none = np.zeros(it.n, dtype=np.bool_)
    articles, headlines = it.page.rows(IS_ARTICLE), it.page.rows(IS_H1)
    if len(articles) < 2 or len(headlines) < 2:
        return none
    # Those that stand in no other.
    reach = np.maximum.accumulate(it.page.end[articles])
    outer = articles[np.concatenate([[True], articles[1:] >= reach[:-1]])]
    likely = np.concatenate([[0.0], np.cumsum(story * it.chars)])
    start, stop = it.span(outer)
    mass = likely[stop] - likely[start]
    first = np.searchsorted(headlines, outer)
    has_own = first < np.searchsorted(headlines, it.page.end[outer])
    told = np.flatnonzero((mass >= STORY_CHARS) & has_own)
    if len(told) < 2 or mass[told].sum() < MOST * likely[-1]:
        return none
    heads = [_text(it, headlines[at : at + 1]) for at in first[told].tolist()]
    said = _plain(title)
    if heads[0] not in said or not heads[0] or any(head in said for head in heads[1:]):
        return none
    for at in told[1:].tolist():
        none[start[at] : stop[at]] = True
    return none


def _text(it: Measured, row: Ints) -> str:
    start, stop = it.span(row)
    return _plain(" ".join(it.segments.texts[int(start[0]) : int(stop[0])]))


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
