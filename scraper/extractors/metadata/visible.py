"""Finds the lines around the headline, where a reader sees byline and date, and the dates there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extractors.metadata.head import Head, one_line
from scraper.extractors.metadata.moments import around_dates, is_label, labeled_dates, moment
from scraper.extractors.metadata.names import bare

Found = tuple[str, str]

MOST_NODES = 250  # looked at from the headline on; a byline of the tuning half is at most 160 away
MOST_LINES = 40
MOST_HEADS = 300  # elements that are looked at where the title stands in no heading
LONGEST_HEADER = 800  # characters, with spaces; what holds more is not the headline's box
LONGEST_LINE = 160  # characters; a longer line is the story
STORY_LINES = 2  # so many lines of the story, and the byline is behind us

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "svg",
        "noscript",
        "nav",
        "aside",
        "footer",
        "form",
        "button",
        "select",
        "template",
        "iframe",
        "figure",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "address",
        "b",
        "bdi",
        "cite",
        "em",
        "font",
        "i",
        "mark",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    ]
)
_OF_AUTHOR = re.compile(r"author|byline|by-line|writer|autor|auteur|contributor|redakteur", re.I)
_NOT_OF_AUTHOR = re.compile(r"related|comment|recommend|popular|sidebar|newsletter|bio\b", re.I)


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in one line, the texts in it whose element is called an author's, the
    ``datetime`` values in it, and its texts one by one, as the elements part them."""

    text: str
    by: tuple[str, ...]
    moments: tuple[str, ...]
    pieces: tuple[str, ...] = ()


@dataclass(slots=True)
class _Open:
    words: list[str] = field(default_factory=list)
    by: list[str] = field(default_factory=list)
    moments: list[str] = field(default_factory=list)

    def close(self) -> Line:
        words = tuple(self.words)
        line = Line(one_line(" ".join(words)), tuple(self.by), tuple(self.moments), words)
        self.words, self.by, self.moments = [], [], []
        return line


def lines_near(tree: LexborHTMLParser, title: str | None, page: Head) -> list[Line]:
    """The short lines around the headline, in the page's order; none where no headline is shown."""
    head = _headline(tree, title, page)
    if head is None:
        return []
    start = head
    for step in range(5):
        parent = start.parent
        if parent is None or parent.tag in ("body", "main", "html"):
            break
        if step and len(parent.text()) > LONGEST_HEADER:
            break
        start = parent
    found: list[Line] = []
    story = 0
    for line in _lines(start):
        if len(line.text) > LONGEST_LINE:
            story += 1
            if story == STORY_LINES:
                break
        elif line.text or line.moments:
            found.append(line)
            if len(found) == MOST_LINES:
                break
    return found


def shown_dates(lines: list[Line], title: str | None = None) -> Iterator[tuple[str, Found]]:
    """("published" or "modified", (value, origin)) in the order of the lines.

    A day in a sentence is one that the story tells of, and a line far below the headline is the
    story's or another's.
    """
    before = ""
    letters = bare(title or "")
    last = FARTHEST_DAY
    for at, line in enumerate(lines):
        if at > last:
            break
        is_title = bool(letters) and letters in bare(line.text)
        if is_title:
            last = at + FARTHEST_DAY
        # "Joined:" or "Updated on" may stand in a line of its own before the day.
        is_led = before.endswith(":") or is_label(before)
        dates = labeled_dates(f"{before} {line.text}" if is_led else line.text)
        before = line.text
        if line.moments:
            kind = dates[0][0] if len(dates) == 1 else "published"
            if not dates and is_update(line.text):
                kind = "modified"
            yield kind, (line.moments[0], "time")
            dates = dates[1:]
        if dates and (is_title or not _is_sentence(line.text)):
            for kind, value in dates:
                yield kind, (value, "byline")


# Of the pages for tuning, right days have at most 6 words beside them and stand at most 8 lines
# below the title (wrong ones 16 words and more, 27 lines); forums and our own pages go to 16 lines.
MOST_BESIDE = 14
FARTHEST_DAY = 20


def _is_sentence(line: str) -> bool:
    return sum(len(it.split()) for it in around_dates(line)) > MOST_BESIDE


def is_update(text: str) -> bool:
    return any(kind == "modified" for kind, _ in labeled_dates(f"{text} 2000-01-01"))


