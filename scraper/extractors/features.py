"""What the model is told of each segment of a page: one row of numbers each, no language in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaners.labels import Label
from scraper.extractors import characters as ch
from scraper.extractors.columns import Columns, Ints
from scraper.extractors.page_blocks import link_rows
from scraper.extractors.place_labels import SUSPECTS
from scraper.extractors.said import NAMES as MARKS
from scraper.extractors.said import Said
from scraper.extractors.tags import IS_BLOCK, TEXT, among
from scraper.extractors.token_scores import TokenScores
from scraper.extractors.walk import HEADING_TAGS, KINDS, Segments

Floats: TypeAlias = NDArray[np.float32]

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
BOX_TAGS: Final = ("p", "div", "li", "td", "h1", "h2", "h3", "h4", "span", "dd", "button", "body")
# How many boxes up each of the nested ones is that the features describe.
LEVELS: Final = (1, 2, 3, 5, 8)
# A text so long, with so few links, is prose wherever it stands.
PROSE_CHARS: Final = 80
PROSE_LINKS: Final = 0.3
# The share of a page's prose that an element holds to be one of its main elements.
MAIN_SHARES: Final = (0.5, 0.8)


def features(
    page: Columns, segments: Segments, said: Said, suspected: Sequence[Label | None]
) -> Floats:
    """Float32 [n, f], all but what the tokens say, in the order of ``names()``. Linear."""
    it = _Measured(page, segments)
    columns: list[NDArray[np.generic]] = []
    columns += _own(it)
    columns += _inside(it)
    columns += _around(it)
    columns += _groups(it)
    columns += _told(it, said)
    columns += [np.full(it.n, value) for value in said.marks]
    columns += [np.array([label is one for label in suspected]) for one in SUSPECTS]
    return np.stack(columns, axis=1).astype(np.float32)


def names() -> tuple[str, ...]:
    """The names of the columns that ``features`` gives."""
    own = ["log_chars", "log_wide_chars", "words", "link_share", "has_link", "tight", "level"]
    own += [f"chars.{it}" for it in ch.CLASSES] + [
        "ends.end",
        "ends.clause",
        "starts.capital",
        "starts.sign",
    ]
    own += [f"kind.{it}" for it in KINDS] + [f"box.{it}" for it in BOX_TAGS]
    own += ["depth", "depth.median", "place", "place.chars", "from_end", "pieces"]
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
    told = ["in_title", "title_in", "description", "story", "has_story"]
    return (
        *own, *inside, *around, *groups, *told, *MARKS,
        *(f"place.{it}" for it in SUSPECTS), *TokenScores.NAMES,
    )  # fmt: skip


class _Measured:
    """What several groups of features need, computed once."""

    def __init__(self, page: Columns, segments: Segments) -> None:
        self.page, self.segments = page, segments
        self.n = len(segments.texts)
        self.counts = ch.counts(segments.texts)
        self.length = np.array([len(it) for it in segments.texts], dtype=np.float64)
        # A letter of Chinese says as much as two or three of English.
        self.chars = self.length + 1.5 * self.counts[:, ch.WIDE]
        self.links = linked_chars(page, segments) / np.maximum(1, self.length)
        self.prose = np.where(
            (self.chars >= PROSE_CHARS) & (self.links < PROSE_LINKS),
            self.chars * (1 - self.links),
            0.0,
        )
        self.sum_prose = _sums(self.prose)
        self.sum_chars = _sums(self.chars)
        self.sum_links = _sums(self.chars * self.links)
        self.first = segments.first

    def span(self, rows: Ints) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The segments that stand in these elements, from and to."""
        start = np.searchsorted(self.first, rows)
        stop = np.searchsorted(self.first, self.page.end[rows])
        return start, stop


def linked_chars(page: Columns, segments: Segments) -> NDArray[np.float64]:
    """How many characters of each segment stand in links, white space left out."""
    rows = np.fromiter(chain.from_iterable(segments.lines), dtype=np.int64)
    starts = np.cumsum([0] + [len(it) for it in segments.lines[:-1]])
    linked = (link_rows(page) >= 0)[rows] & (page.tag[rows] == TEXT)
    chars = np.zeros(len(rows))
    where = np.flatnonzero(linked)
    chars[where] = [len(" ".join(page.texts[row].split())) for row in rows[where].tolist()]
    return np.minimum(np.add.reduceat(chars, starts), [len(it) for it in segments.texts])


def _sums(values: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(values)])


