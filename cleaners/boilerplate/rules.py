"""The written rules, for text and HTML alike: phrases, shape, edges, captions, bios, context."""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.boilerplate.bios import bio_votes
from cleaners.boilerplate.captions import caption_votes
from cleaners.boilerplate.edges import edge_votes
from cleaners.boilerplate.looks import Looks
from cleaners.boilerplate.phrases import Found, phrase_votes
from cleaners.boilerplate.shape import shape_votes
from cleaners.labels import Vote


def votes_on(looks: Looks, found: Sequence[Found], title: str | None = None) -> list[Vote]:
    """The votes of all but context, which needs the others' votes first.

    ``found`` are the text's phrases, ``title`` that of the page where it is known.
    """
    return [
        *phrase_votes(looks, found),
        *shape_votes(looks),
        *edge_votes(looks, title),
        *caption_votes(looks),
        *bio_votes(looks),
    ]
