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


COMMENTS = [
    "Jill Winger",
    "I took that ferry for thirty years, and I never once saw it leave the pier on time, not even in June.",
    "And I would take it again tomorrow, rain or no rain, if only somebody would tell us when it goes.",
    "• Doris Adams",
    "My father was the harbor master in those days, and he closed the pier for every wind from the west.",
]


def test_what_readers_wrote_goes_with_its_heading_however_long_it_is() -> None:
    found = removed(*STORY, "12 Comments", *COMMENTS)
    assert found == dict.fromkeys(["12 Comments", *COMMENTS], Label.COMMENT)


@pytest.mark.parametrize(
    "parts",
    [
        # A count at the head, a count between two paragraphs, and one far from the end.
        (STORY[0], "12 Comments", *STORY[1:], "Oban", COMMENTS[1]),
        (*STORY, "12 Comments", " ".join(COMMENTS[1:3])),
        (
            *STORY,
            "12 Comments",
            "Oban",
            *[f"{it} So it went {at} times." for at in range(9) for it in STORY],
        ),
    ],
)
def test_a_story_that_goes_on_under_a_count_of_comments_stays(parts: tuple[str, ...]) -> None:
    gone = set(removed(*parts))
    assert not gone & {*STORY, COMMENTS[1], " ".join(COMMENTS[1:3])}
    assert len([it for it in gone if "So it went" in it]) <= 8