_DAY_IN_PATH = re.compile(
    r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)"
)


def day_in_address(url: str | None) -> str | None:
    """The day that a path names: most newsrooms file a story under the day it came out.

    >>> day_in_address("https://news.example/2024/05/03/rain")
    '2024-05-03'
    """
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return None
    found = _DAY_IN_PATH.search(path)
    return "-".join(it.zfill(2) for it in found.groups()) if found else None


_DATED = "time, [class*=date i], [class*=publish i], [class*=posted i], [itemprop*=date i]"
LONGEST_DAY = 40  # characters of an element that holds a day and its label
MOST_DATED = 200


def lone_day(tree: LexborHTMLParser) -> str | None:
    """The day that elements called a date tell, if all of them tell one and the same: with two, one
    may be another story's."""
    days: dict[datetime, str] = {}
    for node in tree.css(_DATED)[:MOST_DATED]:
        text = one_line(node.text(separator=" "))
        value = (node.attributes.get("datetime") if node.tag == "time" else None) or text
        if len(text) > LONGEST_DAY:
            continue
        around = one_line(node.parent.text(separator=" ")) if node.parent else text
        dates = labeled_dates(around if len(around) <= 2 * LONGEST_DAY else text)
        if dates and dates[0][0] != "published":
            continue
        found = moment(value)
        if found is not None:
            days.setdefault(datetime(found.year, found.month, found.day), value)
    return next(iter(days.values())) if len(days) == 1 else None


_SIGNED = "[class*=author i], [class*=byline i], [class*=writer i]"
LONGEST_NAME = 60


def lone_texts(tree: LexborHTMLParser) -> Iterator[str]:
    """The short texts of elements that are called an author's, wherever on the page."""
    for node in tree.css(_SIGNED)[:MOST_DATED]:
        if _is_of_author(node.attributes):
            text = one_line(node.text(separator=" "))
            if 3 < len(text) < LONGEST_NAME:
                yield text


def _headline(tree: LexborHTMLParser, title: str | None, page: Head) -> LexborNode | None:
    """The element that shows the title: a heading, or on old pages whatever holds just that."""
    heads = page.marked.get("h1", [])[:10]
    letters = bare(title or "")
    if letters:
        for node in [*heads, *page.marked.get("h2", [])[:20]]:
            seen = bare(one_line(node.text()))
            if seen and (seen in letters or letters in seen):
                return node
        if not heads:
            size = range(len(title or "") // 2, 3 * len(title or ""))
            for node in tree.css("b,strong,font,span,h3,div")[:MOST_HEADS]:
                text = node.text()
                if len(text) in size and bare(one_line(text)) == letters:
                    return node
    return max(heads, key=lambda it: len(one_line(it.text())), default=None)


def _lines(start: LexborNode) -> Iterator[Line]:
    """Lines in document order from ``start`` on; blocks and ``br`` end a line."""
    line = _Open()
    author: int | None = None  # the outermost element around us that is called an author's
    node: LexborNode | None = start
    for _ in range(MOST_NODES):
        if node is None:
            break
        tag = node.tag or ""
        if tag == "-text":
            text = one_line(node.text())
            if text:
                line.words.append(text)
                if author is not None:
                    line.by.append(text)
        elif tag not in _SKIPPED and tag[0] not in "-!":
            if tag not in _INLINE and (line.words or line.moments):
                yield line.close()
            marks = node.attributes
            if author is None and marks and _is_of_author(marks):
                author = node.mem_id
            if tag == "time" and marks.get("datetime"):
                line.moments.append(marks["datetime"] or "")
            if node.child is not None:
                node = node.child
                continue
            author = None if author == node.mem_id else author
        while node is not None and node.next is None:
            node = node.parent
            if node is not None and node.mem_id == author:
                author = None
            if (line.words or line.moments) and node is not None and node.tag not in _INLINE:
                yield line.close()
        node = node.next if node is not None else None
    yield line.close()


def _is_of_author(marks: Mapping[str, str | None]) -> bool:
    said = " ".join([it for it in map(marks.get, ("class", "itemprop", "rel")) if it])
    return bool(said) and bool(_OF_AUTHOR.search(said)) and not _NOT_OF_AUTHOR.search(said)
