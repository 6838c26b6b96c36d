"""fold: what is the same to a reader is the same text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.text.fold import fold, fold_words, word_span


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("READ  MORE:", "read more"),
        ("À LIRE AUSSI", "a lire aussi"),
        ("don’t", "don't"),
        ("Straße", "STRASSE"),
        ("ﬁve ½", "five 1 2"),
        ("ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("мо́ре", "море"),
        ("الأَخْبَار", "الأخبار"),
        ("read\u00admore", "readmore"),
    ],
)
def test_the_same(a: str, b: str) -> None:
    assert fold(a) == fold(b)


@pytest.mark.parametrize(("a", "b"), [("कि", "की"), ("가", "나"), ("か", "が"), ("ไม่", "ใหม่")])
def test_not_the_same(a: str, b: str) -> None:
    assert fold(a) != fold(b)


def test_unspaced_scripts_fall_into_characters() -> None:
    assert fold("台风登陆。ok") == "台 风 登 陆 ok"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_the_unicode_form_does_not_matter(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.lists(st.text()))
def test_lines_fold_as_one_by_one(lines: list[str]) -> None:
    assert fold_words(lines) == [fold(it).split() for it in lines]


@given(st.text("aB é:,“中\u0301 -'x", min_size=1), st.data())
def test_a_span_folds_to_its_words(text: str, data: st.DataObject) -> None:
    text = unicodedata.normalize("NFC", text)
    words = fold(text).split()
    if words:
        first = data.draw(st.integers(0, len(words) - 1))
        last = data.draw(st.integers(first, len(words) - 1))
        start, end = word_span(text, first, last)
        assert fold(text[start:end]).split() == words[first : last + 1]


@pytest.mark.parametrize("letters", ["ß", "ß™½", "ß™½㎏㎞ﬀﬃǆĳ№℡", "ß日", "ße\u0301", "ß😀"])
def test_letters_that_become_several_fold_side_by_side_as_alone(letters: str) -> None:
    alone = [fold(f"a{it}b") for it in letters]
    assert fold(" ".join([f"a{it}b" for it in letters])) == " ".join(alone)
