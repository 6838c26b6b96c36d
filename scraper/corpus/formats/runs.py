"""Kept blocks grouped as readers see them: list, table, quote, code, paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from cleaners.blocks import Block, Kind
from cleaners.labels import Label
from scraper.article import Article

GROUPED = frozenset({Kind.LIST_ITEM, Kind.TABLE, Kind.CODE, Kind.QUOTE})
# What a reader of our output may be sent to; ``javascript:`` and ``data:`` are for the page alone.
SCHEMES = frozenset({"http", "https", "mailto"})


@dataclass(frozen=True, slots=True)
class Run:
    """Blocks of one kind that belong together; a heading or a paragraph is a run of its own."""

    kind: Kind
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a block's text, with where it leads if it is a link."""

    text: str
    href: str | None = None


def runs(article: Article) -> Iterator[Run]:
    """The runs of the text in their order, without a headline that only repeats the title."""
    waiting: list[Block] = []
    is_first = True
    for it in article.body.kept:
        block = it.block
        is_title = it.label is Label.HEADLINE or _same(block.text, article.title)
        if is_first and is_title and article.title:
            continue
        is_first = False
        if waiting and not _goes_on(waiting[-1], block):
            yield Run(waiting[0].kind, tuple(waiting))
            waiting = []
        waiting.append(block)
    if waiting:
        yield Run(waiting[0].kind, tuple(waiting))


def pieces(block: Block, url: str | None) -> Iterator[Piece]:
    """The text of a block in pieces, its links made whole; a link that leads nowhere is text."""
    at = 0
    for link in block.markup.links if block.markup else ():
        if link.start < at or link.end > len(block.text) or link.start >= link.end:
            continue
        href = whole(link.href, url)
        if href is None:
            continue
        if link.start > at:
            yield Piece(block.text[at : link.start])
        yield Piece(block.text[link.start : link.end], href)
        at = link.end
    if at < len(block.text):
        yield Piece(block.text[at:])


def whole(href: str, url: str | None) -> str | None:
    """The address that a link means, or None for one that is not for readers.

    >>> whole("../b?c=1", "https://news.example/a/x"), whole("javascript:void(0)", None)
    ('https://news.example/b?c=1', None)
    """
    try:
        found = urljoin(url or "", href.strip())
        parts = urlsplit(found)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in SCHEMES or not (parts.netloc or parts.scheme == "mailto"):
        return None
    return "".join("%20" if it.isspace() else it for it in found if it.isprintable() or it == " ")


def is_ordered(block: Block) -> bool:
    """Whether a list item stands in a numbered list: the innermost list around it is one."""
    path = block.markup.path if block.markup else ()
    kinds = [step.partition(".")[0] for step in path]
    return next((it for it in reversed(kinds) if it in ("ol", "ul", "dl")), "") == "ol"


def depth(block: Block) -> int:
    """The depth of a list item, 1 at the outside."""
    return max(1, block.markup.level) if block.markup else 1


def heading_level(block: Block) -> int:
    """The level of a heading inside of a text under a title, 2 to 6."""
    level = block.markup.level if block.markup else 0
    return min(6, max(2, level))


def cells(block: Block) -> list[str]:
    """The cells of a table row; a tab stands between two."""
    return [" ".join(it.split()) for it in block.text.split("\t")]


def _goes_on(before: Block, block: Block) -> bool:
    if block.kind is not before.kind or block.kind not in GROUPED:
        return False
    if block.kind is Kind.TABLE:
        return block.tight
    if block.kind is Kind.LIST_ITEM:
        # Two lists with nothing between them are told apart by where they stand.
        return block.tight or depth(block) > 1 or depth(before) > 1 or _list(block) == _list(before)
    return True


def _list(block: Block) -> tuple[str, ...]:
    path = block.markup.path if block.markup else ()
    return path[:-1]


def _same(text: str, title: str | None) -> bool:
    return title is not None and " ".join(text.split()).casefold() == title.casefold()
