"""Bios without a heading: who wrote it, said at the end; not whom the story is about."""

from __future__ import annotations

import pytest

from cleaners.boilerplate.bios import bio_votes
from cleaners.boilerplate.looks import look
from cleaners.text.segment import segment

STORY = "The ferry left the harbor of Oban at half past six, an hour late, with forty cars on deck."


def voted(*lines: str) -> list[int]:
    return [it.block for it in bio_votes(look(segment("\n\n".join(lines))))]


@pytest.mark.parametrize(
    "line",
    [
        "Ada Berg is a reporter who covers the coast and its ferries.",
        "Ada Berg (@adab) is a senior staff writer at the Ferry.",
        "Ada van der Berg is the islands correspondent of the Daily Ferry.",
        "Ada Berg ist freie Journalistin und schreibt über das Meer.",
        "Ada Berg est journaliste indépendante et vit à Brest depuis dix ans.",
        "Ada Berg es periodista y escribe sobre el mar y sus puertos.",
        "Ada Berg è una giornalista che scrive di mare e di porti.",
    ],
)
def test_who_wrote_it_is_a_bio_at_the_end_and_nowhere_else(line: str) -> None:
    assert voted(STORY, line) == [1]
    assert voted(line, STORY) == []
    assert voted(STORY, line, *[STORY] * 8) == []


@pytest.mark.parametrize(
    "line",
    [
        "Ada Berg is the captain of the ferry that left Oban an hour late.",
        "Ada Berg is dead, a reporter of the Ferry learned on Monday in Oban.",
        "It is a reporter who asks, not a captain, she said in the harbor.",
        "The ferry is a friend to every writer who has missed it once.",
        "Ada Berg is a writer",
    ],
)
def test_what_only_looks_like_a_bio(line: str) -> None:
    assert voted(STORY, line) == []
