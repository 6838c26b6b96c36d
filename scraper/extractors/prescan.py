"""Refuses pages that would take a parser longer than linear time, before one sees them.

The checks on ordinary pages are searches at the speed of memory; what follows the markup is done
only on pages with many more tags, or far longer ones, than articles have.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scraper.errors import ExtractError, Reason

# A parse with all that follows takes about 20 ms a megabyte; the largest article pages have 5 MB.
LARGEST: Final = 16 * 2**20  # bytes
MOST_TAGS: Final = 200_000
# The tree builder looks through all open elements at many a tag, and through all attributes of a
# tag at each new one. With fewer tags than this the first takes below 0.1 s, however they nest.
SAFE_TAGS: Final = 15_000
DEEPEST: Final = 4_000  # elements open at once; Chromium stops nesting at 512
MOST_ATTRIBUTES: Final = 1_000  # on one tag
# Pairs of attributes on one tag that are compared, on all tags of a page: 0.2 s of a parse.
MOST_PAIRS: Final = 50_000_000
MANY_ATTRIBUTES: Final = 100  # fewer on a tag make no pairs worth counting
# Tags longer than this are looked at, and shorter ones on long pages, so that those which are not
# cannot hold more pairs. Bytes, and bytes squared: three are the shortest attribute.
LONG_TAG: Final = 16_384
SHORT_TAG: Final = 256
SHORT_REST: Final = 2 * MANY_ATTRIBUTES  # bytes, in which there cannot be more of them
UNSEEN: Final = 18 * MOST_PAIRS
MOST_LOOKED_AT: Final = 1_000_000  # attributes in all, 0.3 s; no page of the sets has 13,000
# Each attribute takes a parser about a hundred bytes. The largest page of the WCXB and news sets
# has 480,000 of the places where one may begin, most of them in scripts.
LONG_PAGE: Final = 2**20  # bytes; a shorter one cannot hold as many
MOST_SPACES: Final = 1_000_000  # white space and slashes in tags, of which each attribute needs one
LONGEST_SPACE: Final = 64  # bytes between an equals sign and a value

# What opens a file that is no page, whatever its address says.
BINARY: Final = (
    b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"\x7fELF",
    b"RIFF", b"OggS", b"ID3", b"\0\0\0\x18ftyp", b"\0\0\0 ftyp", b"wOFF", b"wOF2", b"\0asm",
    b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0", b"II*\0", b"MM\0*", b"fLaC", b"BZh", b"\xfd7zXZ",
)  # fmt: skip
END: Final = ord(">")
TAG: Final = re.compile(rb"<(/?)([a-zA-Z][^\s/>]{0,40})")
ATTRIBUTE: Final = re.compile(
    rb"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?|>"""
)
RAW: Final = re.compile(
    rb"<(?:!--|(?i:(script|style|textarea|title|xmp|iframe|noembed|noframes))(?=[\s/>]))"
)
REST_OF_TAG: Final = re.compile(rb"""(?:"[^"]*"|'[^']*'|[^"'>])*+""")
COMMENT_END: Final = re.compile(rb"--!?>")
VOID: Final = frozenset(
    b"area base br col embed hr img input link meta param source track wbr !doctype".split()
)
# Drawings close themselves; a tree builder opens these without looking for others.
DRAWN: Final = frozenset(
    b"path polygon circle rect line use ellipse polyline image stop g text tspan".split()
)

CLOSED_BY_NEXT: Final = frozenset(b"p li dt dd tr td th option optgroup thead tbody tfoot".split())


def prescan(html: bytes, where: str) -> None:
    """Raises ``ExtractError`` with EMPTY, NOT_HTML or HOSTILE where a page must not be parsed.

    ``html`` is UTF-8; ``where`` is the address for the error.
    """
    if not html or html.isspace():
        raise ExtractError(where, Reason.EMPTY, "nothing but white space")
    if html.startswith(BINARY) or html.count(b"\0", 0, 4096) > 40:
        raise ExtractError(where, Reason.NOT_HTML, f"binary, begins with {html[:8]!r}")
    if len(html) > LARGEST:
        raise ExtractError(where, Reason.HOSTILE, f"{len(html):,} bytes, more than {LARGEST:,}")
    data = np.frombuffer(html, dtype=np.uint8)
    # No tag ends but with this, so there are at most as many tags.
    is_end = data == END
    tags = int(np.count_nonzero(is_end)) + 1
    if tags > MOST_TAGS:
        raise ExtractError(where, Reason.HOSTILE, f"{tags:,} tags, more than {MOST_TAGS:,}")
    if tags > SAFE_TAGS and (depth := _deepest(html)) > DEEPEST:
        raise ExtractError(where, Reason.HOSTILE, f"{depth:,} elements open at once")
    if len(html) > LONG_PAGE and (spaces := _spaces_in_tags(html)) > MOST_SPACES:
        raise ExtractError(where, Reason.HOSTILE, f"about {spaces:,} attributes")
    if _has_too_many_attributes(html, data, is_end):
        detail = f"over {MOST_ATTRIBUTES:,} attributes on one tag, or very many on several"
        raise ExtractError(where, Reason.HOSTILE, detail)


def _deepest(html: bytes) -> int:
    """The most elements that are open at once when an end tag closes nothing but its own name.

    An upper bound: elements that close by themselves (``<p>`` after ``<p>``) are counted as open.
    """
    is_open: dict[bytes, int] = {}
    deepest: dict[bytes, int] = {}
    for end, tag in TAG.findall(html):
        name = tag.lower()
        if end:
            is_open[name] = max(0, is_open.get(name, 0) - 1)
        elif name not in VOID and name not in CLOSED_BY_NEXT and name not in DRAWN:
            now = is_open[name] = is_open.get(name, 0) + 1
            if now > deepest.get(name, 0):
                deepest[name] = now
    return sum(deepest.values())


