"""An HTML tree as columns: one row for each node of the body, in document order.

A span of rows is an element, so that "inside of" is a difference of prefix sums and no stage has
to go through the tree again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress
from operator import attrgetter
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extractors.tags import BIT, HIGHEST, IS_BLOCK, NUMBER, OPENS, OTHER, TEXT

Ints: TypeAlias = NDArray[np.int32]
Places: TypeAlias = NDArray[np.intp]  # what numpy looks up without a copy
Bools: TypeAlias = NDArray[np.bool_]
Attributes: TypeAlias = Mapping[str, str | None]

# Read by map, which goes through thousands of nodes without a step in Python.
TAG_ID, CONTENT = attrgetter("tag_id"), attrgetter("text_content")
PARENT_ID = attrgetter("parent.mem_id")
# The source of a formula, which stands beside what a browser shows of it.
ANNOTATION = NUMBER["annotation-xml"]
SLOTS = 1 << 16  # for the addresses of nodes; a page of 4 MB in memory has none in the same


@dataclass(frozen=True, slots=True)
class Columns:
    """Row 0 is the body. Arrays have one entry for each row, ``n`` in all.

    ``end`` is one past the last row of an element; ``box`` is the nearest row at or above this one
    that a browser shows as a block; ``within`` has the bits (``tags.BIT``) of all places that the
    row stands in. ``texts`` are those of the rows ``read``, which a browser shows; a script is
    long. ``nodes`` live as long as the tree does.
    """

    tag: Places
    parent: Places
    depth: Ints
    end: Ints
    box: Ints
    within: Ints
    read: Ints
    texts: list[str]
    nodes: list[LexborNode]

    def inside(self, elements: Ints) -> Bools:
        """Which rows stand in one of these elements, the elements included."""
        change = np.zeros(len(self.tag) + 1, dtype=np.int32)
        change[elements] = 1
        change -= np.bincount(self.end[elements], minlength=len(change)).astype(np.int32)
        return np.cumsum(change[:-1], dtype=np.int32) > 0

    def upto(self, rows: Ints) -> Ints:
        """How many of these rows, each given once, stand before each row, [n + 1]: what an element
        holds of them is ``upto[end] - upto[row]``."""
        is_one = np.zeros(len(self.tag) + 1, dtype=np.int32)
        is_one[rows + 1] = 1
        return np.cumsum(is_one, dtype=np.int32)

    def holding(self, texts: Ints) -> Ints:
        """The elements that hold at least one of these rows, sorted, and the body.

        Half of a page's elements are pictures, icons and empty boxes: nothing is asked of them.
        """
        upto = self.upto(texts)
        held = (upto[self.end] > upto[:-1]) & (self.tag != TEXT)
        held[0] = True
        return np.flatnonzero(held).astype(np.int32)

    def rows(self, table: Bools) -> Ints:
        """The rows whose tag is marked in ``table``, bool [256]."""
        return np.flatnonzero(table.take(self.tag)).astype(np.int32)

    def attributes(self, row: int) -> Attributes:
        """What an element says of itself: read from the tree, as most are never asked for."""
        return self.nodes[row].attributes


def columns(tree: LexborHTMLParser) -> Columns | None:
    """The body of a parsed page, or None when it has none (a frame set).

    Linear in the number of nodes; the tree is left as it is.
    """
    body = tree.body
    if body is None:
        return None
    nodes = list(body.traverse(include_text=True))
    size = len(nodes)
    tag = _tags(nodes)
    parent = _parents(nodes)
    jumps = leaps(parent)
    depth = _depth(jumps, size)
    within = OPENS.take(tag)
    for jump in jumps:
        within |= within.take(jump)
    end = _end(jumps, depth)
    box = nearest(IS_BLOCK.take(tag), parent).astype(np.int32)
    is_read = (tag == TEXT) & ((within & BIT["unseen"]) == 0)
    texts = list(map(CONTENT, compress(nodes, is_read.tolist())))
    read = is_read.nonzero()[0].astype(np.int32)
    return Columns(tag, parent, depth, end, box, within, read, texts, nodes)


def _tags(nodes: list[LexborNode]) -> Places:
    """The number of each node's tag."""
    said = list(map(TAG_ID, nodes))
    try:
        # Bytes are made of small numbers in a fifth of the time that an array takes.
        return np.frombuffer(bytes(said), dtype=np.uint8).astype(np.intp)
    except ValueError:
        tag = np.array(said, dtype=np.intp)
    # The number of an element that lexbor does not know is an address in memory.
    for row in (tag >= HIGHEST).nonzero()[0].tolist():
        tag[row] = ANNOTATION if nodes[row].tag == "annotation" else OTHER
    return tag


def _parents(nodes: list[LexborNode]) -> Places:
    """The row of each node's parent; the body's own has none and counts as the body."""
    size = len(nodes)
    try:
        above = np.fromiter(map(PARENT_ID, nodes), dtype=np.int64, count=size)
    except AttributeError:
        # On broken pages a node may have none.
        known = [it.parent.mem_id if it.parent is not None else 0 for it in nodes]
        above = np.array(known, dtype=np.int64)
    above[0] = 0
    # The first node below another stands right after it. Most parents have a slot of their own:
    # nodes are larger than 64 bytes and lie close together.
    slot = np.empty(SLOTS, dtype=np.int32)
    slot[(above[::-1] >> 6) & (SLOTS - 1)] = np.arange(size - 1, -1, -1)
    first = slot.take((above >> 6) & (SLOTS - 1)).astype(np.intp)
    lost = (above.take(first) != above).nonzero()[0]
    if len(lost):
        order = above.argsort(kind="stable")
        first[lost] = order.take(above.take(order).searchsorted(above[lost]))
    first[above == 0] = 1
    return first - 1


def leaps(parent: Places) -> list[Places]:
    """For each row its ancestor one, two, four, eight … steps up, as far as the deepest needs.

    Whatever adds up along the way to the root is found in as many steps as a depth has bits
    (pointer jumping, Wyllie 1979). The root, row 0 or the last one, is its own parent.
    """
    found = [parent]
    while True:
        farther = found[-1].take(found[-1])
        if (farther == found[-1]).all():
            return found
        found.append(farther)


def nearest(marked: Bools, parent: Places) -> Places:
    """For each row the nearest marked one at or above it, else the root."""
    found = np.where(marked, np.arange(len(parent)), parent)
    while True:
        farther = found.take(found)
        if (farther == found).all():
            return found
        found = farther


def _depth(jumps: list[Places], size: int) -> Ints:
    depth = np.ones(size, dtype=np.int32)
    depth[0] = 0
    for jump in jumps:
        depth += depth.take(jump)
    return depth


def _end(jumps: list[Places], depth: Ints) -> Ints:
    """An element ends where the next of its depth begins, and at the latest where its parent
    ends."""
    size = len(depth)
    # numpy sorts numbers of 16 bits by their digits, in linear time.
    order = np.argsort(depth.astype(np.int16) if size < 1 << 15 else depth, kind="stable")
    sorted_depth = depth[order]
    is_next = sorted_depth[1:] == sorted_depth[:-1]
    end = np.full(size, size, dtype=np.int32)
    end[order[:-1][is_next]] = order[1:][is_next]
    for jump in jumps:
        np.minimum(end, end.take(jump), out=end)
    return end
