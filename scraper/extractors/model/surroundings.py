"""What stands around each segment of a page, and what stands on the same kind of path."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from scraper.extractors.columns import Columns, Ints
from scraper.extractors.model.measured import Measured
from scraper.extractors.tags import HIGHEST, IS_BLOCK, among

# Elements whose inside is another matter than what is around them.
INSIDE: Final = {
    "nav": among("nav", "menu"), "aside": among("aside"), "header": among("header"),
    "footer": among("footer"), "form": among("form", "fieldset"), "article": among("article"),
    "main": among("main"), "section": among("section"), "table": among("table"),
    "list": among("ul", "ol"), "figure": among("figure"), "link": among("a"),
    "button": among("button", "select", "textarea", "label", "option"),
    "noscript": among("noscript"), "details": among("details"), "dialog": among("dialog"),
    "quote": among("blockquote"), "dl": among("dl"), "time": among("time"),
    "strong": among("b", "strong"), "em": among("em", "i"), "small": among("small"),
    "pre": among("pre", "code"), "heading": among("h1", "h2", "h3", "h4", "h5", "h6"),
}  # fmt: skip
# For each tag the kinds of elements that it is, a bit each.
KIND_BITS: Final = np.arange(len(INSIDE))
KINDS_OF_TAG: Final = sum(
    (table.astype(np.int64) << place for place, table in enumerate(INSIDE.values())),
    start=np.zeros(HIGHEST, dtype=np.int64),
)
# How many boxes up each of the nested ones is that the features describe.
LEVELS: Final = (1, 2, 3, 5, 8)
# The share of a page's prose that an element holds to be one of its main elements.
MAIN_SHARES: Final = (0.5, 0.8)
IS_LISTING: Final = among("ul", "ol", "table", "tbody", "dl", "nav", "select")


def _names() -> tuple[str, ...]:
    inside = [f"in.{it}" for it in INSIDE] + ["in.hidden"]
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


def surroundings(it: Measured) -> list[NDArray[np.generic]]:
    """The columns of ``NAMES``, each [n]."""
    return [*_inside(it), *_around(it), *_groups(it)]


def _inside(it: Measured) -> list[NDArray[np.generic]]:
    """Whether a segment stands in elements of each kind: more of them began than ended."""
    page, first = it.page, it.segments.first
    hidden = np.zeros(len(page.tag), dtype=np.bool_)
    held = page.holding(first)
    hidden[hidden_rows(page, held)] = True
    rows = np.flatnonzero((KINDS_OF_TAG[page.tag] != 0) | hidden)
    is_kind = ((KINDS_OF_TAG[page.tag[rows], None] >> KIND_BITS) & 1).astype(np.int32)
    is_kind = np.concatenate([is_kind, hidden[rows, None]], axis=1)
    none = np.zeros((1, is_kind.shape[1]), dtype=np.int32)
    begun = np.concatenate([none, np.cumsum(is_kind, axis=0, dtype=np.int32)])
    ends = page.end[rows]
    order = np.argsort(ends, kind="stable")
    ended = np.concatenate([none, np.cumsum(is_kind[order], axis=0, dtype=np.int32)])
    opened = begun[np.searchsorted(rows, first, side="right")]
    opened = opened - ended[np.searchsorted(ends[order], first, side="right")]
    return list((opened > 0).T)


def _around(it: Measured) -> list[NDArray[np.generic]]:
    page, n = it.page, it.n
    found: list[NDArray[np.generic]] = []
    total = max(1.0, float(it.sum_prose[-1]))
    order = np.arange(n)
    boxes = np.flatnonzero(IS_BLOCK[page.tag]).astype(np.int32)
    start, stop = it.span(boxes)
    held = it.sum_prose[stop] - it.sum_prose[start]
    for share in MAIN_SHARES:
        # The last in document order that holds enough is the deepest, and there is one: the body.
        enough = np.flatnonzero(held >= share * total)
        deepest = enough[np.argmax(page.depth[boxes[enough]])] if len(enough) else 0
        low, high = int(start[deepest]), int(stop[deepest])
        found += [
            (order >= low) & (order < high),
            np.log1p(np.maximum(0, low - order)),
            np.log1p(np.maximum(0, order - high + 1)),
        ]
    row = it.segments.box
    at = 0
    for level in LEVELS:
        while at < level:
            row = page.box[page.parent[row]]
            at += 1
        begin, end = it.span(row)
        chars = it.sum_chars[end] - it.sum_chars[begin]
        found += [
            (it.sum_prose[end] - it.sum_prose[begin]) / total,
            (it.sum_links[end] - it.sum_links[begin]) / np.maximum(1, chars),
            np.log1p(end - begin),
            np.log1p(chars),
            IS_LISTING[page.tag[row]],
        ]
    h1 = page.rows(among("h1"))
    after = np.searchsorted(h1, it.segments.first, side="right")
    nearest = np.searchsorted(it.segments.first, h1)
    gap = order - nearest[np.maximum(0, after - 1)] if len(h1) else np.full(n, n)
    found += [np.minimum(after, 3), np.log1p(np.maximum(0, gap)) * np.where(after > 0, 1, -1)]
    begin, end = it.span(page.box[page.parent[it.segments.box]])
    found.append(
        np.log1p((it.sum_prose[end] - it.sum_prose[begin] - it.prose) / np.maximum(1, end - begin))
    )
    return found


def _groups(it: Measured) -> list[NDArray[np.generic]]:
    """What stands on one kind of path, or in one class of element, on this page."""
    found: list[NDArray[np.generic]] = []
    path, own = signatures(it.page, it.page.holding(it.segments.first))
    for names_of in (path, own):
        which = names_of[it.segments.box]
        count = np.maximum(1, np.bincount(which))
        chars = np.bincount(which, weights=it.chars)
        links = np.bincount(which, weights=it.chars * it.links)
        prose = np.bincount(which, weights=it.prose)
        total = max(1.0, float(it.sum_prose[-1]))
        found += [
            np.log1p(count)[which], np.log1p(chars / count)[which],
            (links / np.maximum(1, chars))[which], (prose / total)[which],
        ]  # fmt: skip
    times: dict[str, int] = {}
    before = []
    for text in it.segments.texts:
        seen = times[text] = times.get(text, 0) + 1
        before.append(seen - 1)
    same = np.array([times[text] for text in it.segments.texts])
    of_page = (it.n, it.sum_chars[-1], it.sum_prose[-1])
    found += [np.log(same), np.log1p(before)]
    found += [np.full(it.n, np.log1p(value)) for value in of_page]
    found.append(np.full(it.n, it.sum_links[-1] / max(1.0, it.sum_chars[-1])))
    return found


def signatures(page: Columns, rows: Ints) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each of these rows a number for the tags and classes on its path, and for its own."""
    known: dict[tuple[int, str | None], int] = {}
    ways: dict[tuple[int, int], int] = {}
    own, path = [0] * len(page.parent), [0] * len(page.parent)
    tags, parents = page.tag[rows].tolist(), page.parent[rows].tolist()
    for row, tag, above in zip(rows.tolist(), tags, parents, strict=True):
        mine = own[row] = known.setdefault((tag, page.attributes[row].get("class")), len(known))
        path[row] = ways.setdefault((path[above], mine), len(ways) + 1)
    return np.array(path), np.array(own)


def hidden_rows(page: Columns, rows: Ints) -> Ints:
    """Those of the elements that a browser is told not to show."""
    found = [
        row
        for row in rows.tolist()
        if (attributes := page.attributes[row])
        and (
            "hidden" in attributes
            or ("style" in attributes and _is_hiding(attributes["style"] or ""))
        )
    ]
    return np.array(found, dtype=np.int32)


def _is_hiding(style: str) -> bool:
    said = style.lower().replace(" ", "")
    return "display:none" in said or "visibility:hidden" in said