def _own(it: _Measured) -> list[NDArray[np.generic]]:
    page, segments = it.page, it.segments
    texts = segments.texts
    last = ch.TABLE[[min(ord(text[-1]), 0xFFFF) for text in texts]]
    # A closing quote or bracket after the full stop does not count.
    start = ch.TABLE[[min(ord(text[0]), 0xFFFF) for text in texts]]
    before_last = ch.TABLE[[min(ord(text[-2:][0]), 0xFFFF) for text in texts]]
    ends = ((last >> ch.END) & 1) | (((last >> ch.QUOTE) & 1) & ((before_last >> ch.END) & 1))
    share = it.counts / np.maximum(1, it.length)[:, None]
    depth = page.depth[segments.box]
    place = np.arange(it.n) / max(1, it.n - 1)
    total = max(1.0, float(it.sum_chars[-1]))
    box = page.tag[segments.box]
    return [
        np.log1p(it.length), np.log1p(it.chars), np.log1p(it.counts[:, ch.SPACE]),
        it.links, it.links > 0, segments.tight, HEADING_TAGS[page.tag[segments.box]],
        *share.T, ends, (last >> ch.CLAUSE) & 1, (start >> ch.CAPITAL) & 1, (start >> ch.SIGN) & 1,
        *[segments.kind == kind for kind in range(len(KINDS))],
        *[among(tag)[box] for tag in BOX_TAGS],
        depth, depth - np.median(depth), place, it.sum_chars[:-1] / total,
        np.log1p(it.n - np.arange(it.n)), np.log1p([len(line) for line in segments.lines]),
    ]  # fmt: skip


def hidden_rows(page: Columns) -> Ints:
    """Elements that a browser is told not to show."""
    found = [
        row
        for row, attributes in enumerate(page.attributes)
        if attributes
        and (
            "hidden" in attributes
            or ("style" in attributes and _is_hiding(attributes["style"] or ""))
        )
    ]
    return np.array(found, dtype=np.int32)


def _is_hiding(style: str) -> bool:
    said = style.lower().replace(" ", "")
    return "display:none" in said or "visibility:hidden" in said


def _inside(it: _Measured) -> list[NDArray[np.generic]]:
    found: list[NDArray[np.generic]] = []
    nowhere = np.zeros(it.n, dtype=np.bool_)
    for table in INSIDE.values():
        rows = it.page.rows(table)
        found.append(it.page.inside(rows)[it.first] if len(rows) else nowhere)
    found.append(it.page.inside(hidden_rows(it.page))[it.first])
    return found


def _around(it: _Measured) -> list[NDArray[np.generic]]:
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
    after = np.searchsorted(h1, it.first, side="right")
    nearest = np.searchsorted(it.first, h1)
    gap = order - nearest[np.maximum(0, after - 1)] if len(h1) else np.full(n, n)
    found += [np.minimum(after, 3), np.log1p(np.maximum(0, gap)) * np.where(after > 0, 1, -1)]
    begin, end = it.span(page.box[page.parent[it.segments.box]])
    found.append(
        np.log1p((it.sum_prose[end] - it.sum_prose[begin] - it.prose) / np.maximum(1, end - begin))
    )
    return found


IS_LISTING: Final = among("ul", "ol", "table", "tbody", "dl", "nav", "select")


def _groups(it: _Measured) -> list[NDArray[np.generic]]:
    """What stands on one kind of path, or in one class of element, on this page."""
    found: list[NDArray[np.generic]] = []
    path, own = signatures(it.page)
    for names_of in (path, own):
        _, which = np.unique(names_of[it.segments.box], return_inverse=True)
        count = np.bincount(which)
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


def signatures(page: Columns) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each row a number for the tags and classes on its path, and one for its own."""
    known: dict[tuple[int, str | None], int] = {}
    own = np.array(
        [
            known.setdefault((tag, attributes.get("class")), len(known) + 1)
            for tag, attributes in zip(page.tag.tolist(), page.attributes, strict=True)
        ],
        dtype=np.int64,
    )
    path = own * 0x9E3779B97F4A7C1 % 0x1FFFFFFFFFFFFFFF
    for rows in levels(page.depth)[1:]:
        path[rows] += (path[page.parent[rows]] * 31) % 0x1FFFFFFFFFFFFFFF
    return path, own


def levels(depth: Ints) -> list[NDArray[np.intp]]:
    """The rows of each depth, from the outside in."""
    order = np.argsort(depth, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(depth[order])) + 1)


def _told(it: _Measured, said: Said) -> list[NDArray[np.generic]]:
    texts = it.segments.texts
    title, description = said.title.lower(), said.description.lower()
    story = " ".join(said.story.split())
    lower = [text.lower() if len(text) < 400 else "" for text in texts]
    return [
        np.array([len(text) > 8 and text in title for text in lower]),
        np.array(
            [len(title) > 8 and title[: len(text)] == text and len(text) > 12 for text in lower]
        ),
        np.array([len(text) > 20 and text[:60] in description for text in lower]),
        np.array([text[:80] in story for text in texts]) if story else np.zeros(it.n),
        np.full(it.n, bool(story)),
    ]
