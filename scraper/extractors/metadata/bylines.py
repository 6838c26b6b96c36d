"""Finds who wrote a story where a reader sees it: in the lines around the headline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from scraper.extractors.metadata.moments import around_dates, labeled_dates
from scraper.extractors.metadata.names import (
    Credited,
    bare,
    begins_like_a_byline,
    credited,
    looks_like_a_person,
)
from scraper.extractors.metadata.visible import Line

NEAREST: Final = 3  # lines after the title in which a name beside a day is taken for the author's
BESIDE: Final = 3  # lines after a name in which a day may stand; before it, one or above the title
JOINTS: Final = frozenset(
    {"and", "und", "et", "y", "e", "og", "och", "en", "i", "ja", "ve", "with"}
)
NOBODY: Final = Credited((), None)


def shown_authors(lines: Sequence[Line], sites: list[str], title: str | None = None) -> Credited:
    """The people, or the agency, of the first line that is a byline.

    It is one by its words, by its element, or as a name alone in a line that stands soon after the
    title and near a day.
    """
    letters = bare(title or "")
    at_title = -1
    for at, line in enumerate(lines):
        if letters and bare(line.text) == letters:
            at_title = at
            continue
        told = list(_bylines(line))
        if not told and _may_be_a_name(line, letters) and 0 <= at_title >= at - NEAREST:
            around = (*lines[max(0, at_title - 2) : at], *lines[at + 1 : at + 1 + BESIDE])
            told = [line.text] if any(_is_a_day(it) for it in around) else []
        for text in told:
            found = _people(text, sites)
            if found.people or found.agency:
                return found
    return NOBODY


def _bylines(line: Line) -> Iterator[str]:
    """What may be a byline in a line: what stands beside its days and begins like one, and in an
    author's element first the names that stand in texts of their own, then the whole."""
    if len(line.by) > 1:
        yield ", ".join(_first_names(line.by))
    yield from (it for it in around_dates(line.text) if begins_like_a_byline(it))
    if line.by:
        yield from around_dates(" ".join(line.by))


def _first_names(texts: Sequence[str]) -> list[str]:
    """The first text that is a name, and those joined to it: roles stand beside names unjoined."""
    names: list[str] = []
    is_joined = True
    for text in texts:
        plain = text.strip(" ,;&")
        if not plain or plain.lower() in JOINTS:
            is_joined = True
            continue
        found = credited([text])
        is_name = len(found.people) == 1 and looks_like_a_person(found.people[0])
        if is_name and (is_joined or not names or text.startswith(",")):
            names.append(plain)
        elif names:
            break
        is_joined = text.rstrip().endswith((",", "&"))
    return names


def _people(text: str, sites: list[str]) -> Credited:
    found = credited([text], sites)
    is_told = begins_like_a_byline(text)
    people = tuple(
        it for it in found.people if looks_like_a_person(it) or (is_told and _is_a_name(it))
    )
    return Credited(people, found.agency)


def _is_a_name(name: str) -> bool:
    """One capitalized word: a name only where "By" stands before it."""
    return name.isalpha() and name[0].isupper() and name[1:].islower()


def _may_be_a_name(line: Line, letters: str) -> bool:
    text = line.text
    return (
        text.isascii()
        and (len(text.split()) == 2 or (len(text.split()) == 3 and len(text.split()[1]) < 4))
        and bare(text) not in letters
        and looks_like_a_person(text)
    )


def _is_a_day(line: Line) -> bool:
    return len(line.text) < 40 and bool(labeled_dates(line.text)) and not line.by
