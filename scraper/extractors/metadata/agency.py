"""Recognizes news agencies: in author fields by their name, in stories by their credit line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from tomllib import loads

from cleaners.blocks import Kind
from cleaners.labels import Cleaned, Label, Laid

# A dateline ends within the first 120 characters of a story, a credit within the last 200.
DATELINE = 120
CREDIT = 200
BELOW = 5  # blocks after the story in which a credit still belongs to it


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
    ('dpa', 'Berlin (dpa) -')
    """
    story = text.strip()
    start, tail = story[:DATELINE], story[-CREDIT:]
    for pattern, place in ((_at_start(), start), (_at_end(), tail)):
        found = pattern.search(place)
        if found:
            mark = next(it for it in found.groups() if it)
            return _by_mark()[mark], found.group().strip()
    lines = story.split("\n")
    for line in (lines[-1], lines[0]):
        name = credit_in_line(line)
        if name:
            return name, line.strip()
    unknown = _UNKNOWN.match(start)
    return (unknown.group(1), unknown.group().strip()) if unknown else None


def agency_of(body: Cleaned) -> tuple[str, str] | None:
    """The agency that a story credits: in its text, or in a line right below it that was left out.

    What stands under a picture is credit for the picture.
    """
    found = credited_agency(body.text)
    if found is not None:
        return found
    if isinstance(body.blocks, Laid):
        texts: Sequence[str] = body.blocks.texts
    else:
        texts = [it.block.text for it in body.blocks]
    kept = [at for at, it in enumerate(body.labels) if it in body.keeping]
    for at, name in credits_below(texts, kept[-1] if kept else len(texts)):
        it = body.blocks[at]
        if it.block.kind is not Kind.CAPTION and it.label is not Label.PHOTO_CREDIT:
            return name, it.block.text
    return None


def credits_below(texts: Sequence[str], last: int) -> Iterator[tuple[int, str]]:
    """The places of lines right after a story's ``last`` one that credit an agency, with it."""
    for at in range(last + 1, min(last + 1 + BELOW, len(texts))):
        name = credit_in_line(texts[at])
        if name:
            yield at, name


@cache
def _by_name() -> dict[str, str]:
    return {_folded(each): it.name for it in agencies() for each in (it.name, *it.names)}


@cache
def _by_mark() -> dict[str, str]:
    return {each: it.name for it in agencies() for each in it.marks}


def _marks() -> str:
    return "|".join(sorted(map(re.escape, _by_mark()), key=len, reverse=True))


_DASH = "(?:--?|–|—|=|:)"
# What stands beside the mark in its brackets: other agencies, a day, never words.
_BESIDE = r"(?:\s?/\s?[\w-]+|,\s?[\d./-]+)*"


@cache
def _at_start() -> re.Pattern[str]:
    """A place, often a day, then the mark, each agency in its way."""
    marks = _marks()
    return re.compile(
        # "NAIROBI, Kenya (AP) —", "Berlin (dpa/bb) -", "(ANSA) - ROMA", "(서울=연합뉴스)"
        rf"^[^(（\n]{{0,90}}[(（](?:[^()（）\n]{{0,12}}=)?({marks}){_BESIDE}[)）]"
        rf"(?:\.?\s?{_DASH}|\.\s|(?=\s[^\W\da-zà-ÿа-я]))"
        # "МОСКВА, 3 мая. /ТАСС/."
        rf"|^[^/\n]{{0,60}}/({marks})/"
        # "Accra, May 3, GNA –", "Москва. 3 мая. INTERFAX.RU -", "3 мая — РИА Новости."
        rf"|^[^\n]{{0,30}}\d[^\n]{{0,20}}[,.—–-]\s({marks})(?:\s{_DASH}|\.)\s"
        # "新华社北京5月3日电", "【ワシントン時事】", "（中央社台北3日電）"
        rf"|^[(（]?({marks})[^，。\n]{{0,14}}[电電]|^[【（][^】）\n]{{0,12}}({marks})[】）]"
    )


@cache
def _at_end() -> re.Pattern[str]:
    marks = _marks()
    return re.compile(
        rf"[(（\[/;]\s?©?\s?({marks}){_BESIDE}[)）\]/]\s*\.?\s*$"
        rf"|(?:©|\(c\)|Copyright)\s?(?:\d{{4}}\s)?({marks})(?!\w)"
    )


# What a line begins with that names a source; the name ends it.
_SOURCE = re.compile(
    r"source|quelle|fuente|fonte|kilde|källa|bron|kaynak|źródło|zdroj|forrás|источник|джерело|المصدر"
    r"|来源|來源|出典|with (?:reporting|files|material|information)|reporting by|report by"
    r"|(?:mit|unter verwendung von) (?:material|informationen|agenturmaterial)|avec|con información"
    r"|com informações|con informazioni|met (?:medewerking|informatie)",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(
    r"(?:^|[.—–]\s?)((?:The )?[\w ./-]{2,30}?) (?:contributed to this report|was first published)"
)
_BY = re.compile(r"This report by ([\w ]{2,30}?) was first published")
# "BRENNICK (Harbor Wire) —": only an agency dates a story so, whatever its name.
_UNKNOWN = re.compile(
    r"^[A-ZÀ-Þ][A-ZÀ-Þ .'-]{2,30}(?:, [\w .]{2,25})?"
    r"\s?\(([A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})\)\s?(?:—|–|--?)\s"
)
LONGEST_CREDIT = 90  # characters of a line that names a source


def credit_in_line(line: str) -> str | None:
    """The agency at the end of a line that names a source.

    >>> credit_in_line("Mit Informationen der dpa"), credit_in_line("Source: the minister")
    ('dpa', None)
    """
    plain = line.strip(" .()[]—–-*")
    if len(plain) > LONGEST_CREDIT:
        return None
    said = _BY.search(plain) or _CONTRIBUTED.search(plain)
    if said:
        return agency_named(said.group(1).removeprefix("The ")) or agency_named(said.group(1))
    if not _SOURCE.match(plain):
        return None
    words = plain.replace(":", " ").replace("：", " ").split()
    return next(filter(None, (agency_named(" ".join(words[-n:])) for n in (4, 3, 2, 1))), None)


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold().replace("ı", "i")
    return "".join(it for it in plain if it.isalnum())
