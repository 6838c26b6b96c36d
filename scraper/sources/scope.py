"""Decides which links a crawl follows: how far, which, and where a site only spins it around."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

import can_ada

from scraper.errors import JobError
from scraper.sources.canonical import canonicalize

Reach = Literal["host", "domain", "prefix"]

# No page with an article is there; a HEAD request for each would cost as much as the page.
_FILES = frozenset(
    {
        "7z", "aac", "apk", "avi", "avif", "bmp", "bz2", "css", "csv", "dmg", "doc", "docx",
        "eot", "epub", "exe", "flac", "flv", "gif", "gz", "ico", "ics", "iso", "jpeg", "jpg",
        "json", "kml", "m3u8", "m4a", "m4v", "mkv", "mov", "mp3", "mp4", "mpeg", "mpg", "msi",
        "odt", "ogg", "ogv", "otf", "pdf", "pkg", "png", "ppt", "pptx", "rar", "rtf", "svg",
        "swf", "tar", "tgz", "tif", "tiff", "torrent", "ttf", "txt", "wav", "webm", "webp", "wma",
        "wmv", "woff", "woff2", "xls", "xlsx", "xml", "zip",
    }
)  # fmt: skip
# Names of parameters that lead to the same page in another order or for another visitor.
_SPINNING = re.compile(
    r"(?:^|[?&;])(?:phpsessid|jsessionid|sid|sessionid|session_id|replytocom|share|print|sort"
    r"|order|orderby|filter|add-to-cart|token|nonce|returnurl|redirect_to|redirect)=",
    re.I,
)
_CALENDAR = re.compile(
    r"/(?:calendar|kalender|calendrier|calendario|agenda|events?)/(?:.*[/=])?\d{4}[/-]\d{1,2}", re.I
)
# Not "p": WordPress numbers its articles with it.
_PAGE_NUMBER = re.compile(r"(?:/page/|/seite/|[?&](?:page|paged|seite)=)(\d+)", re.I)

LONGEST = 1024  # characters of an address
MOST_SEGMENTS = 16  # of a path
MOST_REPEATS = 3  # of one segment in a path
MOST_PARAMETERS = 6
REMEMBERED = 10_000  # hosts whose domain is known; links of a long crawl lead to millions
LAST_PAGE = 500  # of an index; some go on for ever with nothing on them


@dataclass(frozen=True, slots=True)
class Scope:
    """``include``: any must be found in the address, if there are some; ``exclude``: none may."""

    start: str
    reach: Reach = "host"
    include: tuple[re.Pattern[str], ...] = ()
    exclude: tuple[re.Pattern[str], ...] = ()
    depth: int = 3  # links away from the start


def read_patterns(texts: Iterable[str], key: str) -> tuple[re.Pattern[str], ...]:
    """Raises ``JobError`` that names ``key`` for what is no regular expression."""
    found = []
    for text in texts:
        try:
            found.append(re.compile(text))
        except re.error as error:
            raise JobError(key, f"{text!r} is no regular expression: {error}") from error
    return tuple(found)


def is_wanted(
    url: str, include: tuple[re.Pattern[str], ...], exclude: tuple[re.Pattern[str], ...]
) -> bool:
    """What the patterns say about an address, whatever source it is from."""
    if include and not any(it.search(url) for it in include):
        return False
    return not any(it.search(url) for it in exclude)


def why_not(url: str, depth: int, scope: Scope) -> str | None:
    """Why a link is not followed, in a few words that can be counted; None: it is.

    ``depth`` is the link's own, the start has 0. The patterns decide last and are not asked here
    about pages that only lead on: see ``is_wanted``.

    >>> why_not("http://b.test/", 1, Scope("http://a.test/"))
    'another host'
    """
    if depth > scope.depth:
        return "too deep"
    parsed = can_ada.parse(url)
    if not _reaches(parsed, scope):
        return f"another {'place' if scope.reach == 'prefix' else scope.reach}"
    if any(it.search(url) for it in scope.exclude):
        return "excluded"
    return _trap(url, parsed)


def trap(url: str) -> str | None:
    """Which kind of endless or useless place an address looks like.

    >>> trap("http://a.test/x/y/x/y/x/y/x/y/"), trap("http://a.test/2026/news.html")
    ('repeats itself', None)
    """
    return _trap(url, can_ada.parse(url))


def _trap(url: str, parsed: can_ada.URL) -> str | None:
    if len(url) > LONGEST:
        return "long address"
    segments = [it for it in parsed.pathname.split("/") if it]
    if len(segments) > MOST_SEGMENTS:
        return "deep path"
    if len(segments) > MOST_REPEATS and max(Counter(segments).values()) > MOST_REPEATS:
        return "repeats itself"
    if segments and segments[-1].rpartition(".")[2].lower() in _FILES and "." in segments[-1]:
        return "file"
    if parsed.search.count("&") >= MOST_PARAMETERS:
        return "many parameters"
    if _SPINNING.search(parsed.search) or ";jsessionid=" in parsed.pathname.lower():
        return "session or order"
    if any(int(it) > LAST_PAGE for it in _PAGE_NUMBER.findall(url) if len(it) < 10):
        return "far page"
    if _CALENDAR.search(url):
        return "calendar"
    return None


def _reaches(url: can_ada.URL, scope: Scope) -> bool:
    home, folder = _home(scope.start)
    if scope.reach == "domain":
        return domain_of(url.hostname) == domain_of(home)
    if _bare(url.hostname) != _bare(home):
        return False
    return scope.reach != "prefix" or url.pathname.startswith(folder)


@lru_cache(maxsize=REMEMBERED)
def _home(start: str) -> tuple[str, str]:
    """The host of an address, and its path up to the last slash."""
    parsed = can_ada.parse(canonicalize(start))
    return parsed.hostname, parsed.pathname.rpartition("/")[0] + "/"


def _bare(host: str) -> str:
    """Sites link to themselves with and without it."""
    return host.removeprefix("www.")


@lru_cache(maxsize=REMEMBERED)
def domain_of(host: str) -> str:
    """What its owner has registered, as the public suffix list knows it; else the host itself.

    >>> domain_of("www.news.co.uk"), domain_of("127.0.0.1")
    ('news.co.uk', '127.0.0.1')
    """
    if host.replace(".", "").isdecimal() or ":" in host:
        return host
    return str(_suffixes().privatesuffix(host) or host)


@cache
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList  # 0.2 s

    return PublicSuffixList()
