"""Finds the lines around the headline, where a reader sees byline and date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extractors.metadata.head import Head, one_line, texts
from scraper.extractors.metadata.names import bare, begins_like_a_byline

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
_OF_AUTHOR = (
    "author",
    "byline",
    "by-line",
    "writer",
    "autor",
    "auteur",
    "contributor",
    "redakteur",
)
_NOT_OF_AUTHOR = re.compile(r"related|comment|recommend|popular|sidebar|newsletter|bio\b")


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
        line = Line(" ".join(words), tuple(self.by), tuple(self.moments), words)
        self.words.clear()
        self.by.clear()
        self.moments.clear()
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


_SIGNED = "[class*=author i], [class*=byline i]"
LONGEST_NAME = 60
# A page with more of them lists stories. They are few because each text may be all of the page.
MOST_SIGNED = 50
MOST_BOXES = 10  # that tell of an author at length, and are searched for a name


def lone_texts(tree: LexborHTMLParser, page: Head) -> Iterator[str]:
    """Short texts wherever on the page: of elements that are called an author's or that stand in
    such a one and are called a name, and of paragraphs that begin with what names an author."""
    boxes = 0
    for node in tree.css(_SIGNED)[:MOST_SIGNED]:
        if _NOT_OF_AUTHOR.search((node.attributes.get("class") or "").lower()):
            continue
        text = one_line(node.text(separator=" "))
        if len(text) < LONGEST_NAME:
            yield text
        elif boxes < MOST_BOXES:
            boxes += 1
            inside = texts(node.css("[class*=name i]")[:MOST_BOXES])
            yield from (it for it in inside if len(it) < LONGEST_NAME)
    for node in page.marked.get("p", ()):
        text = node.text()
        if len(text) < 2 * LONGEST_NAME:
            line = one_line(text)
            if len(line) < LONGEST_NAME and begins_like_a_byline(line):
                yield line


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
    words = set((title or "").split())
    shown = [(it, one_line(it.text())) for it in heads]
    most = max(
        shown, key=lambda it: (len(words.intersection(it[1].split())), len(it[1])), default=None
    )
    return most[0] if most else None


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
    name, prop, rel = marks.get("class"), marks.get("itemprop"), marks.get("rel")
    return (
        (name is not None and _is_authors(name))
        or (prop is not None and _is_authors(prop))
        or (rel is not None and _is_authors(rel))
    )


@lru_cache(maxsize=4_096)
def _is_authors(said: str) -> bool:
    """Whether the value of an attribute calls its element an author's; pages repeat values."""
    plain = said.lower()
    # Substrings one by one take a sixth of the time of one expression with them all.
    return any(it in plain for it in _OF_AUTHOR) and not _NOT_OF_AUTHOR.search(plain)
