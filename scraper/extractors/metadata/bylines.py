"""Finds who wrote a story where a reader sees it: in the lines around the headline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from scraper.extractors.metadata.given_names import has_given_name, is_given
from scraper.extractors.metadata.moments import around_dates, labeled_dates
from scraper.extractors.metadata.names import (
    Credited,
    bare,
    begins_like_a_byline,
    credited,
    is_byline_label,
    looks_like_a_person,
)
from scraper.extractors.metadata.visible import Line

NEAREST: Final = 3  # lines after the title in which a name beside a day is taken for the author's
BESIDE: Final = 3  # lines after a name in which a day may stand; before it, one or above the title
TOLD_WITHIN: Final = 6  # lines after the title
JOINTS: Final = frozenset(
    {"and", "und", "et", "y", "e", "og", "och", "en", "i", "ja", "ve", "with"}
)
NOBODY: Final = Credited((), None)


def shown_authors(lines: Sequence[Line], sites: list[str], title: str | None = None) -> Credited:
    """The people, or the agency, of the first line that is a byline.

    It is one by its words or those of the line before ("Written by"), by its element, or as a name
    alone in a line that stands soon after the title and near a day.
    """
    letters = bare(title or "")
    at_title = -1
    for at, line in enumerate(lines):
        if letters and _shows(bare(line.text), letters):
            at_title = at
            continue
        told = list(_bylines(line))
        if at and is_byline_label(lines[at - 1].text):
            told = [f"By {it}" for it in (", ".join(_first_names(line.pieces)), line.text) if it]
        if not told and 0 <= at_title >= at - NEAREST:
            around = (*lines[max(0, at_title - 2) : at], *lines[at + 1 : at + 1 + BESIDE])
            told = [*_lone_name(line, letters, any(map(_is_a_day, around)))]
        for text in told:
            found = _people(text, sites, is_marked=bool(line.by))
            if found.people or found.agency:
                return found
    return NOBODY


def told_authors(lines: Sequence[Line], sites: list[str], title: str | None = None) -> Credited:
    """The people of the first line after the title that says "By" or the like before a name.

    It is surer than a field of the markup outside of newsrooms, where that often names who put the
    text online.
    """
    letters = bare(title or "")
    # Lines begin at a heading, so that where none shows the title the first is as good.
    at_title = next((at for at, it in enumerate(lines) if _shows(bare(it.text), letters)), -1)
    if not letters:
        return NOBODY
    for line in lines[at_title + 1 : at_title + 1 + TOLD_WITHIN]:
        for at, piece in enumerate(line.pieces):
            if is_byline_label(piece):
                names = _first_names(line.pieces[at + 1 :])
            elif begins_like_a_byline(piece):
                names = _first_names(line.pieces[at:])
            else:
                continue
            found = credited(names, sites)
            if found.people and all(map(looks_like_a_person, found.people)):
                return found
    return NOBODY


def _shows(seen: str, letters: str) -> bool:
    """Whether a line is the title, or the title and what was left off it."""
    return letters in seen and len(seen) < 2 * len(letters)


def _bylines(line: Line) -> Iterator[str]:
    """What may be a byline in a line: the names that an author's element holds or that follow a
    text of their own like "By"; what stands beside the line's days and begins like a byline; then
    the whole of an author's element."""
    if len(line.by) > 1:
        yield ", ".join(_first_names(line.by))
    for at, piece in enumerate(line.pieces[:-1]):
        if is_byline_label(piece):
            names = _first_names(line.pieces[at + 1 :])
            yield f"By {', '.join(names) if names else line.pieces[at + 1]}"
    yield from (it for it in around_dates(line.text) if begins_like_a_byline(it))
    if line.by:
        yield from around_dates(" ".join(line.by))


def _lone_name(line: Line, letters: str, is_dated: bool) -> Iterator[str]:
    """A name that nothing marks: alone in a line that a day stands near, or first in a line that
    holds a day, and then one that begins with a given name we know."""
    plain = line.text.rstrip(" |·•,–-")
    if is_dated and has_given_name(plain) and _may_be_a_name(plain, letters):
        yield plain
    elif labeled_dates(line.text):
        first = around_dates(line.text)[:1]
        yield from (it for it in first if has_given_name(it) and looks_like_a_person(it))


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


def _people(text: str, sites: list[str], *, is_marked: bool) -> Credited:
    found = credited([text], sites)
    is_told = begins_like_a_byline(text)
    people = tuple(
        it
        for it in found.people
        if looks_like_a_person(it) or (is_told and _is_a_name(it)) or (is_marked and is_given(it))
    )
    return Credited(people, found.agency)


def _is_a_name(name: str) -> bool:
    """One word that is no common one: a name only where "By" stands before it."""
    return name.isalpha() and name[0].isupper() and name[1:].islower()


def _may_be_a_name(text: str, letters: str) -> bool:
    words = text.split()
    return (
        (len(words) == 2 or (len(words) == 3 and len(words[1]) < 4))
        and words[0][0].isupper()
        and bare(text) not in letters
        and looks_like_a_person(text)
    )


def _is_a_day(line: Line) -> bool:
    return len(line.text) < 40 and bool(labeled_dates(line.text)) and not line.by
