"""No text that a step of ``normalize`` would change is told to need nothing."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.text.traits import FOREIGN, GARBLED, LOOSE, ODD, traits

# What may grow together with a mark, a vowel sign or the second half of a syllable behind it.
GROWING = ("e", "\u1100", "\uac00", "\u09c7", "\u0b47", "\u0dd9", "\u1025")


def test_every_character_that_is_not_composed_is_told() -> None:
    # Beyond the first plane are letters of the same kinds, told by their halves.
    for code in (*range(0x80, 0x10000, 3), *range(0x10000, sys.maxunicode, 997)):
        char = chr(code)
        if not traits(char) & FOREIGN:
            for before in GROWING:
                assert unicodedata.is_normalized("NFC", before + char), hex(code)


@given(st.text("\n\n  ab", max_size=12))
def test_loose_is_what_has_a_space_or_an_empty_line_too_many(text: str) -> None:
    is_loose = any(it in text for it in ("  ", " \n", "\n ", "\n\n\n"))
    assert bool(traits(text) & LOOSE) == is_loose


@pytest.mark.parametrize(
    "odd", ["\t", "\r", "\x85", "\xa0", "\u200b", "\u2028", "\ud83d", "\ufffe"]
)
def test_what_nobody_sees_is_odd(odd: str) -> None:
    assert traits(f"It{odd} rained") & ODD


def test_whole_pairs_are_not_odd_and_halves_apart_are() -> None:
    assert not traits("Rain \U0001f327") & ODD
    assert traits("\ud83c\udf27") & ODD  # two halves that nobody joined


def test_garbled_is_told_by_two_characters_side_by_side() -> None:
    assert traits("caf\u00c3\u00a9") & GARBLED
    assert not traits("caf\u00e9, d\u2019\u00e9t\u00e9") & GARBLED
    assert traits("\ufffd") & GARBLED
