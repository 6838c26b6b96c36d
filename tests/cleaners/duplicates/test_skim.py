"""Words read in a hurry are the words that are read with care."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.duplicates.skim import skim
from cleaners.duplicates.words import words

# Letters of several scripts, digits, what parts words and what does not.
ALPHABET = "ab'’Zé\u0301ß½ﬁ1٢2.,5 \n“—x日本ไทย한국дж🙂𞤀\u00ad"


@given(st.lists(st.text(ALPHABET, max_size=40), max_size=5))
def test_it_reads_the_same_words(texts: list[str]) -> None:
    quick, full = skim(texts), words(texts)
    assert (quick.whole == full.whole).all()
    assert (quick.first == full.first).all()


@given(st.lists(st.text("abc", min_size=1, max_size=12), unique=True, min_size=2))
def test_other_words_have_other_hashes(plain: list[str]) -> None:
    assert len(np.unique(skim([" ".join(plain)]).whole)) == len(plain)


@pytest.mark.parametrize("length", [63, 64, 65, 66, 200])
def test_long_words_differ_by_any_letter(length: int) -> None:
    told = ["a" * at + "b" + "a" * (length - at - 1) for at in range(length)]
    assert len(np.unique(skim(told).whole)) == length


def test_a_word_without_end_costs_no_more_than_its_letters() -> None:
    start = time.process_time()
    assert skim(["x" * 3_000_000]).counts.tolist() == [1]
    assert time.process_time() - start < 2
