"""What follows from what stands around a block, and where the story goes on."""

from __future__ import annotations

import pytest

from cleaners.clean import clean
from cleaners.labels import Label

STORY = [
    "The ferry left the harbor of Oban at half past six in the morning, an hour late, with forty cars on its deck "
    "and a wind from the west that nobody aboard had expected.",
    "By noon the harbor master had closed the pier, and the school bus that meets the ferry waited in the rain for "
    "passengers who did not come before the evening.",
    "The company did not answer questions about the next crossing, which is planned for Thursday, if the wind turns "
    "and the pier opens again in the morning.",
]
BIO = (
    "Max Grant writes about ferries and harbors. Before that he was a cook and a sailor. He lives on the island of "
    "Mull with two dogs and a boat that he has never finished."
)
TITLES = [
    "Storm closes the pier of Oban",
    "Five islands for a long weekend",
    "What the sale of the ferries means",
]


def removed(*parts: str) -> dict[str, Label]:
    """The rules alone: what the model has learned must not carry these tests."""
    return {it.block.text: it.label for it in clean("\n\n".join(parts), rules=()).removed}


def test_titles_under_a_list_heading_go_with_it() -> None:
    found = removed(*STORY, "You May Also Like", *TITLES)
    assert found == dict.fromkeys(["You May Also Like", *TITLES], Label.RELATED)


def test_a_bio_goes_with_its_heading() -> None:
    found = removed(*STORY, "About the Author: Max Grant", BIO)
    assert found == dict.fromkeys(["About the Author: Max Grant", BIO], Label.AUTHOR_BIO)


def test_the_story_goes_on_after_a_list_in_its_middle() -> None:
    found = removed(STORY[0], "You May Also Like", TITLES[0], *STORY[1:])
    assert not set(found) & set(STORY)
    assert "You May Also Like" in found


def test_a_line_between_two_removed_ones_after_the_story_goes() -> None:
    found = removed(
        *STORY,
        "You May Also Like",
        "Leave a Reply",
        "Ferry talk",
        "Your email address will not be published.",
    )
    assert "Ferry talk" in found


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_short_paragraph_of_the_story_stays(place: int) -> None:
    short = "Nobody was hurt"
    assert short not in removed(*STORY[:place], short, *STORY[place:])
