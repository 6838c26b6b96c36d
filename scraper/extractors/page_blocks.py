"""Segments of a page to blocks: each with its kind, its path and what HTML says about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cleaners.blocks import Block, Kind, Link, Markup
from scraper.extractors.columns import Columns
from scraper.extractors.elements import Elements, elements
from scraper.extractors.model.name_tokens import parts_of
from scraper.extractors.tags import HEADINGS, NAME, OTHER, among
from scraper.extractors.walk import ITEM, KINDS, Segments

# The deepest part of a path that is kept: real pages stay below, and deeper is an attack.
DEEPEST: Final = 48
LEVEL: Final[list[int]] = [HEADINGS.get(NAME.get(number, ""), 0) for number in range(256)]
IS_LIST: Final = among("ul", "ol", "dl")
CODE, HEADING = KINDS.index(Kind.CODE), KINDS.index(Kind.HEADING)


def blocks(page: Columns, segments: Segments) -> list[Block]:
    """The segments as blocks, in their order. Linear in the page."""
    layout = Layout(segments, elements(page, segments))
    return [layout.block(at) for at in range(len(segments.texts))]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """What blocks are made of, one by one, as they are asked for."""

    segments: Segments
    elements: Elements
    known: dict[int, tuple[tuple[str, ...], frozenset[str]]] = field(default_factory=dict)

    def block(self, at: int) -> Block:
        """The block of one segment; ``index`` is its place."""
        segments, found = self.segments, self.elements
        kind = int(segments.kind[at])
        box = int(found.box[at])
        path, hints = self._way(box)
        links = self._links(at) if kind != CODE else ()
        level = 0
        if kind == HEADING:
            level = self._heading(box)
        elif kind == ITEM:
            level = self._list_depth(int(found.around[at]))
        chars = sum([it.end - it.start for it in links])
        markup = Markup(path, chars, hints, level, links)
        return Block(at, KINDS[kind], segments.texts[at], markup, bool(segments.tight[at]))

    def hrefs(self, these: list[int]) -> tuple[str, ...]:
        """Where the links of some segments lead, in their order, each once."""
        segments, link = self.segments, self.elements.link
        chosen = np.array(these, dtype=np.intp)
        chosen = chosen[segments.kind[chosen] != CODE]
        change = np.zeros(len(link) + 1, dtype=np.int32)
        change[segments.start[chosen]] += 1
        change[segments.stop[chosen]] -= 1
        taken = link[(np.cumsum(change[:-1]) > 0) & segments.solid & (link >= 0)]
        return tuple(dict.fromkeys([self.elements.hrefs[it] for it in taken.tolist()]))

    def _way(self, number: int) -> tuple[tuple[str, ...], frozenset[str]]:
        """The path to an element, and the hints on the way."""
        known, found = self.known, self.elements
        way = []
        while number < len(found.key) and number not in known:
            way.append(number)
            number = int(found.up[number])
        path, hints = known.get(number, ((), frozenset()))
        for it in reversed(way):
            key, names = found.keys[found.key[it]], found.names_of(int(found.key[it]))
            said = {
                part
                for name in names[1:]
                for part in parts_of(name)
                if part[0] != "." and "-" not in part
            }
            # Most say nothing that was not said around them, and share one set.
            hints = hints if said <= hints else hints | said
            path = (*path[-DEEPEST:], _step(key[0], key[1], it))
            known[it] = path, hints
        return path, hints

    def _heading(self, number: int) -> int:
        """The level of the heading that an element is or stands in, 0 in none."""
        found = self.elements
        while number < len(found.key):
            level: int = LEVEL[found.keys[found.key[number]][0]]
            if level:
                return level
            number = int(found.up[number])
        return 0

    def _list_depth(self, number: int) -> int:
        found, depth = self.elements, 0
        while number < len(found.key):
            depth += bool(IS_LIST[found.keys[found.key[number]][0]])
            number = int(found.up[number])
        return depth

    def _links(self, at: int) -> tuple[Link, ...]:
        start, stop = int(self.segments.start[at]), int(self.segments.stop[at])
        link_of = self.elements.link[start:stop].tolist()
        if max(link_of) < 0:
            return ()
        text, hrefs = self.segments.texts[at], self.elements.hrefs
        if len(link_of) == 1 or link_of.count(link_of[0]) == len(link_of):
            return (Link(0, len(text), hrefs[link_of[0]]),)
        places: list[tuple[int, int, int]] = []
        end = 0
        for piece, link in zip(self.segments.pieces[start:stop], link_of, strict=True):
            words = " ".join(piece.split())
            begin = text.find(words, end) if words else -1
            if begin < 0:
                continue
            end = begin + len(words)
            if link < 0:
                continue
            if places and places[-1][0] == link:
                places[-1] = (link, places[-1][1], end)
            else:
                places.append((link, begin, end))
        return tuple([Link(begin, end, hrefs[link]) for link, begin, end in places])


def _step(tag: int, names: str | None, number: int) -> str:
    if number == 0:
        return "body"
    name = "custom" if tag == OTHER else NAME.get(tag, "other")
    first = (names or "").split(None, 1)
    return f"{name}.{first[0]}" if first else name
