"""A page as columns to segments: every word that stands in the body goes into exactly one of them.

A segment is what a block will be made of. The walk leaves nothing out but what no browser shows as
text (scripts, styles, drawings); what is hidden or stands in ``<noscript>`` is a segment as well,
because some pages keep their story there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cleaners.blocks import Kind
from scraper.extractors.columns import Bools, Columns, Ints
from scraper.extractors.tags import (
    BLOCK_TAGS,
    CODE_TAGS,
    HEADINGS,
    HIGHEST,
    IS_BLOCK,
    IS_UNSEEN,
    NUMBER,
    OTHER,
    TEXT,
    among,
)

# They stand for <br> and for the start of a cell. No text of a page holds a lone surrogate.
BREAK = "\ud800"
CELL = "\ud801"
# A row whose text is longer than this holds prose: the table is there for the layout.
LONGEST_ROW = 600  # characters

IS_BR, IS_ROW, IS_CELL, IS_LINK = among("br"), among("tr"), among("td", "th"), among("a")
IS_TABLE, IS_LIST, IS_ITEM = among("table"), among("ul", "ol", "dl"), among("li", "dt", "dd")
IS_PRE = among(*CODE_TAGS)
HEADING_TAGS = np.zeros(HIGHEST, dtype=np.int32)
for _tag, _level in HEADINGS.items():
    HEADING_TAGS[NUMBER[_tag]] = _level
BREAKS_A_ROW = among(*(BLOCK_TAGS - {"td", "th"}), "br")
KINDS = tuple(Kind)
PARAGRAPH, ITEM, ROW = (KINDS.index(it) for it in (Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.TABLE))
# Where several are true of a segment, the last one counts.
KIND_TAGS = (
    (KINDS.index(Kind.QUOTE), among("blockquote")),
    (KINDS.index(Kind.CAPTION), among("figcaption", "caption")),
    (KINDS.index(Kind.HEADING), among(*HEADINGS)),
    (KINDS.index(Kind.CODE), IS_PRE),
)


@dataclass(frozen=True, slots=True)
class Segments:
    """The texts of a page in reading order, ``n`` of them, each with where it stands.

    ``box`` is the row of the element around it and ``first`` the row of its first text. ``lines``
    are the rows of the pieces that it was made of. ``kind`` counts in ``KINDS``. ``tight`` says
    that it follows on the one before without an empty line.
    """

    texts: list[str]
    lines: list[list[int]]
    first: Ints
    box: Ints
    kind: Ints
    tight: Bools


def walk(page: Columns) -> Segments:
    """Cut the body where a browser would start a new line of its own.

    Linear in the page, never recursive.
    """
    seen = ~page.inside(page.rows(IS_UNSEEN))
    in_row = _in_data_row(page)
    is_cell = IS_CELL[page.tag] & in_row
    is_br = IS_BR[page.tag]
    key = np.cumsum(_breaks(page, seen & ~is_cell))
    pieces = page.texts.copy()
    for mark, is_mark in ((BREAK, is_br), (CELL, is_cell)):
        for row in np.flatnonzero(is_mark & seen).tolist():
            pieces[row] = mark
    found = np.flatnonzero(((page.tag == TEXT) | is_br | is_cell) & seen)
    is_pre = page.inside(page.rows(IS_PRE))
    texts: list[str] = []
    lines: list[list[int]] = []
    follows: list[bool] = []
    rows = found.tolist()
    cuts = [*np.flatnonzero(np.diff(key[found], prepend=-1)).tolist(), len(rows)]
    for start, stop in pairwise(cuts):
        group = rows[start:stop]
        joined = "".join([pieces[row] for row in group])
        if BREAK not in joined and CELL not in joined and not is_pre[group[0]]:
            text = " ".join(joined.split())
            if text:
                texts.append(text)
                lines.append(group)
                follows.append(False)
        else:
            for line, text, follow in _lines(group, pieces, bool(is_pre[group[0]])):
                texts.append(text)
                lines.append(line)
                follows.append(follow)
    first = np.array([_first(line, pieces) for line in lines], dtype=np.int32)
    box = page.box[first]
    kind = _kinds(page, first, box, in_row)
    tight = _tight(page, first, kind) | np.array(follows, dtype=np.bool_)
    return Segments(texts, lines, first, box, kind, tight)


def _first(line: list[int], pieces: list[str]) -> int:
    for row in line:
        if pieces[row] != CELL and not pieces[row].isspace() and pieces[row]:
            return row
    return line[0]


def _lines(
    group: list[int], pieces: list[str], is_pre: bool
) -> Iterator[tuple[list[int], str, bool]]:
    """A group with <br> or cells in it; True where only one <br> stands before the line."""
    if is_pre:
        text = "".join([pieces[row] for row in group]).replace(BREAK, "\n").replace(CELL, "\t")
        text = text.strip("\r\n").rstrip()
        if text:
            yield group, text, False
        return
    line: list[int] = []
    follow = False
    for row in [*group, -1]:
        if row >= 0 and pieces[row] != BREAK:
            line.append(row)
            continue
        joined = "".join([pieces[it] for it in line])
        text = CELL.join(" ".join(cell.split()) for cell in joined.split(CELL)).strip(CELL)
        if text:
            yield line, text.replace(CELL, "\t"), follow
        follow = bool(text)
        line = []


def _breaks(page: Columns, seen: Bools) -> Ints:
    """How many lines of its own begin or end before each row."""
    is_block = IS_BLOCK[page.tag] & seen
    # An element that the standard does not know is a block when it holds one.
    count = np.concatenate([[0], np.cumsum(is_block)])
    unknown = np.flatnonzero((page.tag == OTHER) & seen)
    is_block[unknown[count[page.end[unknown]] > count[unknown]]] = True
    rows = np.flatnonzero(is_block)
    breaks = np.bincount(page.end[rows], minlength=len(page.tag) + 1)[:-1]
    breaks[rows] += 1
    return breaks.astype(np.int32)


def _in_data_row(page: Columns) -> Bools:
    """What stands in a table row that holds nothing but cells of plain text."""
    rows = page.rows(IS_ROW)
    if not len(rows):
        return np.zeros(len(page.tag), dtype=np.bool_)
    end = page.end[rows]
    blocks = np.concatenate([[0], np.cumsum(BREAKS_A_ROW[page.tag])])
    cells = np.concatenate([[0], np.cumsum(IS_CELL[page.tag])])
    length = np.concatenate([[0], np.cumsum([len(it) for it in page.texts])])
    plain = blocks[end] == blocks[rows + 1]
    several = cells[end] - cells[rows] > 1
    short = length[end] - length[rows] <= LONGEST_ROW
    return page.inside(rows[plain & several & short])


def _kinds(page: Columns, first: Ints, box: Ints, in_row: Bools) -> Ints:
    kind = np.full(len(first), PARAGRAPH, dtype=np.int32)
    # The first text of an item is the item, further paragraphs in it are paragraphs.
    items = page.rows(IS_ITEM)
    inside = page.inside(items)[first] if len(items) else np.zeros(len(first), dtype=np.bool_)
    if inside.any():
        # The item that opened last before a text; a text after a nested list belongs to none anew.
        item = np.searchsorted(items, first, side="right")
        kind[inside & (np.diff(item, prepend=0) > 0)] = ITEM
    for number, table in KIND_TAGS:
        rows = page.rows(table)
        if len(rows):
            kind[page.inside(rows)[first]] = number
    kind[in_row[first]] = ROW
    return kind


def _tight(page: Columns, first: Ints, kind: Ints) -> Bools:
    """An item after an item of the same outermost list, a row after a row of the same table."""
    tight = np.zeros(len(first), dtype=np.bool_)
    for table, number in ((IS_LIST, ITEM), (IS_TABLE, ROW)):
        rows = page.rows(table)
        if not len(rows):
            continue
        if number == ITEM:
            outer = rows[
                np.concatenate([[True], rows[1:] >= np.maximum.accumulate(page.end[rows])[:-1]])
            ]
        else:
            outer = rows
        which = np.searchsorted(outer, first, side="right")
        which[~page.inside(rows)[first]] = 0
        same = (which[1:] == which[:-1]) & (which[1:] > 0)
        tight[1:] |= same & (kind[1:] == number) & (kind[:-1] == number)
    return tight
