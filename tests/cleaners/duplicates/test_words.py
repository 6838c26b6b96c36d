"""Words in columns: where they stand, what they fold into, which sentence they are in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaners.duplicates.words import NAME, NUMBER, words
from cleaners.text.fold import fold


def cut(text: str) -> list[str]:
    of = words([text])
    return [text[a:b] for a, b in zip(of.start.tolist(), of.end.tolist(), strict=True)]


@given(st.lists(st.text(max_size=60), max_size=5))
def test_words_stand_where_they_say_and_do_not_overlap(texts: list[str]) -> None:
    of = words(texts)
    assert of.first[-1] == len(of.whole) == of.counts.sum()
    for number, text in enumerate(texts):
        last = 0
        for row in range(of.first[number], of.first[number + 1]):
            assert last <= of.start[row] < of.end[row] <= len(text)
            assert fold(text[of.start[row] : of.end[row]])
            last = of.end[row]


@given(st.lists(st.text(alphabet="abcÄé ß.,!?\n12中かไทย", max_size=40), min_size=1, max_size=4))
def test_a_text_is_read_alike_alone_and_among_others(texts: list[str]) -> None:
    together = words(texts)
    for number, text in enumerate(texts):
        alone = words([text])
        rows = slice(together.first[number], together.first[number + 1])
        for column in ("whole", "stem", "kind", "sentence", "start", "end"):
            assert getattr(together, column)[rows].tolist() == getattr(alone, column).tolist()


@given(st.text(alphabet="abc XYZéÖ", max_size=30))
def test_case_and_punctuation_change_no_hash(text: str) -> None:
    plain, loud = words([text]), words([f"«{text.upper()}»…"])
    assert plain.whole.tolist() == loud.whole.tolist()


def test_a_number_is_one_word_and_its_stem_is_its_digits() -> None:
    assert cut("1,100.5 and 30th.") == ["1,100.5", "and", "30th"]
    of = words(["30th 30명 30 ３０"])
    assert len(set(of.stem.tolist())) == 1
    assert set(of.kind.tolist()) == {NUMBER}


def test_a_capital_within_a_sentence_is_a_name() -> None:
    of = words(["Rain fell on Kalmora. Then it stopped."])
    assert of.kind.tolist() == [0, 0, 0, NAME, 0, 0, 0]


def test_sentences_end_where_a_reader_sees_them_end() -> None:
    def count(text: str) -> int:
        return int(words([text]).sentence.max()) + 1

    assert count("He left. She stayed.") == 2
    assert count("Mr. Smith of the U.S. Army left.") == 1
    assert count("It cost 3.50 euros. Nobody paid") == 2
    assert count("One line\nanother line") == 2
    assert count("他走了。她留下了。") == 2
    assert count("“Stay!” he said.") == 1


def test_scripts_without_spaces_have_words_of_two_or_four_characters() -> None:
    of = words(["中国人民"])
    assert len(of.whole) == 4
    assert len(set(of.stem.tolist())) == 4
    # The pair 国人 is the same stem wherever it stands.
    assert set(words(["外国人"]).stem.tolist()) & set(of.stem.tolist())
    assert len(words(["ประเทศไทย"]).whole) >= 6
