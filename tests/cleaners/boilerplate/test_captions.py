"""Captions are told by who took the picture, and by the line beside them."""

from __future__ import annotations

import pytest

from cleaners.boilerplate.captions import caption_votes
from cleaners.boilerplate.looks import look
from cleaners.text.segment import segment


def rules(text: str) -> list[tuple[int, str]]:
    return [(it.block, it.rule) for it in caption_votes(look(segment(text)))]


@pytest.mark.parametrize(
    "caption",
    [
        "The ferry leaves the pier of Oban in a storm (Picture: PA)",
        "The ferry leaves the pier of Oban in a storm (AFP/Getty Images)",
        "The ferry leaves the pier of Oban in a storm. Ann Lee/Reuters",
        "The ferry leaves the pier of Oban in a storm. AP Photo/Ann Lee",
        "The ferry leaves the pier of Oban, Nov. 3. Ann Lee / Anadolu via Getty Images",
        "Die Fähre verlässt den Hafen im Sturm. Foto: Anna Berg/dpa",
        "Die Fähre verlässt den Hafen im Sturm (Bild: Anna Berg)",
        "Паром покидает гавань во время шторма. Фото: Анна Берг",
        "Prom opuszcza port w czasie sztormu. Fot. Anna Berg / PAP",
    ],
)
def test_a_name_at_the_end_makes_a_caption(caption: str) -> None:
    assert rules(caption) == [(0, "captions.credit")]


@pytest.mark.parametrize(
    "line",
    [
        "The minister told the agency (Reuters) that the ferry would sail.",
        "LONDON (Reuters)",
        "He showed a photo: a ferry, a pier, and nobody on it.",
        "Copyright © 2024 The Daily Ferry",
        "What the captain saw in the photo",
        "| Photo: Ann Lee | 3 | 4 |",
        "The picture: a town without a ferry. What comes next?",
    ],
)
def test_news_is_no_caption(line: str) -> None:
    assert rules(line) == []


def test_a_line_goes_with_the_caption_that_it_begins() -> None:
    text = "So könnte der Hafen einmal aussehen\n\nSo könnte der Hafen einmal aussehen © Gebag"
    assert rules(text) == [(1, "captions.rights"), (0, "captions.twice")]


def test_a_long_line_is_searched_at_its_end_only() -> None:
    assert rules("The ferry (" * 50_000 + " Picture: PA)") == []
