"""Recognizes news agencies: in author fields by their name, in stories by their credit line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from tomllib import loads

# A dateline ends within the first 120 characters of a story, a credit within the last 200.
DATELINE = 120
CREDIT = 200


@dataclass(frozen=True, slots=True)
class Agency:
    """``hits`` and ``misses`` are lines that must and must not be recognized as a credit."""

    name: str
    names: tuple[str, ...]
    marks: tuple[str, ...]
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


@cache
def agencies() -> tuple[Agency, ...]:
    """Our list of agencies, in its order."""
    source = files("scraper.extractors").joinpath("data/agencies.toml").read_text("utf-8")
    return tuple(
        Agency(
            it["name"], *(tuple(it.get(key, ())) for key in ("names", "marks", "hits", "misses"))
        )
        for it in loads(source)["agency"]
    )


def agency_named(name: str) -> str | None:
    """The agency whose whole name this is, or the first of those that a slash joins.

    >>> agency_named("The Associated Press"), agency_named("dpa/AFP"), agency_named("Ada Example")
    ('AP', 'dpa', None)
    """
    known = _by_name()
    whole = known.get(_folded(name))
    if whole is not None or "/" not in name:
        return whole
    parts = [known.get(_folded(it)) for it in name.split("/")]
    return parts[0] if all(parts) else None


def credited_agency(text: str) -> tuple[str, str] | None:
    """The agency that the first or the last lines of a story credit, and the words that say so.

    A mark counts only where a credit stands: "(AP) —" before a story, "(dpa)" or "© AFP" after it.

    >>> credited_agency("Berlin (dpa) - Die Regierung berät am Freitag.")
    ('dpa', '(dpa) -')
    """
    lines = text.strip()
    if not lines:
        return None
    start = _at_start().search(lines[:DATELINE])
    if start:
        return _by_mark()[start.group("mark")], start.group().strip()
    tail = lines[-CREDIT:]
    end = _at_end().search(tail)
    if end:
        mark = next(it for it in end.groupdict().values() if it)
        return _by_mark()[mark], end.group().strip()
    said = _SAID.search(tail) or _SAID.search(lines[:DATELINE])
    if said:
        name = agency_named(said.group(1))
        if name is not None:
            return name, said.group()
    return None


@cache
def _by_name() -> dict[str, str]:
    return {_folded(each): it.name for it in agencies() for each in (it.name, *it.names)}


@cache
def _by_mark() -> dict[str, str]:
    return {each: it.name for it in agencies() for each in it.marks}


def _marks() -> str:
    return "|".join(sorted(map(re.escape, _by_mark()), key=len, reverse=True))


_DASH = r"(?:--?|–|—|=|\.-)"


@cache
def _at_start() -> re.Pattern[str]:
    """A place, sometimes a day, then the mark: in brackets, between slashes, or before a dash."""
    marks = _marks()
    more = r"(?:[/,;\s-]{1,2}\w{1,12}){0,3}"
    return re.compile(
        # "(AP) —", "(dpa/bb) -", "(SID) Der", "(Xinhua) --", "(ANI):", "(서울=연합뉴스)", "（中央社台北3日電）"
        rf"^(?:[^(（/.。]|\.(?!\s[A-ZА-Я][a-zа-я]{{3}}.{{0,40}}[(])){{0,90}}"
        rf"(?:[(（](?:[^)）]{{0,12}}[=/])?(?P<mark>{marks})(?:{more}[)）]|[^)）\w]{{0,3}}[^)）]{{0,12}}[電电][)）])"
        rf"\s{{0,2}}(?:{_DASH}|[.:]|(?=[^\W\d_]))?)"
    )


@cache
def _at_end() -> re.Pattern[str]:
    marks = _marks()
    return re.compile(
        rf"(?:[(（\[/](?:©\s?)?(?P<a>{marks})(?:[/,;\s]{{1,2}}[\w.]{{1,12}}){{0,3}}[)）\]/]\s*\.?\s*$)"
        rf"|(?:(?:©|\(c\)|Copyright)\s?(?:\d{{4}}\s)?(?P<b>{marks})(?!\w))"
    )


_SAID = re.compile(
    r"(?:Quelle|Source|Fuente|Fonte|Kaynak|Источник|Kilde|Källa|Bron|report by|[Ww]ith files from|— ?|^)\s*:?\s*"
    r"(The Associated Press|The Canadian Press|[A-ZČА-Я][\w ./-]{1,30}|dpa[\w-]*|epd|afp)"
    r"(?= contributed to this report| was first published|\s*\.?\s*$)",
    re.MULTILINE,
)


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(it for it in plain if it.isalnum())


def folded(names: Iterable[str]) -> frozenset[str]:
    """Names as letters and digits only, for comparing."""
    return frozenset(filter(None, map(_folded, names)))
