"""The whole way in one call: text or blocks in, the story and what was around it out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaners.blocks import Block
from cleaners.boilerplate.decide import decide
from cleaners.boilerplate.rule import Rule
from cleaners.boilerplate.rules import written_rules
from cleaners.errors import UnreadableText
from cleaners.labels import Cleaned, Label, Vote, kept_labels
from cleaners.text.normalize import normalize
from cleaners.text.segment import segment

RULES: tuple[Rule, ...] = (written_rules,)


def clean(
    text: str | bytes,
    *,
    title: str | None = None,
    keep: Iterable[Label] = (),
    drop: Iterable[Label] = (),
    rules: Sequence[Rule] = RULES,
) -> Cleaned:
    """Plain text that an extractor left: the story, and each block that is none, with its label.

    ``title`` helps to tell a repeated headline where it is known. ``keep`` and ``drop`` change
    what the labels do. Bytes are UTF-8; ``UnreadableText`` where they are not.

    >>> clean("It rained all day in Ghent.\\n\\nLeave a Reply").text
    'It rained all day in Ghent.'
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UnreadableText("text", f"not UTF-8: {error}") from error
    return clean_blocks(segment(normalize(text)), rules=rules, keep=keep, drop=drop)


def clean_blocks(
    blocks: Sequence[Block],
    *,
    rules: Sequence[Rule] = RULES,
    votes: Iterable[Vote] = (),
    keep: Iterable[Label] = (),
    drop: Iterable[Label] = (),
) -> Cleaned:
    """The same for blocks of whatever origin; ``votes`` are those that were cast elsewhere."""
    cast = list(votes)
    for rule in rules:
        cast += rule(blocks)
    return Cleaned(decide(blocks, cast), kept_labels(keep, drop))
