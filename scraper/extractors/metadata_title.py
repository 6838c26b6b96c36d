"""Chooses the headline among what a page calls itself, without the site's name around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from scraper.extractors.authors import bare
from scraper.extractors.metadata_head import one_line

LONGEST_TITLE = 400  # characters; the longest headline of the news set has 214

# What sites put between a headline and their own name.
_SEAM = re.compile(r"\s+[|\-–—·•»«:/]{1,2}\s+|\s*[|｜]\s*|\s*[»«]\s*")


def without_site(title: str, sites: Iterable[str]) -> str:
    """The title without parts before or after it that are the site's name.

    >>> without_site("Rain stops play | The Daily Winnow", ["Daily Winnow"])
    'Rain stops play'
    """
    own = {bare(it) for it in sites if it} - {""}
    text = title
    while True:
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


def _is_site(part: str, own: set[str]) -> bool:
    letters = bare(part)
    return bool(letters) and (
        letters in own
        or any(
            len(it) > 4
            and (letters.startswith(it) or letters.endswith(it))
            and len(letters) < len(it) + 14
            for it in own
        )
    )


def headline(
    said: Sequence[tuple[str, str]], shown: Sequence[str], sites: Sequence[str]
) -> tuple[str, str] | None:
    """The headline and where it was found.

    ``said`` are titles with their origins, the most trusted first; ``shown`` the texts of the
    page's h1 elements. A title that the page also shows is preferred to one that it only says.
    """
    cleaned = []
    for value, origin in said:
        text = without_site(one_line(value)[:LONGEST_TITLE], sites)
        if text and bare(text) not in {bare(it) for it in sites}:
            cleaned.append((text, origin))
    heads = [it for it in (one_line(each)[:LONGEST_TITLE] for each in shown) if it]
    for text, origin in cleaned:
        if any(bare(text) == bare(head) for head in heads):
            return text, origin
    if not cleaned:
        return (heads[0], "h1") if heads else None
    for head in heads:
        text, _ = cleaned[0]
        if _alike(text, head) > 0.8:
            return head, "h1"
    return cleaned[0]


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, bare(one), bare(other), autojunk=False).ratio()
