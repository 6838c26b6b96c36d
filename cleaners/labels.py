"""What a block is found to be, by which vote, and what follows for the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import overload

from cleaners.blocks import Block


class Label(StrEnum):
    """What a block is for the reader. Each label knows whether it is kept by default."""

    CONTENT = "content"
    HEADLINE = "headline"
    DATELINE = "dateline"
    CREDIT = "credit"
    CORRECTION = "correction"

    REPEATED_HEADLINE = "repeated_headline"
    BYLINE = "byline"
    BREADCRUMB = "breadcrumb"
    NAVIGATION = "navigation"
    RELATED = "related"
    SHARING = "sharing"
    NEWSLETTER = "newsletter"
    ADVERT = "advert"
    DONATION = "donation"
    CONSENT = "consent"
    PAYWALL = "paywall"
    AUTHOR_BIO = "author_bio"
    COMMENT = "comment"
    COMMENT_FORM = "comment_form"
    PHOTO_CREDIT = "photo_credit"
    UPDATE_STAMP = "update_stamp"
    LEGAL = "legal"
    FOOTER = "footer"
    REPEATED = "repeated"

    # Enum's own is Python code, and labels are looked up for every vote.
    __hash__ = str.__hash__

    @property
    def is_kept(self) -> bool:
        """Whether a block with this label stays in the text unless the caller says otherwise."""
        return self in KEPT


KEPT = frozenset({Label.CONTENT, Label.HEADLINE, Label.DATELINE, Label.CREDIT, Label.CORRECTION})


def kept_labels(keep: Iterable[Label] = (), drop: Iterable[Label] = ()) -> frozenset[Label]:
    """The labels that stay in the text when a caller wants some more, or some fewer.

    >>> Label.BYLINE in kept_labels(keep=[Label.BYLINE])
    True
    """
    return (KEPT | frozenset(keep)) - frozenset(drop)


@dataclass(frozen=True, slots=True)
class Vote:
    """One rule's word on one block. ``confidence`` is the rule's measured precision, 0 to 1."""

    block: int
    label: Label
    rule: str
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Labeled:
    """A block, the vote that decided, and the votes that did not."""

    block: Block
    because: Vote
    others: tuple[Vote, ...] = ()

    @property
    def label(self) -> Label:
        return self.because.label


class Laid:
    """Labeled blocks of which each is made when somebody looks at it, and equal to a tuple of them.

    Most of a page is never looked at: who wants its text needs no block at all. ``labels``,
    ``texts`` and ``tight`` are the columns that tell which; ``make`` makes the block of a place.
    Of a removed block ``labels`` may say no more than that, until one of them is looked at.
    """

    __slots__ = ("_made", "_make", "labels", "texts", "tight")

    def __init__(
        self,
        labels: Sequence[Label],
        texts: Sequence[str],
        tight: Sequence[bool],
        make: Callable[[int], Labeled],
    ) -> None:
        self.labels, self.texts, self.tight = labels, texts, tight
        self._make = make
        self._made: dict[int, Labeled] = {}

    def settled(self) -> Sequence[Label]:
        """The labels once a removed block has been looked at."""
        for at, label in enumerate(self.labels):
            if not label.is_kept:
                self[at]
                break
        return self.labels

    def __len__(self) -> int:
        return len(self.labels)

    @overload
    def __getitem__(self, at: int) -> Labeled: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Labeled, ...]: ...
    def __getitem__(self, at: int | slice) -> Labeled | tuple[Labeled, ...]:
        if isinstance(at, slice):
            return tuple([self[it] for it in range(len(self))[at]])
        place = range(len(self))[at]
        found = self._made.get(place)
        if found is None:
            found = self._made[place] = self._make(place)
        return found

    def __iter__(self) -> Iterator[Labeled]:
        return map(self.__getitem__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Laid | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))

    def __reduce__(self) -> tuple[type[tuple[Labeled, ...]], tuple[tuple[Labeled, ...]]]:
        # What is sent elsewhere is whole.
        return tuple, (tuple(self),)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """All blocks of a text in their order. What is kept and what is removed is all there was."""

    blocks: tuple[Labeled, ...] | Laid
    keeping: frozenset[Label] = KEPT

    @property
    def labels(self) -> Sequence[Label]:
        """The label of each block; exact on removed ones where some of them are to be kept."""
        if not isinstance(self.blocks, Laid):
            return [it.label for it in self.blocks]
        return self.blocks.labels if self.keeping <= KEPT else self.blocks.settled()

    @property
    def kept(self) -> tuple[Labeled, ...]:
        return tuple([self.blocks[at] for at, it in enumerate(self.labels) if it in self.keeping])

    @property
    def removed(self) -> tuple[Labeled, ...]:
        return tuple(
            [self.blocks[at] for at, it in enumerate(self.labels) if it not in self.keeping]
        )

    @property
    def text(self) -> str:
        """The kept blocks, an empty line between two of them, none where they stood tight."""
        if isinstance(self.blocks, Laid):
            texts, tight = self.blocks.texts, self.blocks.tight
        else:
            texts = [it.block.text for it in self.blocks]
            tight = [it.block.tight for it in self.blocks]
        parts: list[str] = []
        is_after_kept = False
        for label, text, is_tight in zip(self.labels, texts, tight, strict=True):
            is_kept = label in self.keeping
            if is_kept:
                if parts:
                    parts.append("\n" if is_tight and is_after_kept else "\n\n")
                parts.append(text)
            is_after_kept = is_kept
        return "".join(parts)
