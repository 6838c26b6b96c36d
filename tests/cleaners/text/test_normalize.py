"""normalize: what it repairs, what it leaves, and its laws."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaners.errors import UnreadableText
from cleaners.text.normalize import normalize

# What text from the web is made of, ends of entities and invisible characters included.
PIECES = st.sampled_from(
    ["&amp;", "&", "amp;", "#39;", "&#x2019;", "lt;", "&nbsp;", "&shy;", "&#8203;", "\u00ad", "\u200b",
     "\u200c", "\u200d", "\u202e", "\ufeff", "\u00a0", "\u3000", "\u2028", "\u2029", "\r", "\n", "\n\n",
     "\t", " ", "Ã©", "â€™", "Ð¡", "é", "e\u0301", "\u037e", "가", "नि", "你", " 好", "。", "-", "\x00", "\x85",
     "word", "Rain fell on the town", "\ud800", "👩\u200d👩", "می\u200cخواهم"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("&amp;amp;amp;lt;")
@example("&am\u200bp;lt;")
@example("Ã&copy;")
def test_twice_is_once(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_what_comes_out_can_be_written_and_has_no_spare_space(text: str) -> None:
    out = normalize(text)
    out.encode("utf-8")
    assert "\n\n\n" not in out
    assert out == out.strip()
    assert all(line == " ".join(line.split()) for line in out.split("\n"))


@given(st.lists(st.text("abcdefghij ABC.", min_size=1, max_size=90), min_size=2, max_size=12))
def test_lines_apart_stay_apart(paragraphs: list[str]) -> None:
    """What stood in two paragraphs is never one paragraph afterwards."""
    named = [f"{n} {it.strip()} {n}." for n, it in enumerate(paragraphs, 1)]
    assert normalize("\n\n".join(named)).split("\n\n") == [normalize(it) for it in named]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("It&#39;s &quot;fine&quot; &amp; dandy", 'It\'s "fine" & dandy'),
        ("caf\u00c3\u00a9 â€œyesâ€\u009d", "café “yes”"),
        ("cafe\u0301", "café"),
        ("Bun\u00addes\u00adtag", "Bundestag"),
        ("zero\u200bwidth \ufeffmark", "zerowidth mark"),
        ("\u202eright\u202c to left\u200f", "right to left"),
        ("a\u00a0b\u3000c\u2009d\te", "a b c d e"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\u2029two", "one\n\ntwo"),
        ("“He said ‘no’ – never —”", "“He said ‘no’ – never —”"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("plain\u200d text", "plain text"),
        ("北 京 今 天 下 雨", "北京今天下雨"),
        ("速報 東京で雨", "速報 東京で雨"),
        ("今天下雨 。明天晴", "今天下雨。明天晴"),
        ("nul\x00byte", "nulbyte"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("pair \ud83d\ude00", "pair 😀"),
        ("x &lt; y &#x26;&#97;mp; z", "x < y &&#97;mp; z"),
        ("\n\n\n", ""),
    ],
)
def test_repairs(given: str, expected: str) -> None:
    assert normalize(given) == expected


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UnreadableText):
        normalize(b"bytes")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "unit",
    ["a", "&amp;", "&", " ", "\n", "\r", "\u200b", "\u200d", "Ã©", "e\u0301", "\u0301", "你 ", "a-\n", "- a\n", "\x00",
     "\ud800", "&#", "<", "\u202e", "中\n", "word word word\n"],
)  # fmt: skip
def test_time_is_linear(unit: str) -> None:
    """Eight times the text takes about eight times the time; a square would take 64 times."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            normalize(text)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(160_000) < 24 * seconds(20_000) + 0.05
