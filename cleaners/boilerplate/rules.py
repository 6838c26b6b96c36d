"""The rules that come with the package, as one rule that looks at the text once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaners.blocks import Block
from cleaners.boilerplate.looks import look
from cleaners.boilerplate.phrases import find_phrases, phrase_book, phrase_votes
from cleaners.labels import Vote


def written_rules(blocks: Sequence[Block], /) -> Iterator[Vote]:
    """Phrases, shape, edges: all that was written by hand, for plain text and HTML alike."""
    looks = look(blocks)
    yield from phrase_votes(looks, find_phrases(looks, phrase_book()))
