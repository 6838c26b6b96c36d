"""A page as columns to segments: every word that stands in the body goes into exactly one of them.

A segment is what a block will be made of. The walk leaves nothing out but what no browser shows as
text (scripts, styles, drawings); what is hidden or stands in ``<noscript>`` is a segment as well,
because some pages keep their story there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cleaners.blocks import Kind
from scraper.extractors.columns import Bools, Columns, Ints
from scraper.extractors.tags import (
    BIT,
    BLOCK_TAGS,
    HEADINGS,
    HIGHEST,
    IS_BLOCK,
    NUMBER,
    OTHER,
    TEXT,
    among,
)

# They stand for <br> and for the start of a cell. No text of a page holds a lone surrogate.
BREAK = "\ud800"
CELL = "\ud801"
SPACE = re.compile(r"\s")
PORTION = 1 << 16  # characters
# A row whose text is longer than this holds prose: the table is there for the layout.
LONGEST_ROW = 600  # characters

IS_BR, IS_ROW, IS_CELL, IS_LINK = among("br"), among("tr"), among("td", "th"), among("a")
IS_TABLE, IS_LIST, IS_ITEM = among("table"), among("ul", "ol", "dl"), among("li", "dt", "dd")
HEADING_TAGS = np.zeros(HIGHEST, dtype=np.int32)
for _tag, _level in HEADINGS.items():
    HEADING_TAGS[NUMBER[_tag]] = _level
BREAKS_A_ROW = among(*(BLOCK_TAGS - {"td", "th"}), "br")
KINDS = tuple(Kind)
PARAGRAPH, ITEM, ROW = (KINDS.index(it) for it in (Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.TABLE))
# Where several are true of a segment, the last one counts.
KIND_BITS = (
    (KINDS.index(Kind.QUOTE), BIT["quote"]),
    (KINDS.index(Kind.CAPTION), BIT["caption"]),
    (KINDS.index(Kind.HEADING), BIT["heading"]),
    (KINDS.index(Kind.CODE), BIT["code"]),
)


@dataclass(frozen=True, slots=True)
class Segments:
    """The texts of a page in reading order, ``n`` of them, each with where it stands.

    ``box`` is the row of the element around it and ``first`` the row of its first text. ``kind``
    counts in ``KINDS``. ``tight`` says that it follows on the one before without an empty line.
    A text was made of ``pieces`` from ``start`` up to ``stop``; ``rows`` are theirs, ``solid``
    those that are more than white space.
    """

    texts: list[str]
    first: Ints
    box: Ints
    kind: Ints
    tight: Bools
    start: Ints
    stop: Ints
    rows: Ints
    pieces: list[str]
    solid: Bools


def walk(page: Columns) -> Segments:
    """Cut the body where a browser would start a new line of its own.

    Linear in the page, never recursive.
    """
    seen = (page.within & BIT["unseen"]) == 0
    in_row = _in_data_row(page)
    is_cell = IS_CELL[page.tag] & in_row
    is_br = IS_BR[page.tag]
    key = np.cumsum(_breaks(page, seen & ~is_cell))
    rows = np.flatnonzero(((page.tag == TEXT) | is_br | is_cell) & seen).astype(np.int32)
    marked = page.tag[rows] != TEXT
    pieces = page.texts
    if len(pieces) < len(rows):
        # In between stand the marks.
        mixed = np.full(len(rows), CELL, dtype=np.object_)
        mixed[is_br[rows]] = BREAK
        mixed[~marked] = pieces
        pieces = mixed.tolist()
    solid = ~np.frombuffer(bytes(list(map(str.isspace, pieces))), dtype=np.bool_)
    solid &= ~marked
    is_code = (page.within[rows] & BIT["code"]) != 0
    texts, start_at, stop_at, follows = _cut(key[rows], pieces, solid, marked, is_code)
    # Every line of text holds a piece that is more than white space; code may begin with a break.
    filled = np.flatnonzero(solid | (marked & is_code & is_br[rows]))
    first = rows[filled[np.searchsorted(filled, start_at)]]
    kind = _kinds(page, first, in_row)
    tight = _tight(page, first, kind) | follows
    return Segments(
        texts, first, page.box[first], kind, tight, start_at, stop_at, rows, pieces, solid
    )


def _cut(
    key: Ints, pieces: list[str], solid: Bools, marked: Bools, is_code: Bools
) -> tuple[list[str], Ints, Ints, Bools]:
    """The texts that pieces make, each with its first piece and the one past its last; whether it
    follows on the one before. Pieces with one ``key`` stand in one line but for what is marked."""
    if not len(key):
        none = np.zeros(0, dtype=np.int32)
        return [], none, none, np.zeros(0, dtype=np.bool_)
    changes = np.flatnonzero(key[1:] != key[:-1]).astype(np.int32) + 1
    bounds = np.concatenate([[0], changes, [len(key)]], dtype=np.int32)
    start, stop = bounds[:-1], bounds[1:]
    held = np.logical_or.reduceat(solid, start)
    is_odd = np.logical_or.reduceat(marked | is_code, start)
    plain, odd = held & ~is_odd, held & is_odd
    begins, ends = start[plain].tolist(), stop[plain].tolist()
    texts = [
        pieces[at] if end - at == 1 else "".join(pieces[at:end])
        for at, end in zip(begins, ends, strict=True)
    ]
    if max(map(len, texts), default=0) > PORTION:
        texts = list(map(in_line, texts))
    else:
        texts = list(map(" ".join, map(str.split, texts)))
    lines = [
        line
        for at, end in zip(start[odd].tolist(), stop[odd].tolist(), strict=True)
        for line in _lines(at, end, pieces, bool(is_code[at]))
    ]
    if not lines and all(texts):
        return texts, start[plain], stop[plain], np.zeros(len(texts), dtype=np.bool_)
    spans = zip(begins, ends, texts, strict=True)
    lines += [(at, end, text, False) for at, end, text in spans if text]
    lines.sort()
    begun, ended = (np.array([line[side] for line in lines], dtype=np.int32) for side in (0, 1))
    follows = np.array([line[3] for line in lines], dtype=np.bool_)
    return [line[2] for line in lines], begun, ended, follows


def in_line(text: str) -> str:
    """The text with one space for all white space in it, and none around it.

    >>> in_line("  It rained\\n all day ")
    'It rained all day'
    """
    if len(text) <= PORTION:
        return " ".join(text.split())
    # The words of a long text take twenty times its memory, and are looked at in portions.
    cuts = [0]
    while (space := SPACE.search(text, cuts[-1] + PORTION)) is not None:
        cuts.append(space.start())
    parts = [" ".join(text[at:end].split()) for at, end in pairwise([*cuts, len(text)])]
    return " ".join([it for it in parts if it])


def _lines(
    start: int, stop: int, pieces: list[str], is_code: bool
) -> Iterator[tuple[int, int, str, bool]]:
    """A group with <br> or cells in it; True where only one <br> stands before the line."""
    if is_code:
        text = "".join(pieces[start:stop]).replace(BREAK, "\n").replace(CELL, "\t")
        text = text.strip("\r\n").rstrip()
        if text:
            yield start, stop, text, False
        return
    follow = False
    begin = start
    for at in range(start, stop + 1):
        if at < stop and pieces[at] != BREAK:
            continue
        joined = "".join(pieces[begin:at])
        text = CELL.join(map(in_line, joined.split(CELL))).strip(CELL)
        if text:
            yield begin, at, text.replace(CELL, "\t"), follow
        follow = bool(text)
        begin = at + 1


def _breaks(page: Columns, seen: Bools) -> Ints:
    """How many lines of its own begin or end before each row."""
    is_block = IS_BLOCK[page.tag] & seen
    # An element that the standard does not know is a block when it holds one.
    unknown = np.flatnonzero((page.tag == OTHER) & seen)
    if len(unknown):
        count = np.concatenate([[0], np.cumsum(is_block)])
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
    length = np.zeros(len(page.tag) + 1, dtype=np.int64)
    length[page.read + 1] = list(map(len, page.texts))
    length = np.cumsum(length)
    plain = blocks[end] == blocks[rows + 1]
    several = cells[end] - cells[rows] > 1
    short = length[end] - length[rows] <= LONGEST_ROW
    return page.inside(rows[plain & several & short])


def _kinds(page: Columns, first: Ints, in_row: Bools) -> Ints:
    kind = np.full(len(first), PARAGRAPH, dtype=np.int32)
    within = page.within[first]
    # The first text of an item is the item, further paragraphs in it are paragraphs.
    inside = (within & BIT["item"]) != 0
    if inside.any():
        # The item that opened last before a text; a text after a nested list belongs to none anew.
        item = np.searchsorted(page.rows(IS_ITEM), first, side="right")
        inside[0] &= item[0] > 0
        inside[1:] &= item[1:] > item[:-1]
        kind[inside] = ITEM
    for number, bit in KIND_BITS:
        kind[(within & bit) != 0] = number
    kind[in_row[first]] = ROW
    return kind


def _tight(page: Columns, first: Ints, kind: Ints) -> Bools:
    """An item after an item of the same outermost list, a row after a row of the same table."""
    tight = np.zeros(len(first), dtype=np.bool_)
    for table, bits, number in (
        (IS_LIST, BIT["list"] | BIT["dl"], ITEM),
        (IS_TABLE, BIT["table"], ROW),
    ):
        if not (kind == number).any():
            continue
        rows = page.rows(table)
        if number == ITEM and len(rows):
            inner = np.maximum.accumulate(page.end[rows])[:-1]
            rows = rows[np.concatenate([[True], rows[1:] >= inner])]
        which = np.searchsorted(rows, first, side="right")
        which[(page.within[first] & bits) == 0] = 0
        same = (which[1:] == which[:-1]) & (which[1:] > 0)
        tight[1:] |= same & (kind[1:] == number) & (kind[:-1] == number)
    return tight
