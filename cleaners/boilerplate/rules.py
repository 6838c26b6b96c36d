"""The written rules, for plain text and HTML alike: phrases, shape, edges, and then context."""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.blocks import Block
from cleaners.boilerplate.edges import edge_votes
from cleaners.boilerplate.looks import Looks, look
from cleaners.boilerplate.phrases import Found, find_phrases, phrase_book, phrase_votes
from cleaners.boilerplate.shape import shape_votes
from cleaners.labels import Vote


def written_rules(blocks: Sequence[Block], /) -> list[Vote]:
    """The votes of phrases, shape and edges; what context adds needs the others' votes first."""
    looks = look(blocks)
    return votes_on(looks, list(find_phrases(looks, phrase_book())))


def votes_on(looks: Looks, found: Sequence[Found], title: str | None = None) -> list[Vote]:
    """The same where looks and phrases are there already, and perhaps the title of the page."""
    return [*phrase_votes(looks, found), *shape_votes(looks), *edge_votes(looks, title)]
