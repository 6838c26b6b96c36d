"""Goes through a tree of sitemaps without going round in circles: says which one is next.

It fetches nothing: whoever does gives each map back with ``seen``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scraper.errors import SourceError
from scraper.sources.canonical import absolute, canonicalize
from scraper.sources.sitemaps import Sitemap

DEEPEST = 5  # sitemaps.org allows one index over maps; the largest publishers nest three
MOST_MAPS = 1_000


@dataclass(frozen=True, slots=True)
class Walk:
    """``waiting`` holds addresses of maps with their depth, the next one first."""

    waiting: tuple[tuple[str, int], ...] = ()
    known: frozenset[str] = frozenset()  # canonical addresses of all maps that ever waited
    notes: tuple[str, ...] = ()


def begin(maps: Iterable[str]) -> Walk:
    """A walk from the given maps; what is no web address is noted, not raised."""
    return _add(Walk(), maps, 0, "given")


def seen(walk: Walk, found: Sitemap) -> Walk:
    """The walk after ``walk.waiting[0]`` has been read as ``found``."""
    (where, depth), *rest = walk.waiting
    notes = walk.notes + tuple(f"{where}: {it}" for it in found.notes)
    after = replace(walk, waiting=tuple(rest), notes=notes)
    return _add(after, (it.url for it in found.children), depth + 1, where)


def skipped(walk: Walk, why: str) -> Walk:
    """The walk after ``walk.waiting[0]`` could not be read."""
    where = walk.waiting[0][0]
    return replace(walk, waiting=walk.waiting[1:], notes=(*walk.notes, f"{where}: {why}"))


def _add(walk: Walk, maps: Iterable[str], depth: int, where: str) -> Walk:
    waiting = list(walk.waiting)
    known = set(walk.known)
    notes = list(walk.notes)
    again = beyond = 0
    for it in maps:
        try:
            url, key = absolute(it), canonicalize(it)
        except SourceError as error:
            notes.append(str(error))
            continue
        if key in known:
            again += 1
        elif depth > DEEPEST or len(known) >= MOST_MAPS:
            beyond += 1
        else:
            known.add(key)
            waiting.append((url, depth))
    if again:
        notes.append(f"{where}: names {again} maps that were known already")
    if beyond:
        limit = f"deeper than {DEEPEST}" if depth > DEEPEST else f"more than {MOST_MAPS} maps"
        notes.append(f"{where}: {beyond} maps left out, {limit}")
    return Walk(tuple(waiting), frozenset(known), tuple(notes))
