"""The language of a text is told by its function words, and decides on everyday words of others."""

from __future__ import annotations

import pytest

from cleaners.boilerplate.looks import look
from cleaners.boilerplate.phrase_book import phrase_book
from cleaners.boilerplate.phrases import find_phrases
from cleaners.boilerplate.tongues import tongues
from cleaners.text.fold import fold_words
from cleaners.text.segment import segment

ENGLISH = (
    "The ferry left the harbor of Oban at half past six in the morning, an hour late, with forty"
    " cars on its deck and a wind from the west that nobody aboard had expected."
)
ITALIAN = (
    "Il traghetto è partito dal porto di Oban alle sei e mezza del mattino, con un'ora di ritardo,"
    " con quaranta auto sul ponte e un vento da ovest che nessuno a bordo si era aspettato."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH, {"en"}),
        (ITALIAN, {"it"}),
        ("Sports Weather Traffic Home", set()),
        ("", set()),
        ("一九三七年に開かれた小さな書店は、今も川のほとりにある。", set()),
    ],
)
def test_the_language_of_a_text(text: str, expected: set[str]) -> None:
    assert tongues(fold_words([text])) == expected


@pytest.mark.parametrize(("story", "is_hit"), [(ENGLISH, False), (ITALIAN, True), ("", True)])
def test_an_everyday_word_counts_in_its_language_or_where_none_is_known(
    story: str, is_hit: bool
) -> None:
    looks = look(segment(f"{story}\n\nData: 12 aprile 2024"))
    found = {it.phrase.id for it in find_phrases(looks, phrase_book())}
    assert ("update_stamp.label.it" in found) is is_hit


def test_a_longer_phrase_counts_in_any_language() -> None:
    looks = look(segment(f"{ENGLISH}\n\nPotrebbe interessarti anche: La tempesta"))
    assert "related.inline.it" in {it.phrase.id for it in find_phrases(looks, phrase_book())}
