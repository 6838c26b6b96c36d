"""Finds the next page of an article that a site has cut into numbered pages."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

# Where the number of a part stands in an address; what is left without it is the article's own.
# "/story/2", "/story/page/2", "/story-2.html", "/story,2.html", "/story_p2.html", "?page=2".
_NUMBER: Final = re.compile(
    r"(?:/(?:page|seite|pagina|strana)?[-/]?(?P<path>\d{1,3})/?(?=$|\?))"
    r"|(?:[-_,.](?:p|page|seite|s)?(?P<name>\d{1,3})(?=\.[a-z]{3,5}(?:$|\?)))"
    r"|(?:[?&](?:page|p|pg|seite|part|pagina|paged)=(?P<query>\d{1,3})(?=$|&))",
    re.IGNORECASE,
)

LINKS: Final = "link[rel~=next], a[rel~=next], [class*=pag] a, [class*=next] a, a[class*=next]"


def next_part(
    tree: LexborHTMLParser, url: str, first: str | None = None, selector: str | None = None
) -> str | None:
    """The address of the article's next page; None where this is the last, or the only one.

    ``rel=next`` leads as often to another article as to the next page of this one. So only the
    address of the article's ``first`` page with the next number counts, unless a site's own rule
    (``selector``) says so.
    """
    if selector:
        chosen = tree.css_first(selector)
        href = chosen.attributes.get("href") if chosen else None
        return urljoin(url, href) if href else None
    for node in tree.css(LINKS):
        href = node.attributes.get("href")
        if href and is_next(link := urljoin(url, href.strip()), url, first or url):
            return link
    return None


def is_next(link: str, url: str, first: str) -> bool:
    """Whether ``link`` is the page after ``url`` of the article that begins at ``first``.

    >>> first = "http://a.test/story/"
    >>> is_next("http://a.test/story/2", first, first)
    True
    >>> is_next("http://a.test/story/3", "http://a.test/story/2", first)
    True
    >>> is_next("http://a.test/news-18.html", "http://a.test/news-17.html", first)
    False
    """
    stem, number = numbered(link)
    if number is None or stem != plain(first):
        return False
    own_stem, own = (stem, 1) if plain(url) == plain(first) else numbered(url)
    return own_stem == stem and number == (own or 0) + 1


def numbered(url: str) -> tuple[str, int | None]:
    """The address without the number of its part, and the number."""
    address = url.partition("#")[0]
    numbers = list(_NUMBER.finditer(address))
    if not numbers:
        return plain(address), None
    found = numbers[-1]
    number = int(next(it for it in found.groups() if it))
    return plain(address[: found.start()] + address[found.end() :]), number


def plain(url: str) -> str:
    return url.partition("#")[0].rstrip("/?&")
