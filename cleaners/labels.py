"""What a block is found to be, by which vote, and what follows for the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Cleaned:
    """All blocks of a text in their order. What is kept and what is removed is all there was."""

    blocks: tuple[Labeled, ...]
    keeping: frozenset[Label] = KEPT

    @property
    def kept(self) -> tuple[Labeled, ...]:
        return tuple(it for it in self.blocks if it.label in self.keeping)

    @property
    def removed(self) -> tuple[Labeled, ...]:
        return tuple(it for it in self.blocks if it.label not in self.keeping)

    @property
    def text(self) -> str:
        """The kept blocks, an empty line between two of them, none where they stood tight."""
        parts: list[str] = []
        is_after_kept = False
        for it in self.blocks:
            is_kept = it.label in self.keeping
            if is_kept:
                if parts:
                    parts.append("\n" if it.block.tight and is_after_kept else "\n\n")
                parts.append(it.block.text)
            is_after_kept = is_kept
        return "".join(parts)
