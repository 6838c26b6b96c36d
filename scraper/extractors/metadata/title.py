"""Chooses the headline among what a page calls itself, without the site's name around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from scraper.extractors.metadata.head import one_line
from scraper.extractors.metadata.names import bare

LONGEST_TITLE = 400  # characters; the longest headline of the news set has 214

ALIKE = 0.5  # share of letters in the same order; below it an h1 is of something else ("Log in")

# What sites put between a headline and their own name.
_SEAM = re.compile(r"\s+[|\-–—·•»«:/]{1,2}\s+|\s*[|｜]\s*|\s*[»«]\s*")


def without_site(title: str, sites: Iterable[str]) -> str:
    """The title without parts before or after it that are the site's name.

    >>> without_site("Rain stops play | The Daily Winnow", ["Daily Winnow"])
    'Rain stops play'
    """
    own = _own(sites)
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


def _own(sites: Iterable[str]) -> set[str]:
    """The names as letters; of a host (it has a dot) also its parts but for the last."""
    found = {bare(it) for it in sites}
    for host in (it for it in sites if "." in it and " " not in it):
        found.add(bare(host.rsplit(".", 1)[0]))
        found.update(bare(it) for it in host.split(".")[:-1] if len(it) > 3)
    return found - {""}


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
    said: Sequence[tuple[str, str]], shown: Sequence[str], sites: Sequence[str], *, is_news: bool
) -> tuple[str, str] | None:
    """The headline and where it was found.

    ``said`` are titles with their origins, the most trusted first; ``shown`` the texts of the
    page's h1 elements. What the markup says and a reader sees is the headline; in news a shorter
    og:title inside of it is the headline without its kicker ("Rain: River rises"). Where nothing
    agrees, newsrooms are believed what they say; elsewhere it was made longer for search engines,
    and the h1 goes before it. (Chosen on all of the news set, where og:title alone is right on 83
    of 100 pages and the JSON-LD headline on 81, and on the tuning half of WCXB.)
    """
    own = _own(sites)
    cleaned = [(without_site(one_line(it)[:LONGEST_TITLE], sites), origin) for it, origin in said]
    cleaned = [(text, origin) for text, origin in cleaned if text and bare(text) not in own]
    heads = [one_line(it)[:LONGEST_TITLE] for it in shown]
    heads = [it for it in heads if it and bare(it) not in own]
    if not cleaned:
        return (heads[0], "h1") if heads else None
    letters = [bare(text) for text, _ in cleaned]
    for (text, origin), each in zip(cleaned, letters, strict=True):
        is_shown = origin.startswith("json-ld") and any(each == bare(it) for it in heads)
        if is_shown and not (is_news and letters[0] in each):
            return text, origin
    if is_news:
        return cleaned[0]
    for (text, origin), each in zip(cleaned, letters, strict=True):
        if any(each == bare(it) for it in heads):
            return text, origin
    for head in heads:
        seen = bare(head)
        if seen in letters[0] or (letters[0] not in seen and _alike(letters[0], seen) > ALIKE):
            return head, "h1"
    return cleaned[0]


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
