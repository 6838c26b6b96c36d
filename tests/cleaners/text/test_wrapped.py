"""Lines that were broken at a width are joined; poems, lists and menus are left alone."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.text.normalize import normalize
from cleaners.text.wrapped import unwrap

STORY = [
    "The ferry left the harbor of Oban at half past six in the morning, an hour late, with forty "
    "cars on its deck and a wind from the west that nobody aboard had expected.",
    "By noon the harbor master had closed the pier. Three boats lay at anchor in the sound, and "
    "the school bus that meets the ferry waited in the rain for passengers who did not come.",
    "“We have seen worse,” said the captain, who has sailed the route for thirty-one years. He "
    "expects the crossing to open again on Thursday, if the wind turns.",
]
POEM = """\
The gulls are in the fields today,
the boats are in the bay,
and nobody has much to say
of what was swept away.

The harbor bell is ringing slow,
the tide is coming in,
and where the ferry used to go
the evening mists begin."""
MENU = "Home\nNews\nSport\nWeather\nBusiness\nOpinion\nCulture\nTravel"


@pytest.mark.parametrize("width", [40, 60, 72, 80, 100])
def test_paragraphs_broken_at_a_width_are_whole_again(width: int) -> None:
    broken = "\n\n".join(textwrap.fill(it, width, break_on_hyphens=False) for it in STORY)
    assert normalize(broken).split("\n\n") == STORY


def test_a_hyphen_at_the_end_of_a_line_goes_unless_the_word_has_one() -> None:
    text = (
        "The council of the city decided on Mon-\nday evening that the old tram depot at\n"
        "the river becomes a library with well-\nknown architects, a well-known wish of\n"
        "people who live around the old depot."
    )
    assert "Monday evening" in unwrap(text)
    assert "well-known architects" in unwrap(text)


def test_chinese_lines_are_joined_without_a_space() -> None:
    story = "台风星期一早晨在海岸登陆渡轮停航学校停课超过三千名居民被疏散到体育馆里等待风势减弱当局表示供电将在星期三恢复"
    broken = "\n".join(textwrap.wrap(story, 12))
    assert len(unwrap("\n".join([broken])).split("\n")) <= 5
    wide = "\n".join(textwrap.wrap(story * 3, 30))
    assert unwrap(wide) == story * 3


@pytest.mark.parametrize("text", [POEM, MENU, "\n".join(STORY), "One line.\nAnd another.", ""])
def test_other_lines_stay(text: str) -> None:
    assert unwrap(text) == text


def test_a_short_line_ends_a_paragraph_even_without_an_empty_line() -> None:
    broken = "\n".join(textwrap.fill(it, 60, break_on_hyphens=False) for it in STORY)
    assert len(unwrap(broken).split("\n\n")) >= 3
    assert unwrap(broken).replace("\n\n", " ") == " ".join(STORY)


WORDS = st.text("abcdefghijklmnop", min_size=1, max_size=9)


@given(
    st.lists(st.lists(WORDS, min_size=12, max_size=60), min_size=2, max_size=6), st.integers(40, 90)
)
def test_two_paragraphs_are_never_one(paragraphs: list[list[str]], width: int) -> None:
    broken = "\n\n".join(textwrap.fill(" ".join(it), width) for it in paragraphs)
    groups = unwrap(broken).split("\n\n")
    assert len(groups) >= len(paragraphs)
    assert " ".join(unwrap(broken).split()) == " ".join(" ".join(it) for it in paragraphs)


def test_no_space_comes_before_the_stop_of_a_script_without_spaces() -> None:
    line = "島の小さな商店が三十年ぶりに値札を書き直した朝に港の人々は静かに並んだ"
    broken = "\n".join([line, f"、{line}", f"、{line}", f"、{line}", f"{line}。"])
    assert unwrap(broken) == f"{line}、{line}、{line}、{line}{line}。"
    assert normalize(normalize(broken)) == normalize(broken)
