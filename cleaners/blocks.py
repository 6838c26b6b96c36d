"""A block is the smallest piece of a page that is kept or removed as a whole.

Plain text and HTML share this one model, so that every rule works on both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a block is by its form, whatever it says."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Link:
    """A link inside a block; ``block.text[start:end]`` is its visible text."""

    start: int
    end: int
    href: str


@dataclass(frozen=True, slots=True)
class Markup:
    """What HTML says about a block beyond its text.

    ``path`` names the ancestors from the outside in (``("body", "div.main", "article", "p")``).
    ``hints`` are words of class, id, role and itemprop of the block and its ancestors, lower case.
    ``level`` is 1 to 6 on a heading and the depth of nesting on a list item, else 0.
    """

    path: tuple[str, ...]
    link_chars: int
    hints: frozenset[str] = frozenset()
    level: int = 0
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """``markup`` is None where it is not known (plain text), which does not mean "no links".

    ``tight`` says that no empty line stands between this block and the one before it.
    """

    index: int
    kind: Kind
    text: str
    markup: Markup | None = None
    tight: bool = False

    @property
    def link_share(self) -> float | None:
        """Share of the characters that stand in links, 0 to 1; None where it is not known."""
        if self.markup is None:
            return None
        return min(1.0, self.markup.link_chars / max(1, len(self.text)))
