"""A block is the smallest piece of a page that is kept or removed as a whole.

Plain text and HTML share this one model, so that every rule works on both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side: rules look at texts and kinds, and most blocks are never asked for.

    ``made`` are the blocks where they are there already; else they are the lines of a text, in
    their order, of which no markup is known, and each is made when somebody asks for it.
    """

    kinds: Sequence[Kind]
    texts: Sequence[str]
    tight: Sequence[bool]
    made: Sequence[Block] | None = None

    @staticmethod
    def of(blocks: Sequence[Block]) -> Columns:
        """The columns of blocks."""
        kinds = [it.kind for it in blocks]
        return Columns(kinds, [it.text for it in blocks], [it.tight for it in blocks], blocks)

    def index(self, at: int) -> int:
        """The index of the block at a place."""
        return at if self.made is None else self.made[at].index

    @property
    def indices(self) -> Sequence[int]:
        """The index of each block."""
        return range(len(self.texts)) if self.made is None else [it.index for it in self.made]

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, at: int) -> Block:
        if self.made is not None:
            return self.made[at]
        return Block(at, self.kinds[at], self.texts[at], None, self.tight[at])

    def __iter__(self) -> Iterator[Block]:
        return map(self.__getitem__, range(len(self)))