def _spaces_in_tags(html: bytes) -> int:
    """How many there are between a "<" and the next ">", which attributes stand behind; or how many
    on all of the page, where those are not too many."""
    count, is_open = 0, False
    portions = [
        np.frombuffer(html, dtype=np.uint8, offset=start)[:LONG_PAGE]
        for start in range(0, len(html), LONG_PAGE)
    ]
    # Most pages have fewer in all, which takes a fifth of the time to see.
    every = sum([int(np.count_nonzero(_is_space(data))) for data in portions])
    if every <= MOST_SPACES:
        return every
    for data in portions:
        marks = np.flatnonzero((data == ord("<")) | (data == ord(">")))
        opens = np.concatenate([[is_open], data[marks] == ord("<")])
        spaces = np.flatnonzero(_is_space(data))
        count += int(np.count_nonzero(opens[np.searchsorted(marks, spaces)]))
        is_open = bool(opens[-1])
    return count


def _is_space(data: NDArray[np.uint8]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (data <= ord(" ")) | (data == ord("/"))
    return found


def _has_too_many_attributes(
    html: bytes, data: NDArray[np.uint8], is_end: NDArray[np.bool_]
) -> bool:
    """Whether to compare the attributes of each tag with one another would take long.

    ``data`` are the page's bytes, and ``is_end`` says which are ">".
    """
    ends, hidden = _ends(html, data, is_end)
    bounds = np.concatenate([[-1], ends, [len(html)]])
    least = min(LONG_TAG, max(SHORT_TAG, UNSEEN // len(html)))
    long = np.flatnonzero(np.diff(bounds) > least)
    # Where no ">" is passed over, there is one tag, and it is the first.
    is_one = np.searchsorted(hidden, bounds[long + 1]) == np.searchsorted(hidden, bounds[long])
    raw = _Raw(html)
    looked_at = pairs = 0
    many: list[tuple[int, int]] = []
    for start, end, is_only in zip(
        (bounds[long] + 1).tolist(), bounds[long + 1].tolist(), is_one.tolist(), strict=True
    ):
        at = start
        while (tag := TAG.search(html, at, end)) is not None:
            after = 0 if is_only else raw.after(tag.start())
            if after:
                at = after
                continue
            if is_only and end - tag.end() <= SHORT_REST:
                break
            count, at = _attributes(html, tag)
            looked_at += count
            if count > MANY_ATTRIBUTES:
                many.append((tag.start(), count))
                pairs += count * count // 2
                if count > MOST_ATTRIBUTES or pairs > MOST_PAIRS:
                    many = [it for it in many if not raw.after(it[0])]
                    pairs = sum([it * it // 2 for _, it in many])
                    if pairs > MOST_PAIRS or any(it > MOST_ATTRIBUTES for _, it in many):
                        return True
            if looked_at > MOST_LOOKED_AT:
                return True
            if is_only:
                break
    return False


def _ends(
    html: bytes, data: NDArray[np.uint8], is_end: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places of the ">" that end a tag if any does, and of those that may stand in a quoted
    value instead: after a quotation mark behind an equals sign, up to the next such mark."""
    places = np.flatnonzero(is_end | (data == ord('"')) | (data == ord("'")))
    sort = data[places]
    # What opens a value with another mark in it than those around it.
    odd = np.flatnonzero((sort[1:] != sort[:-1]) & (sort[:-1] != END))
    before = data[places[odd] - 1]
    opens = np.zeros(len(places), dtype=np.bool_)
    opens[odd] = before == ord("=")
    for at in odd[before <= ord(" ")].tolist():
        place = int(places[at])
        left = html[max(0, place - LONGEST_SPACE) : place].rstrip()
        opens[at] = not left or left.endswith(b"=")
    ends = sort == END
    if not opens.any():
        return places[ends], places[:0]
    is_hidden = np.zeros(len(places), dtype=np.bool_)
    order = np.arange(len(places))
    for quote in b"\"'":
        last = np.maximum.accumulate(np.where(sort == quote, order, 0))
        is_hidden |= ends & opens[last]
    return places[ends & ~is_hidden], places[is_hidden]


@dataclass(slots=True)
class _Raw:
    """Scripts, comments and other parts of a page in which nothing is a tag; found when asked."""

    html: bytes
    spans: list[tuple[int, int]] | None = None

    def after(self, at: int) -> int:
        """Where the part ends that a place stands in; 0 where it is none."""
        if self.spans is None:
            self.spans = list(_raw(self.html))
        found = bisect_right(self.spans, (at, 0)) - 1
        if found < 0 or not self.spans[found][0] < at < self.spans[found][1]:
            return 0
        return self.spans[found][1]


def _raw(html: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while (begin := RAW.search(html, at)) is not None:
        if begin[1] is None:
            end = COMMENT_END.search(html, begin.start() + 2)
        else:
            rest = REST_OF_TAG.match(html, begin.end())
            close = re.compile(rb"</(?i:%s)(?=[\s/>])" % begin[1].lower())
            end = close.search(html, rest.end() if rest else begin.end())
        at = end.end() if end else len(html)
        yield begin.start(), at


def _attributes(html: bytes, tag: re.Match[bytes]) -> tuple[int, int]:
    """How many attributes a tag has, at least if there are too many, and where it ends."""
    count, end = 0, tag.end()
    for found in ATTRIBUTE.finditer(html, end):
        end = found.end()
        if found[0] == b">" or count > MOST_ATTRIBUTES:
            break
        count += 1
    return count, end
