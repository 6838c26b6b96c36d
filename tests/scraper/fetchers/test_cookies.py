from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetchers.address import read_address
from scraper.fetchers.cookies import MOST, cookie_line, keep_cookies

HERE = "https://news.paper.co.uk/a/b"


def sent(cookie: str, there: str, here: str = HERE) -> str:
    jar = keep_cookies((), read_address(here), (("Set-Cookie", cookie),))
    return cookie_line(jar, read_address(there))


@pytest.mark.parametrize("suffix", ["co.uk", ".co.uk", "uk", "github.io", "com"])
def test_a_cookie_for_a_public_suffix_is_ignored(suffix: str) -> None:
    here = f"https://paper.{suffix.lstrip('.')}/"
    assert sent(f"a=1; Domain={suffix}", here, here) == ""
    assert sent(f"a=1; Domain={suffix}", here.replace("paper", "other"), here) == ""


@pytest.mark.parametrize(
    ("cookie", "there", "expected"),
    [
        ("a=1", HERE, "a=1"),
        ("a=1", "https://news.paper.co.uk/a/c", "a=1"),  # the default path is the folder
        ("a=1", "https://news.paper.co.uk/", ""),
        ("a=1; Path=/", "https://news.paper.co.uk/", "a=1"),
        ("a=1; Path=/x", "https://news.paper.co.uk/xy", ""),
        ("a=1; Path=/", "https://paper.co.uk/", ""),
        ("a=1; Path=/; Domain=paper.co.uk", "https://www.paper.co.uk/", "a=1"),
        ("a=1; Path=/; Domain=paper.co.uk", "https://wallpaper.co.uk/", ""),
        ("a=1; Path=/; Domain=www.paper.co.uk", "https://www.paper.co.uk/", ""),
        ("a=1; Path=/; Secure", "http://news.paper.co.uk/", ""),
        ("a=1; Path=/; Max-Age=0", HERE, ""),
        ("a=; Path=/", HERE, ""),
        ("=1", HERE, ""),
        ("a", HERE, ""),
        ("a=\x1b[2J", HERE, ""),
        ("a=" + "x" * 5000, HERE, ""),
    ],
)
def test_a_cookie_goes_where_rfc_6265_says(cookie: str, there: str, expected: str) -> None:
    assert sent(cookie, there) == expected


def test_a_cookie_for_an_ip_address_is_for_that_one() -> None:
    assert sent("a=1; Path=/; Domain=0.0.1", "http://127.0.0.1/", "http://127.0.0.1/") == ""
    assert sent("a=1; Path=/", "http://127.0.0.1/", "http://127.0.0.1/") == "a=1"


def test_the_later_of_two_counts_and_an_empty_one_takes_it_away() -> None:
    here = read_address(HERE)
    jar = keep_cookies((), here, (("set-cookie", "a=1"), ("Set-Cookie", "a=2")))
    assert cookie_line(jar, here) == "a=2"
    assert keep_cookies(jar, here, (("Set-Cookie", "a=x; Max-Age=-1"),)) == ()


def test_the_jar_is_bounded() -> None:
    many = tuple(("Set-Cookie", f"c{n}=1") for n in range(10 * MOST))
    assert len(keep_cookies((), read_address(HERE), many)) == MOST


@given(st.text(max_size=200))
def test_no_cookie_makes_it_raise_or_splits_the_head(text: str) -> None:
    line = sent(text, HERE)
    assert "\r" not in line
    assert "\n" not in line
