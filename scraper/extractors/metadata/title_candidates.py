"""Collects all that a page may be titled, each text with who says it and in which form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from scraper.extractors.metadata.head import one_line
from scraper.extractors.metadata.names import bare

LONGEST_TITLE: Final = 400  # characters; the longest headline of the news set has 214
MOST_CANDIDATES: Final = 40  # texts; a page of the tuning half has at most 19

# What sites put between a headline and their own name.
_SEAM = re.compile(r"\s+[|\-–—·•»«:/⋆]{1,2}\s+|\s*[|｜]\s*|\s*[»«]\s*|\s*⋆$")
# Short names of the places that are told apart; every other meta element is "meta".
PLACES: Final = {
    "meta og:title": "og",
    "json-ld headline": "headline",
    "meta twitter:title": "twitter",
    "json-ld name": "name",
    "title": "title",
}
# What documentation hangs on a heading to link to it.
_PERMALINK = re.compile(r"\s*[¶#§⋆🔗]+$")
_CONTROLS = re.compile("[\x80-\x9f]")


@dataclass(slots=True)
class Candidate:
    """``forms`` are places with what was done to their text: ``og`` (the site's name taken off, if
    it was there), ``og.whole`` (it was, and is left), ``og.cut`` (up to a seam), ``og.tail``."""

    text: str
    letters: str
    forms: dict[str, str] = field(default_factory=dict)  # form → where the text stood


def candidates(
    said: Iterable[tuple[str, str]], shown: Sequence[str], sites: Iterable[str]
) -> list[Candidate]:
    """What a page may be titled, each text once, in the order of ``said`` and then ``shown``.

    ``said`` are titles with their origins, ``shown`` the texts of its h1 elements, ``sites`` the
    names of the site.
    """
    own = own_names(sites)
    found: dict[str, Candidate] = {}

    def put(text: str, form: str, origin: str) -> None:
        text = _PERMALINK.sub("", text.strip())
        if text and (text in found or len(found) < MOST_CANDIDATES):
            held = found.setdefault(text, Candidate(text, bare(text)))
            held.forms.setdefault(form, origin)

    for value, origin in said:
        place = PLACES.get(origin, "meta")
        text = mended(one_line(value)[:LONGEST_TITLE])
        plain = _without(text, own)
        put(plain, place, origin)
        if plain != text:
            put(text, f"{place}.whole", origin)
        seams = list(_SEAM.finditer(plain))
        if seams:
            put(plain[: seams[-1].start()], f"{place}.cut", origin)
            put(plain[: seams[0].start()], f"{place}.cut", origin)
            put(plain[seams[0].end() :], f"{place}.tail", origin)
    for number, value in enumerate(shown):
        put(mended(one_line(value)[:LONGEST_TITLE]), "h1" if not number else "h1.later", "h1")
    # A site's name is no headline, unless nothing else is said.
    return [it for it in found.values() if it.letters not in own] or list(found.values())


def mended(text: str) -> str:
    """UTF-8 that someone read as Latin-1 before it was written, read as what it was.

    >>> mended("Itâ\\x80\\x99s raining")
    'It’s raining'
    """
    if not _CONTROLS.search(text):
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def without_site(title: str, sites: Iterable[str]) -> str:
    """The title without parts before or after it that are the site's name.

    >>> without_site("Rain stops play | The Daily Winnow", ["Daily Winnow"])
    'Rain stops play'
    """
    return _without(title, own_names(sites))


def name_in_title(title: str, host: str) -> str | None:
    """The last or the first part of a window's title that is written as its host is.

    >>> name_in_title("Rain stops play - The Daily Winnow", "www.dailywinnow.example")
    'The Daily Winnow'
    """
    parts = [it.strip() for it in _SEAM.split(title[:LONGEST_TITLE]) if it and it.strip()]
    labels = {bare(it) for it in host.split(".")[:-1]} - {"www", ""}
    words = {bare(it) for it in re.split("[.-]", host)}
    ends = (parts[-1], parts[0]) if len(parts) > 1 else ()
    return next((it for it in ends if bare(it) in labels or _is_made_of(it, words)), None)


def _is_made_of(part: str, words: set[str]) -> bool:
    """Whether a part of two words and more has none that the host has not ("Rust Blog")."""
    own = part.split()
    return len(own) > 1 and all(bare(it) in words for it in own)


def own_names(sites: Iterable[str]) -> frozenset[str]:
    """The names as letters; of a host (it has a dot) also its parts but for the last."""
    found = set()
    for name in sites:
        found.add(bare(name))
        if "." in name and " " not in name:
            found.add(bare(name.rsplit(".", 1)[0]))
            found.update(bare(it) for it in name.split(".")[:-1] if len(it) > 3)
    return frozenset(found - {""})


def has_seam(text: str) -> bool:
    return _SEAM.search(text) is not None


def _without(title: str, own: frozenset[str]) -> str:
    text = title
    while True:
        # "Daily Winnow: Rain stops play": a colon parts much else, so the whole name must be there.
        before, colon, after = text.partition(": ")
        if colon and after.strip() and bare(before) in own:
            text = after.strip()
        seams = list(_SEAM.finditer(text))
        if not seams:
            return text
        last, first = text[seams[-1].end() :], text[: seams[0].start()]
        if _is_site(last, own) and text[: seams[-1].start()].strip():
            text = text[: seams[-1].start()].strip()
        elif _is_site(first, own) and text[seams[0].end() :].strip():
            text = text[seams[0].end() :].strip()
        else:
            return text


def _is_site(part: str, own: frozenset[str]) -> bool:
    letters = bare(part)
    if not letters or letters in own:
        return bool(letters)
    # "The Winnow Letter #18" is no name, but an issue's.
    return not any(it.isdigit() for it in part) and any(
        len(it) > 4
        and (letters.startswith(it) or letters.endswith(it))
        and len(letters) < len(it) + 14
        for it in own
    )
