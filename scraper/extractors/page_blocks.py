"""Segments of a page to blocks: each with its kind, its path and what HTML says about it."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from cleaners.blocks import Block, Kind, Link, Markup
from scraper.extractors.columns import Attributes, Columns, Ints
from scraper.extractors.tags import HEADINGS, NAME, OTHER, TEXT
from scraper.extractors.walk import IS_LINK, IS_LIST, ITEM, KINDS, Segments

# The deepest part of a path that is kept: real pages stay below, and deeper is an attack.
DEEPEST: Final = 48
WORD: Final = re.compile(r"[a-z][a-z0-9]+|[A-Z]+(?![a-z])[0-9]*|[A-Z][a-z0-9]*")
LEVEL: Final = [HEADINGS.get(NAME.get(number, ""), 0) for number in range(256)]
SAID: Final = ("class", "id", "role", "itemprop")


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
    link_of = link_rows(page)
    in_lists = _list_depth(page)[segments.first].tolist()
    paths: dict[int, tuple[tuple[str, ...], frozenset[str]]] = {}
    words: dict[str, frozenset[str]] = {}
    found = []
    kinds, boxes, tight = segments.kind.tolist(), segments.box.tolist(), segments.tight.tolist()
    for index, (text, line) in enumerate(zip(segments.texts, segments.lines, strict=True)):
        kind = KINDS[kinds[index]]
        box = boxes[index]
        links = _links(text, [link_of[row] for row in line], line, page, kind)
        path, hints = _where(page, box, paths, words)
        level = (
            in_lists[index]
            if kinds[index] == ITEM
            else _level(page, box)
            if kind is Kind.HEADING
            else 0
        )
        chars = sum(it.end - it.start for it in links)
        markup = Markup(path, chars, hints, level, links)
        found.append(Block(index, kind, text, markup, tight[index]))
    return found


def _list_depth(page: Columns) -> Ints:
    rows = page.rows(IS_LIST)
    change = np.zeros(len(page.tag) + 1, dtype=np.int32)
    change[rows] = 1
    change -= np.bincount(page.end[rows], minlength=len(change)).astype(np.int32)
    return np.cumsum(change[:-1], dtype=np.int32)


def _level(page: Columns, box: int) -> int:
    row = box
    while row and not LEVEL[page.tag[row]]:
        row = int(page.parent[row])
    return LEVEL[page.tag[row]]


def _where(
    page: Columns,
    row: int,
    known: dict[int, tuple[tuple[str, ...], frozenset[str]]],
    words: dict[str, frozenset[str]],
) -> tuple[tuple[str, ...], frozenset[str]]:
    """The path to a row and the hints on the way; ``known`` and ``words`` are filled on the go."""
    way = []
    while row not in known and row:
        way.append(row)
        row = int(page.parent[row])
    path, hints = known.get(row, (("body",), _said(page.attributes[0], words)))
    if row == 0:
        known[0] = path, hints
    for it in reversed(way):
        attributes = page.attributes[it]
        path = (*path[-DEEPEST:], _step(page, it, attributes))
        if attributes:
            said = _said(attributes, words)
            if not said <= hints:
                hints = hints | said
        known[it] = path, hints
    return path, hints


def _step(page: Columns, row: int, attributes: Attributes) -> str:
    number = int(page.tag[row])
    name = "custom" if number == OTHER else NAME.get(number, "other")
    first = (attributes.get("class") or "").split(maxsplit=1)
    return f"{name}.{first[0]}" if first else name


def _said(attributes: Attributes, words: dict[str, frozenset[str]]) -> frozenset[str]:
    said = " ".join([value for name in SAID if (value := attributes.get(name))])
    found = words.get(said)
    if found is None:
        found = words[said] = frozenset([it.lower() for it in WORD.findall(said[:1000])])
    return found


def _links(
    text: str, link_of: list[int], line: list[int], page: Columns, kind: Kind
) -> tuple[Link, ...]:
    if max(link_of) < 0:
        return ()
    if kind is Kind.CODE:
        return ()
    places = []
    at = 0
    for row, link in zip(line, link_of, strict=True):
        if page.tag[row] != TEXT:
            continue
        words = " ".join(page.texts[row].split())
        if not words:
            continue
        start = text.find(words, at)
        if start < 0:
            continue
        at = start + len(words)
        if link < 0:
            continue
        href = (page.attributes[link].get("href") or "").strip()
        if places and places[-1][0] == link:
            places[-1] = (link, places[-1][1], at, href)
        else:
            places.append((link, start, at, href))
    return tuple([Link(start, end, href) for _, start, end, href in places])
