"""Numbers are read as the same however they are written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.duplicates.stems import number_stem
from cleaners.duplicates.words import NUMBER, words

HAN = "零一二三四五六七八九"


def stems(body: str) -> list[int]:
    of = words([body])
    return [int(it) for it in of.stem[of.kind == NUMBER]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("约四十六万瓶", "46万瓶"),
        ("2万8千人", "28,000人"),
        ("三千二百家", "3200家"),
        ("4兆3千億円", "4.3兆円"),
        ("一点四公里", "1.4公里"),
        ("3만5천명", "35000명"),
        ("6 500 conteneurs", "6500 conteneurs"),
        ("42 600 зрителей", "42.600 зрителей"),
        ("52 Tausend Wagen", "52.000 Wagen"),
        ("38 हज़ार लोग", "38,000 लोग"),
        ("at 7:10 a.m.", "at 7.10 a.m."),
    ],
)
def test_one_number_in_two_notations(one: str, other: str) -> None:
    assert stems(one)
    assert stems(one) == stems(other)


@pytest.mark.parametrize(
    ("body", "count"),
    [("in 2022 480 people", 2), ("一些十分", 0), ("5 6 777", 2), ("between 100-200", 2), ("点", 0)],
)
def test_what_is_no_larger_number(body: str, count: int) -> None:
    assert len(stems(body)) == count


@given(st.integers(10, 99_999_999))
def test_han_numerals_mean_their_digits(number: int) -> None:
    assert stems(f"有{_han(number)}人") == [int(number_stem(str(number)))]


@given(st.text(alphabet="0123456789 .,:万千百十点一二三亿k만천ab\n", max_size=40))
def test_any_row_of_numerals_is_read(body: str) -> None:
    of = words([body])
    assert np.isin(of.kind, (0, 1, 2)).all()


def _han(number: int) -> str:
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return f"{_han(number // 10_000)}万{gap}{_han(rest) if rest else ''}"
    found, is_gap = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            found += ("零" if is_gap else "") + HAN[digit] + unit
            is_gap = False
        elif found:
            is_gap = True
    return found
