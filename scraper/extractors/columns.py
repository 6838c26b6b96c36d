"""An HTML tree as columns: one row for each node of the body, in document order.

A span of rows is an element, so that "inside of" is a difference of prefix sums and no stage has
to go through the tree again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser

from scraper.extractors.tags import HIGHEST, IS_BLOCK, NUMBER, OTHER, TEXT

Ints: TypeAlias = NDArray[np.int32]
Bools: TypeAlias = NDArray[np.bool_]
Attributes: TypeAlias = Mapping[str, str | None]

NO_ATTRIBUTES: Attributes = {}
# The source of a formula, which stands beside what a browser shows of it.
ANNOTATION = NUMBER["annotation-xml"]


@dataclass(frozen=True, slots=True)
class Columns:
    """Row 0 is the body. Arrays have one entry for each row, ``n`` in all.

    ``end`` is one past the last row of an element; ``box`` is the nearest row at or above this one
    that a browser shows as a block. ``texts`` is empty on elements, ``attributes`` on texts.
    """

    tag: Ints
    parent: Ints
    depth: Ints
    end: Ints
    box: Ints
    texts: list[str]
    attributes: list[Attributes]

    def inside(self, elements: Ints) -> Bools:
        """Which rows stand in one of these elements, the elements included."""
        change = np.zeros(len(self.tag) + 1, dtype=np.int32)
        change[elements] = 1
        change -= np.bincount(self.end[elements], minlength=len(change)).astype(np.int32)
        return np.cumsum(change[:-1], dtype=np.int32) > 0

    def holding(self, texts: Ints) -> Ints:
        """The elements that hold at least one of these rows, sorted themselves, and the body.

        Half of a page's elements are pictures, icons and empty boxes: nothing is asked of them.
        """
        upto = np.searchsorted(texts, np.arange(len(self.tag) + 1))
        held = (upto[self.end] > upto[:-1]) & (self.tag != TEXT)
        held[0] = True
        return np.flatnonzero(held).astype(np.int32)

    def rows(self, table: Bools) -> Ints:
        """The rows whose tag is marked in ``table``, bool [256]."""
        return np.flatnonzero(table[self.tag]).astype(np.int32)


def columns(tree: LexborHTMLParser) -> Columns | None:
    """The body of a parsed page, or None when it has none (a frame set).

    Linear in the number of nodes; the tree is left as it is.
    """
    body = tree.body
    if body is None:
        return None
    nodes = list(body.traverse(include_text=True))
    tag = np.array([node.tag_id for node in nodes], dtype=np.int64)
    # The number of an element that lexbor does not know is an address in memory.
    for row in np.flatnonzero(tag >= HIGHEST).tolist():
        tag[row] = ANNOTATION if nodes[row].tag == "annotation" else OTHER
    place = {node.mem_id: row for row, node in enumerate(nodes)}
    above = [node.parent for node in nodes[1:]]
    parents = [0, *[place[node.mem_id] if node else 0 for node in above]]
    texts, attributes = [""] * len(nodes), [NO_ATTRIBUTES] * len(nodes)
    for row in np.flatnonzero(tag == TEXT).tolist():
        texts[row] = nodes[row].text_content or ""
    for row in np.flatnonzero(tag != TEXT).tolist():
        attributes[row] = nodes[row].attributes
    depth, box, end = _shape(parents, IS_BLOCK[tag].tolist())
    return Columns(
        tag.astype(np.int32),
        np.array(parents, dtype=np.int32),
        np.array(depth, dtype=np.int32),
        np.array(end, dtype=np.int32),
        np.array(box, dtype=np.int32),
        texts,
        attributes,
    )


def _shape(parents: list[int], is_block: list[bool]) -> tuple[list[int], list[int], list[int]]:
    depth, box = [0], [0]
    for row, above in enumerate(parents[1:], 1):
        depth.append(depth[above] + 1)
        box.append(row if is_block[row] else box[above])
    end = list(range(1, len(parents) + 1))
    for row in range(len(parents) - 1, 0, -1):
        above = parents[row]
        if end[above] < end[row]:
            end[above] = end[row]
    return depth, box, end
