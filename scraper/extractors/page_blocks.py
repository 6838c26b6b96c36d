"""Segments of a page to blocks: each with its kind, its path and what HTML says about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cleaners.blocks import Block, Kind, Link, Markup
from scraper.extractors.columns import Attributes, Columns, Ints
from scraper.extractors.model.token_scores import Names, names_of
from scraper.extractors.tags import HEADINGS, NAME, OTHER
from scraper.extractors.walk import IS_LINK, IS_LIST, ITEM, KINDS, Segments

# The deepest part of a path that is kept: real pages stay below, and deeper is an attack.
DEEPEST: Final = 48
LEVEL: Final = [HEADINGS.get(NAME.get(number, ""), 0) for number in range(256)]
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


def blocks(page: Columns, segments: Segments, names: Names | None = None) -> list[Block]:
    """The segments as blocks, in their order; ``names`` are those of the page, where they are
    known already. Linear in the page."""
    names = names or names_of(page, segments.first)
    link_of = link_rows(page).tolist()
    way = _Way(page.tag.tolist(), page.attributes, names)
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
    """The ways to elements, each found once; ``known`` and ``sums`` fill on the go.

    A way is a path and the place of its hints in ``hints``.
    """

    tags: list[int]
    attributes: list[Attributes]
    names: Names
    known: dict[int, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    hints: list[frozenset[str]] = field(default_factory=lambda: [frozenset()])
    sums: dict[tuple[int, int], int] = field(default_factory=dict)

    def to(self, row: int) -> tuple[tuple[str, ...], frozenset[str]]:
        """The path to a row, and the hints on the way."""
        known, parents = self.known, self.names.parents
        way = []
        while row and row not in known:
            way.append(row)
            row = parents[row]
        if row in known:
            path, hints = known[row]
        else:
            path, hints = known[0] = ("body",), self._more(0, self.names.keys[0])
        for it in reversed(way):
            number = self.tags[it]
            name = "custom" if number == OTHER else NAME.get(number, "other")
            attributes = self.attributes[it]
            if attributes:
                first = (attributes.get("class") or "").split(None, 1)
                if first:
                    name = f"{name}.{first[0]}"
                hints = self._more(hints, self.names.keys[it])
            path = (*path[-DEEPEST:], name)
            known[it] = path, hints
        return path, self.hints[hints]

    def _more(self, hints: int, key: int) -> int:
        # Siblings mostly say the same, and a set of what was said on the way is made once.
        found = self.sums.get((hints, key))
        if found is None:
            before = self.hints[hints]
            said = {it for it in self.names.tokens[key] if it[0] not in "<." and "-" not in it}
            found = hints
            if not said <= before:
                found = len(self.hints)
                self.hints.append(before | said)
            self.sums[hints, key] = found
        return found

    def heading(self, row: int) -> int:
        """The level of the heading that a row is or stands in, 0 in none."""
        while row and not LEVEL[self.tags[row]]:
            row = self.names.parents[row]
        return LEVEL[self.tags[row]]


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
