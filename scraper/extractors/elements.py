"""The elements that hold a page's text, with what they are called and where their links lead.

It outlives the tree: strings and arrays, no nodes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count, islice, repeat
from operator import attrgetter
from typing import Final, TypeAlias

import numpy as np

from scraper.extractors.columns import Attributes, Bools, Columns, Ints, Places, leaps, nearest
from scraper.extractors.tags import BIT, HIGHEST, NAME
from scraper.extractors.walk import IS_LINK, Segments

# What tells elements apart: the number of the tag, class, id, role, itemprop, data-testid.
Key: TypeAlias = tuple[int, str | None, str | None, str | None, str | None, str | None]
NAMED_BY: Final = ("class", "id", "role", "itemprop", "data-testid")
LONGEST_NAMES: Final = 400  # characters of one attribute
# The names of a page that come after so many others are passed over; the largest pages of the WCXB
# and news sets have at most 1,900.
MOST_NAMES: Final = 20_000
MOST_KINDS: Final = 5_000  # of elements that are told apart by their names
ATTRIBUTES: Final = attrgetter("attributes")
HIDING: Final = ("style", "hidden")
# Between the names of two kinds of elements; no attribute of a page holds a lone surrogate.
SEAM: Final = "\ud800"
OPENING: Final = tuple(f"<{NAME.get(it, 'custom')}" for it in range(HIGHEST))


@dataclass(frozen=True, slots=True, eq=False)
class Elements:
    """``m`` elements in document order, the body first, and past them one that is none, number
    ``m``, which stands above the body.

    ``up`` [m + 1] is the element around each, ``leaps`` are those one, two, four … steps up.
    ``key`` [m] counts in ``keys``: elements that say the same share one. What it is called, by its
    tag, as ``<div``, and by all names that it is given, stands in ``called`` from ``begin`` [k + 1]
    on, as places in ``names``. ``around`` [n] is the innermost element at the first text of each
    segment, ``box`` [n] its innermost block. ``link`` has for each piece of the segments the place
    in ``hrefs`` of its link, or -1.
    """

    up: Places
    leaps: list[Places]
    keys: list[Key]
    names: list[str]
    called: Ints
    begin: Ints
    key: Ints
    hidden: Bools
    around: Ints
    box: Ints
    link: Ints
    hrefs: list[str]

    def names_of(self, key: int) -> list[str]:
        """The names of one kind of element."""
        return [self.names[it] for it in self.called[self.begin[key] : self.begin[key + 1]]]

    def nearest(self, marked: Bools) -> Places:
        """For each element the nearest marked one at or above it, else ``m``."""
        return nearest(marked, self.up)


def elements(page: Columns, segments: Segments) -> Elements:
    """Those at or above the segments' first texts. Linear in the page."""
    rows = page.holding(segments.first)
    size = len(rows)
    number = np.zeros(len(page.tag), dtype=np.int32)
    number[rows] = np.arange(size, dtype=np.int32)
    up = np.append(number[page.parent[rows]].astype(np.intp), size)
    up[0] = size
    said = list(map(ATTRIBUTES, map(page.nodes.__getitem__, rows.tolist())))
    spoken_of: set[str] = set().union(*said)
    # Read by map and zip, which make the keys of thousands without a step in Python.
    of_key = [
        map(dict.get, said, repeat(name)) if name in spoken_of else repeat(None, size)
        for name in NAMED_BY
    ]
    # Whoever is new gets the next number.
    known: defaultdict[Key, int] = defaultdict(count().__next__)
    key = list(map(known.__getitem__, zip(page.tag[rows].tolist(), *of_key, strict=True)))
    hidden = np.zeros(size + 1, dtype=np.bool_)
    if not spoken_of.isdisjoint(HIDING):
        unsure = [at for at, it in enumerate(said) if "style" in it or "hidden" in it]
        hidden[[at for at in unsure if _is_hidden(said[at])]] = True
    names, called, begin = _names(known)
    link, hrefs = _links(page, segments, number, said)
    return Elements(
        up,
        leaps(up),
        list(known),
        names,
        called,
        begin,
        np.array(key, dtype=np.int32),
        hidden,
        number[page.parent[segments.first]],
        number[segments.box],
        link,
        hrefs,
    )


def _names(keys: Iterable[Key]) -> tuple[list[str], Ints, Ints]:
    """The tags of elements, and all names that they are given, each once; of which each kind has
    those whose places stand from its ``begin`` on.

    >>> names, called, begin = _names([(OPENING.index("<div"), "a b", None, "a", None, None)])
    >>> names, called.tolist(), begin.tolist()
    (['<div', 'a', 'b'], [0, 1, 2, 1], [0, 4])
    """
    tags, *said = zip(*keys, strict=True)
    said = [values[:MOST_KINDS] for values in said]
    if max(map(len, filter(None, chain.from_iterable(said))), default=0) > LONGEST_NAMES:
        said = [tuple([it and it[:LONGEST_NAMES] for it in values]) for values in said]
    opening = list(map(OPENING.__getitem__, tags))
    each = zip(repeat(SEAM), opening, *said, strict=False)
    further = zip(repeat(SEAM), opening[MOST_KINDS:], strict=False)
    words = " ".join(filter(None, chain.from_iterable(chain(each, further)))).split()
    # The seam is the first of the names, and stands before each kind and after the last.
    first = dict.fromkeys([SEAM, *map(OPENING.__getitem__, sorted(set(tags)))])
    names = defaultdict(count(len(first)).__next__, zip(first, count(), strict=False))
    called = np.array([*map(names.__getitem__, words), 0], dtype=np.int32)
    called = called[called <= MOST_NAMES]
    is_seam = called == 0
    begin = is_seam.nonzero()[0] - np.arange(len(tags) + 1)
    found = list(islice(names, 1, MOST_NAMES + 1))
    return found, called[~is_seam] - 1, begin.astype(np.int32)


def _is_hidden(attributes: Attributes) -> bool:
    """Whether a browser is told not to show the element."""
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if not style:
        return False
    said = style.lower().replace(" ", "")
    return "display:none" in said or "visibility:hidden" in said


def _links(
    page: Columns, segments: Segments, number: Ints, said: Sequence[Attributes]
) -> tuple[Ints, list[str]]:
    """Links do not nest in HTML, so the last that began before a piece is the one around it.

    What most of them say is known: of a row it is ``said[number[row]]``, where that is not 0.
    """
    none = np.full(len(segments.rows), -1, dtype=np.int32)
    linked = segments.solid & ((page.within[segments.rows] & BIT["link"]) != 0)
    rows = page.rows(IS_LINK)
    upto = page.upto(segments.rows[linked])
    rows = rows[upto[page.end[rows]] > upto[rows]]
    pairs = zip(rows.tolist(), number[rows].tolist(), strict=True)
    found = [(said[at] if at else page.attributes(row)).get("href") for row, at in pairs]
    leads = np.array([it is not None for it in found], dtype=np.bool_)
    rows = rows[leads]
    if not len(rows):
        return none, []
    last = np.searchsorted(rows, segments.rows, side="right").astype(np.int32) - 1
    link = np.where(page.inside(rows)[segments.rows], last, -1).astype(np.int32)
    return link, [it.strip() for it in found if it is not None]
