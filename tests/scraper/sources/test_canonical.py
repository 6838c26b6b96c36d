from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import Reason, SourceError
from scraper.sources.canonical import absolute, canonicalize, host_of, is_tracking


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://News.Example.test:80/A/./b/../c", "http://news.example.test/A/c"),
        ("https://a.test:443", "https://a.test/"),
        ("https://a.test:8443/", "https://a.test:8443/"),
        ("http://a.test/x#comments", "http://a.test/x"),
        ("http://a.test./x", "http://a.test/x"),
        ("http://user:pw@a.test/", "http://a.test/"),
        ("http://bücher.test/ü?q=ü", "http://xn--bcher-kva.test/%C3%BC?q=%C3%BC"),
        ("http://a.test/%7euser/%3a%2f", "http://a.test/~user/%3A%2F"),
        ("http://a.test/%252e", "http://a.test/%252e"),
        ("http://a.test/?", "http://a.test/"),
        ("http://a.test/?b=2&a=1", "http://a.test/?a=1&b=2"),
        ("http://a.test/?b=2&a=1&b=1", "http://a.test/?a=1&b=2&b=1"),
        ("http://a.test/?12345&x", "http://a.test/?12345&x"),
        ("http://a.test/?/forum/2", "http://a.test/?/forum/2"),
        ("http://a.test/?utm_source=x&UTM_Medium=y&id=7", "http://a.test/?id=7"),
        ("http://a.test/?utm%5Fsource=x", "http://a.test/"),
        ("http://a.test/?fbclid=1&gclid=2", "http://a.test/"),
        (
            "http://a.test/?ref=frontpage&s=1&source=x&id=2",
            "http://a.test/?id=2&ref=frontpage&s=1&source=x",
        ),
        ("http://a.test/a b", "http://a.test/a%20b"),
        ("  http://a.test/\n", "http://a.test/"),
        ("http:\\\\a.test\\x", "http://a.test/x"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://a.test//x//", "http://a.test//x//"),
        ("http://a.test/index.html", "http://a.test/index.html"),
    ],
)
def test_one_page_has_one_address(url: str, expected: str) -> None:
    assert canonicalize(url) == expected
    assert canonicalize(expected) == expected


@pytest.mark.parametrize(
    "url", ["", "a", "/x", "mailto:x@a.test", "http://", "javascript:1", "ftp://a/", "http://[::"]
)
def test_what_is_no_web_address_is_a_typed_error(url: str) -> None:
    with pytest.raises(SourceError) as caught:
        canonicalize(url)
    assert caught.value.reason is Reason.BAD_ADDRESS


def test_relative_to_a_page() -> None:
    assert absolute("../b?utm_source=1#x", "http://a.test/x/y/") == "http://a.test/x/b?utm_source=1"
    assert canonicalize("//b.test/x", "https://a.test/") == "https://b.test/x"


def test_the_host_is_in_lower_case_and_in_ascii() -> None:
    assert host_of("HTTPS://Bücher.Test:81/") == "xn--bcher-kva.test"
    assert host_of("nothing") == ""


@pytest.mark.parametrize(
    "name", ["google", "other", "tools", "ref", "source", "id", "p", "page", "q", "from"]
)
def test_what_may_be_content_is_no_tracking(name: str) -> None:
    assert not is_tracking(name)


urls = st.builds(
    "http://{}.test/{}?{}#{}".format,
    st.text("abcü-", min_size=1, max_size=5).filter(
        lambda it: it[0] != "-" != it[-1] and "--" not in it
    ),
    st.text("ab/.%27eE ü~", max_size=20),
    st.text("ab=&%2ud_=tms;/+", max_size=30),
    st.text(max_size=5),
)


@given(urls)
def test_doing_it_twice_changes_nothing_more(url: str) -> None:
    once = canonicalize(url)
    assert canonicalize(once) == once
    assert once.isascii()
    assert "#" not in once


@given(st.text(max_size=100))
def test_no_text_ends_in_anything_but_a_typed_error(text: str) -> None:
    for it in (text, f"http://{text}"):
        try:
            once = canonicalize(it)
        except SourceError:
            continue
        assert canonicalize(once) == once
