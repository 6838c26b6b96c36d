"""What stands around each segment of a page, and what stands on the same kind of path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scraper.extractors.columns import Ints
from scraper.extractors.elements import Elements
from scraper.extractors.model.measured import Measured, alike
from scraper.extractors.tags import IS_BLOCK, PLACES, among

TAG_AND_CLASS: Final = itemgetter(0, 1)
BITS: Final = np.arange(len(PLACES), dtype=np.int32)[:, None]
# How many boxes up each of the nested ones is that the features describe.
LEVELS: Final = (1, 2, 3, 5, 8)
LONG: Final = 4_096  # segments; the largest pages of the WCXB and news sets have 2,600
# The share of a page's prose that an element holds to be one of its main elements.
MAIN_SHARES: Final = (0.5, 0.8)
IS_LISTING: Final = among("ul", "ol", "table", "tbody", "dl", "nav", "select")
IS_H1: Final = among("h1")
# Any large odd number spreads the paths over 64 bits (Dietzfelbinger 1997).
SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)


def _names() -> tuple[str, ...]:
    inside = [f"in.{it}" for it in PLACES] + ["in.hidden"]
    around = [f"main{share}.{it}" for share in MAIN_SHARES for it in ("in", "before", "after")]
    around += [
        f"up{level}.{it}"
        for level in LEVELS
        for it in ("prose", "links", "blocks", "chars", "is_list")
    ]
    around += ["after_h1", "near_h1", "siblings.prose"]
    groups = [
        f"{it}.{what}" for it in ("path", "class") for what in ("count", "chars", "links", "share")
    ]
    groups += ["same", "same.before", "page.blocks", "page.chars", "page.prose", "page.links"]
    return (*inside, *around, *groups)


NAMES: Final = _names()


def surroundings(it: Measured) -> Iterator[NDArray[np.generic]]:
    """The columns of ``NAMES`` as the rows of several arrays, [k, n] each, one after the other."""
    for columns in (_inside, _main, _levels, _groups):
        yield from columns(it)
    yield _same(it)
    yield _of_page(it)


def _inside(it: Measured) -> list[NDArray[np.generic]]:
    """Whether a segment stands in elements of each kind."""
    hidden = it.elements.hidden.copy()
    for leap in it.elements.leaps:
        hidden |= hidden.take(leap)
    within = it.page.within[it.segments.first]
    return [(within >> BITS) & 1, hidden[it.elements.around][None]]


def _main(it: Measured) -> list[NDArray[np.generic]]:
    """Where the main elements are, those that hold the larger part of the prose."""
    page = it.page
    found: list[NDArray[np.generic]] = []
    total = max(1.0, float(it.sums[2, -1]))
    order = np.arange(it.n)
    boxes = page.rows(IS_BLOCK)
    start, stop = it.span(boxes)
    held = it.sums[2, stop] - it.sums[2, start]
    for share in MAIN_SHARES:
        # The deepest that holds enough; there is one: the body.
        enough = np.flatnonzero(held >= share * total)
        deepest = enough[np.argmax(page.depth[boxes[enough]])] if len(enough) else 0
        low, high = int(start[deepest]), int(stop[deepest])
        gaps = np.log1p(np.maximum(0, [low - order, order - high + 1]))
        found += [((order >= low) & (order < high))[None], gaps]
    return found


def _levels(it: Measured) -> Iterator[NDArray[np.generic]]:
    """The nested boxes around each segment, how far the headline is, and what its siblings are."""
    page, n = it.page, it.n
    ways = [it.segments.box]
    for _ in range(LEVELS[-1]):
        ways.append(page.box[page.parent[ways[-1]]])
    rows = np.array([ways[level] for level in LEVELS])
    # On long pages one by one, which takes less memory.
    parts = [rows] if n < LONG else [rows[at : at + 1] for at in range(len(rows))]
    h1 = page.rows(IS_H1)
    after = np.searchsorted(h1, it.segments.first, side="right")
    order = np.arange(n)
    gap = order - it.upto[h1][np.maximum(0, after - 1)] if len(h1) else np.full(n, n)
    near = np.log1p(np.maximum(0, gap)) * np.where(after > 0, 1, -1)
    begin, end = it.span(rows[0])
    prose = it.sums[2, end] - it.sums[2, begin]
    siblings = np.log1p((prose - it.prose) / np.maximum(1, end - begin))
    for part in parts:
        yield _of_boxes(it, part)
    yield np.array([np.minimum(after, 3), near, siblings])


def _of_boxes(it: Measured, rows: Ints) -> NDArray[np.float64]:
    """What the boxes [k, n] hold that stand around segments, [5 k, n]."""
    begin, end = it.span(rows)
    chars, links, prose = it.sums[:, end] - it.sums[:, begin]
    levels = np.array([
        prose / max(1.0, float(it.sums[2, -1])), links / np.maximum(1, chars),
        *np.log1p([end - begin, chars]), IS_LISTING[it.page.tag[rows]],
    ])  # fmt: skip
    return levels.transpose(1, 0, 2).reshape(-1, it.n)


def _groups(it: Measured) -> list[NDArray[np.generic]]:
    """What stands on one kind of path, or in one class of element, on this page."""
    ways, classes = signatures(it.elements)
    path = alike(ways.take(it.elements.box))
    own = classes.take(it.elements.box)
    # Both groupings at once: the classes are counted past the paths.
    which = np.concatenate([path, own + it.n])
    count = np.maximum(1, np.bincount(which))
    chars, links, prose = (
        np.bincount(which, weights=np.concatenate([weights, weights]))
        for weights in (it.chars, it.chars * it.links, it.prose)
    )
    of_group = np.array([
        *np.log1p([count, chars / count]), links / np.maximum(1, chars),
        prose / max(1.0, float(it.sums[2, -1])),
    ])  # fmt: skip
    found = of_group.take(which, axis=1)
    return [found[:, : it.n], found[:, it.n :]]


def _same(it: Measured) -> NDArray[np.float64]:
    """How often the same text stands on the page, and how often before."""
    known: dict[str, int] = {}
    which = np.array([known.setdefault(text, len(known)) for text in it.segments.texts])
    times = np.bincount(which)
    found = np.zeros((2, it.n))
    if len(known) < it.n:
        order = np.argsort(which, kind="stable")
        before = np.empty(it.n)
        before[order] = np.arange(it.n) - (np.cumsum(times) - times)[which[order]]
        found[0], found[1] = np.log(times)[which], np.log1p(before)
    return found


def _of_page(it: Measured) -> NDArray[np.float64]:
    chars, links, prose = it.sums[:, -1].tolist()
    told = [*np.log1p([it.n, chars, prose]), links / max(1.0, chars)]
    return np.repeat(np.array(told)[:, None], it.n, axis=1)


def signatures(found: Elements) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """For each element a number for the tags and classes on its path, and for its own."""
    known: defaultdict[tuple[int, str | None], int] = defaultdict(count(1).__next__)
    of_key = list(map(known.__getitem__, map(TAG_AND_CLASS, found.keys)))
    own = np.append(np.array(of_key)[found.key], 0)
    path = own.astype(np.uint64) * SPREAD
    path ^= path >> np.uint64(29)
    factor = np.array([SPREAD])
    for leap in found.leaps:
        path += path.take(leap) * factor
        factor *= factor
    return path, own
