"""Segments of a page to blocks: each with its kind, its path and what HTML says about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np

from cleaners.blocks import Block, Kind, Link, Markup
from scraper.extractors.columns import Attributes, Columns, Ints
from scraper.extractors.tags import HEADINGS, NAME, OTHER
from scraper.extractors.walk import IS_LINK, IS_LIST, ITEM, KINDS, Segments

# The deepest part of a path that is kept: real pages stay below, and deeper is an attack.
DEEPEST: Final = 48
MOST_SAID: Final = 600  # characters of one element's names
WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
LEVEL: Final = [HEADINGS.get(NAME.get(number, ""), 0) for number in range(256)]
SAID: Final = ("class", "id", "role", "itemprop")
CODE, HEADING = KINDS.index(Kind.CODE), KINDS.index(Kind.HEADING)


def link_rows(page: Columns) -> Ints:
    """For each row the row of the link that it stands in, or -1. Links do not nest in HTML."""
    links = page.rows(IS_LINK)
    if not len(links):
        return np.full(len(page.tag), -1, dtype=np.int32)
    links = links[[page.attributes[row].get("href") is not None for row in links.tolist()]]
    at = np.zeros(len(page.tag), dtype=np.int32)
    at[links] = links
    return np.where(page.inside(links), np.maximum.accumulate(at), -1).astype(np.int32)


def blocks(page: Columns, segments: Segments) -> list[Block]:
    """The segments as blocks, in their order. Linear in the page."""
    link_of = link_rows(page).tolist()
    way = _Way(page.parent.tolist(), page.tag.tolist(), page.attributes)
    in_lists = _list_depth(page)[segments.first].tolist()
    found = []
    for index, (text, line, kind, box, level, tight) in enumerate(
        zip(
            segments.texts,
            segments.lines,
            segments.kind.tolist(),
            segments.box.tolist(),
            in_lists,
            segments.tight.tolist(),
            strict=True,
        )
    ):
        path, hints = way.to(box)
        links: tuple[Link, ...] = ()
        if kind != CODE:
            rows = [link_of[row] for row in line]
            if max(rows) >= 0:
                links = _links(text, rows, line, page)
        if kind == HEADING:
            level = way.heading(box)
        elif kind != ITEM:
            level = 0
        chars = sum([it.end - it.start for it in links])
        markup = Markup(path, chars, hints, level, links)
        found.append(Block(index, KINDS[kind], text, markup, tight))
    return found


def _list_depth(page: Columns) -> Ints:
    rows = page.rows(IS_LIST)
    change = np.zeros(len(page.tag) + 1, dtype=np.int32)
    change[rows] = 1
    change -= np.bincount(page.end[rows], minlength=len(change)).astype(np.int32)
    return np.cumsum(change[:-1], dtype=np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """The ways to elements, each found once; ``known``, ``names`` and ``sums`` fill on the go."""

    parents: list[int]
    tags: list[int]
    attributes: list[Attributes]
    known: dict[int, tuple[tuple[str, ...], frozenset[str]]] = field(default_factory=dict)
    sums: dict[tuple[frozenset[str], str], frozenset[str]] = field(default_factory=dict)

    def to(self, row: int) -> tuple[tuple[str, ...], frozenset[str]]:
        """The path to a row, and the hints on the way."""
        way = []
        while row and row not in self.known:
            way.append(row)
            row = self.parents[row]
        if row in self.known:
            path, hints = self.known[row]
        else:
            path, hints = self.known[0] = ("body",), self._more(frozenset(), self.attributes[0])
        for it in reversed(way):
            attributes = self.attributes[it]
            number = self.tags[it]
            name = "custom" if number == OTHER else NAME.get(number, "other")
            if attributes:
                said = attributes.get("class")
                if said:
                    first = said.split(None, 1)
                    if first:
                        name = f"{name}.{first[0]}"
                hints = self._more(hints, attributes)
            path = (*path[-DEEPEST:], name)
            self.known[it] = path, hints
        return path, hints

    def _more(self, hints: frozenset[str], attributes: Attributes) -> frozenset[str]:
        said = " ".join([value for name in SAID if (value := attributes.get(name))])
        if not said:
            return hints
        # Siblings mostly say the same, and a set of them all is made once.
        found = self.sums.get((hints, said))
        if found is None:
            words = {part for name in said[:MOST_SAID].split() for part in hints_in(name)}
            found = self.sums[hints, said] = hints if words <= hints else hints | words
        return found

    def heading(self, row: int) -> int:
        """The level of the heading that a row is or stands in, 0 in none."""
        while row and not LEVEL[self.tags[row]]:
            row = self.parents[row]
        return LEVEL[self.tags[row]]


@lru_cache(maxsize=50_000)
def hints_in(name: str) -> tuple[str, ...]:
    """The words in one name, lower case; hashes that a build tool made hold hardly any.

    >>> hints_in("shareBar_x9Qz")
    ('share', 'bar')
    """
    return tuple([it.lower() for it in WORD.findall(name) if len(it) > 2])


def _links(text: str, link_of: list[int], line: list[int], page: Columns) -> tuple[Link, ...]:
    if len(line) == 1 or (link_of[0] >= 0 and link_of.count(link_of[0]) == len(line)):
        return (Link(0, len(text), (page.attributes[link_of[0]].get("href") or "").strip()),)
    places: list[tuple[int, int, int]] = []
    at = 0
    for row, link in zip(line, link_of, strict=True):
        words = " ".join(page.texts[row].split())
        if not words:
            continue
        start = text.find(words, at)
        if start < 0:
            continue
        at = start + len(words)
        if link < 0:
            continue
        if places and places[-1][0] == link:
            places[-1] = (link, places[-1][1], at)
        else:
            places.append((link, start, at))
    return tuple(
        [
            Link(start, end, (page.attributes[link].get("href") or "").strip())
            for link, start, end in places
        ]
    )
