"""Refuses pages that would take a parser longer than linear time, before one sees them.

The checks on ordinary pages are searches at the speed of memory; what follows the markup is done
only on pages with many more tags, or far longer ones, than articles have.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scraper.errors import ExtractError, Reason

# A parse with all that follows takes about 20 ms a megabyte; the largest article pages have 5 MB.
LARGEST: Final = 16 * 2**20  # bytes
MOST_TAGS: Final = 200_000
# The tree builder looks through all open elements at many a tag, and through all attributes of a
# tag at each of them. With fewer tags than this the first takes below 0.1 s, however they nest.
SAFE_TAGS: Final = 15_000
DEEPEST: Final = 4_000  # elements open at once; Chromium stops nesting at 512
LONG_TAG: Final = 16_384  # bytes
MOST_ATTRIBUTES: Final = 1_000  # on one tag
# Hardly a page has so many; where one has, its tags are read as a parser does, as a quoted ">" may
# hide how long they are. 20,000 attributes on one tag take lexbor 0.7 s.
MANY_VALUES: Final = 10_000  # equals signs

# What opens a file that is no page, whatever its address says.
BINARY: Final = (
    b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"\x7fELF",
    b"RIFF", b"OggS", b"ID3", b"\0\0\0\x18ftyp", b"\0\0\0 ftyp", b"wOFF", b"wOF2", b"\0asm",
    b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0", b"II*\0", b"MM\0*", b"fLaC", b"BZh", b"\xfd7zXZ",
)  # fmt: skip
TAG: Final = re.compile(rb"<(/?)([a-zA-Z][^\s/>]{0,40})")
ATTRIBUTE: Final = re.compile(
    rb"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?|>"""
)
WHOLE_TAG: Final = re.compile(
    rb"""<[a-zA-Z][^\s/>]*+(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)"""
    rb"""|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)?+)?+)*+(?:>|\Z)"""
)
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
    # No tag ends but with this, so there are at most as many tags.
    ends = np.flatnonzero(np.frombuffer(html, dtype=np.uint8) == ord(">"))
    tags = len(ends) + 1
    if tags > MOST_TAGS:
        raise ExtractError(where, Reason.HOSTILE, f"{tags:,} tags, more than {MOST_TAGS:,}")
    if tags > SAFE_TAGS and (depth := _deepest(html)) > DEEPEST:
        raise ExtractError(where, Reason.HOSTILE, f"{depth:,} elements open at once")
    if _has_long_tag(html, ends):
        detail = f"over {MOST_ATTRIBUTES:,} attributes on one tag"
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


def _has_long_tag(html: bytes, ends: NDArray[np.intp]) -> bool:
    """Whether a tag that runs on for longer than any honest one has too many attributes.

    ``ends`` are the places of all ">".
    """
    bounds = np.concatenate([[-1], ends, [len(html)]])
    long = np.flatnonzero(np.diff(bounds) > LONG_TAG)
    pairs = zip((bounds[long] + 1).tolist(), bounds[long + 1].tolist(), strict=True)
    found = [tag.start() for start, end in pairs if (tag := TAG.search(html, start, end))]
    if html.count(b"=") > MANY_VALUES:
        found += [it.start() for it in WHOLE_TAG.finditer(html) if len(it[0]) > LONG_TAG]
    after_script = 0
    for at in sorted(found):
        if at >= after_script and _attributes(html, at) > MOST_ATTRIBUTES:
            after_script = _end_of_script(html, at)
            if after_script <= at:
                return True
    return False


def _attributes(html: bytes, start: int) -> int:
    """How many attributes the tag has that begins there, at least if there are too many."""
    tag = TAG.match(html, start)
    count = 0
    for found in ATTRIBUTE.finditer(html, tag.end() if tag else start):
        if found[0] == b">" or count > MOST_ATTRIBUTES:
            break
        count += 1
    return count


def _end_of_script(html: bytes, at: int) -> int:
    """Where the script, the style sheet or the comment ends that is open there; 0 if none is."""
    for begin, end in ((b"<script", b"</script"), (b"<style", b"</style"), (b"<!--", b"-->")):
        opened = html.rfind(begin, 0, at)
        closed = html.find(end, opened) if opened >= 0 else 0
        if closed < 0:
            return len(html)
        if closed > at:
            return closed
    return 0
