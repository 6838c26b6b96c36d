from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import JobError, SourceError
from scraper.sources.discover import feeds_of, sitemaps_of
from scraper.sources.entry import Entry
from scraper.sources.links import MOST_LINKS, read_links
from scraper.sources.scope import Scope, domain_of, is_wanted, read_patterns, trap, why_not
from scraper.sources.urls import read_urls

HERE = "http://a.test/section/page"


def anchors(html: str) -> list[str]:
    return list(read_links(html.encode(), HERE).anchors)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/x">', ["http://a.test/x"]),
        ("<A HREF=x>", ["http://a.test/section/x"]),
        ("<a\n class='b'\n href='x?a=1&amp;b=2#c'>", ["http://a.test/section/x?a=1&b=2"]),
        ('<a title="a > b" href="x">', ["http://a.test/section/x"]),
        ("<a data-href='no' href='x'>", ["http://a.test/section/x"]),
        ("<a href='1' href='2'>", ["http://a.test/section/1"]),
        ("<area href='/map'>", ["http://a.test/map"]),
        ("<a href='#top'><a href='mailto:x'><a href='javascript:x'><a href='tel:1'>", []),
        ("<a href='/x'><a href='/x#y'>", ["http://a.test/x"]),
        ("<abbr href='/x'><article href='/y'>", []),
        ("<!-- <a href='/x'> --><a href='/y'>", ["http://a.test/y"]),
        ("<script>'<a href=/x>'</script><a href='/y'>", ["http://a.test/y"]),
        ("<style>a::after{content:'<a href=/x>'}</STYLE ><a href='/y'>", ["http://a.test/y"]),
        ("<base href='http://b.test/z/'><a href='x'>", ["http://b.test/z/x"]),
        ("<a href=' /x\n'>", ["http://a.test/x"]),
        ("<a href='http://b.test/ü'>", ["http://b.test/%C3%BC"]),
        ("<a href='/x'", []),
        ("<a href", []),
        ("<!-- <a href='/x'>", []),
    ],
)
def test_links_are_found_as_a_browser_finds_them(html: str, expected: list[str]) -> None:
    assert anchors(html) == expected


def test_so_many_links_and_no_more() -> None:
    assert len(anchors("".join(f"<a href='/{n}'>" for n in range(3 * MOST_LINKS)))) == MOST_LINKS


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<a href='",
        '<a href="x',
        "<!--",
        "<script>",
        "<a x=y ",
        "<a " + "b" * 8000,
        "<",
        "<a b= ",
        "<a \"'",
        "</script><script>",
    ],
)
def test_the_time_is_linear_in_the_page(piece: str) -> None:
    html = (piece * (1 + 2_000_000 // len(piece))).encode()
    begin = time.process_time()
    read_links(html, HERE)
    assert time.process_time() - begin < 3


@given(st.text("<a hrefscript!-'\"=/>\n", max_size=200), st.binary(max_size=50))
def test_no_page_makes_it_raise(text: str, noise: bytes) -> None:
    found = read_links(text.encode() + noise + text.encode(), HERE)
    assert all(it.startswith("http") for it in (*found.anchors, *found.feeds))


# discovery

HOME = b"""<link rel="alternate" type="application/rss+xml" href="/feed/">
<link rel='alternate home' type='application/atom+xml' href='atom'>
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
<link rel="alternate" hreflang="de" href="/de/"><link rel="stylesheet" type="text/css" href="x.css">
<a href="/about/rss">Our feeds</a><a href="http://other.test/rss">Another's</a><a href="/feedback">Mail</a>"""


def test_a_home_page_declares_its_feeds() -> None:
    found = feeds_of(HOME, "http://a.test/")
    assert found.declared == ("http://a.test/feed/", "http://a.test/atom")
    assert found.likely[0] == "http://a.test/about/rss"
    assert "http://a.test/rss.xml" in found.likely
    assert not [it for it in found.likely if "other.test" in it or "feedback" in it]


def test_robots_declares_the_sitemaps() -> None:
    found = sitemaps_of(["http://a.test/maps/1.xml"], "http://a.test/news/")
    assert found.declared == ("http://a.test/maps/1.xml",)
    assert "http://a.test/sitemap.xml" in found.likely


# scope

START = "http://www.news.co.uk/world/index.html"


@pytest.mark.parametrize(
    ("reach", "url", "expected"),
    [
        ("host", "http://www.news.co.uk/x", None),
        ("host", "https://news.co.uk/x", None),
        ("host", "http://blog.news.co.uk/x", "another host"),
        ("domain", "http://blog.news.co.uk/x", None),
        ("domain", "http://other.co.uk/x", "another domain"),
        ("prefix", "http://www.news.co.uk/world/asia/x", None),
        ("prefix", "http://www.news.co.uk/worldly", "another place"),
        ("prefix", "http://other.co.uk/world/x", "another place"),
    ],
)
def test_a_crawl_reaches_as_far_as_it_is_told(reach: str, url: str, expected: str | None) -> None:
    assert why_not(url, 1, Scope(START, reach)) == expected  # type: ignore[arg-type]


def test_depth_and_patterns_bound_it() -> None:
    scope = Scope(START, depth=2, exclude=read_patterns([r"/sport/"], "source.exclude"))
    assert why_not("http://news.co.uk/x", 2, scope) is None
    assert why_not("http://news.co.uk/x", 3, scope) == "too deep"
    assert why_not("http://news.co.uk/sport/x", 1, scope) == "excluded"


def test_patterns_want_any_of_these_and_none_of_those() -> None:
    include, exclude = read_patterns([r"/20\d\d/", "story"], "i"), read_patterns(["live"], "e")
    assert is_wanted("http://a.test/2026/x", include, exclude)
    assert not is_wanted("http://a.test/x", include, exclude)
    assert not is_wanted("http://a.test/2026/live", include, exclude)
    assert is_wanted("http://a.test/x", (), exclude)


def test_a_pattern_that_is_none_names_its_key() -> None:
    with pytest.raises(JobError, match=r"source\.include.*\["):
        read_patterns(["["], "source.include")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.test/2026/11/02/a-story-of-note", None),
        ("http://a.test/a/b/a/b/a/c", None),
        ("http://a.test/a/b/a/b/a/b/a/b", "repeats itself"),
        ("http://a.test/" + "x" * 1100, "long address"),
        ("http://a.test/" + "/".join(str(n) for n in range(20)), "deep path"),
        ("http://a.test/report.PDF", "file"),
        ("http://a.test/report.pdf.html", None),
        ("http://a.test/pdf", None),
        ("http://a.test/?" + "&".join(f"k{n}=1" for n in range(9)), "many parameters"),
        ("http://a.test/x;jsessionid=1F", "session or order"),
        ("http://a.test/x?PHPSESSID=1", "session or order"),
        ("http://a.test/x?replytocom=4", "session or order"),
        ("http://a.test/x?inside=4", None),
        ("http://a.test/?p=123456", None),
        ("http://a.test/news/page/4/", None),
        ("http://a.test/news/page/40000/", "far page"),
        ("http://a.test/calendar/2031-04", "calendar"),
        ("http://a.test/events/month/2031/04/", "calendar"),
        ("http://a.test/1851/09/18/archives", None),
        ("http://a.test/story/4521/3/", None),
    ],
)
def test_places_without_end_are_known(url: str, expected: str | None) -> None:
    assert trap(url) == expected


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.news.co.uk", "news.co.uk"),
        ("a.b.example.com", "example.com"),
        ("co.uk", "co.uk"),
        ("10.0.0.1", "10.0.0.1"),
        ("[::1]", "[::1]"),
    ],
)
def test_the_domain_is_what_can_be_registered(host: str, domain: str) -> None:
    assert domain_of(host) == domain


# lists


def test_a_list_has_comments_gaps_and_faults() -> None:
    lines = [
        "\ufeffhttp://a.test/1\n",
        "# note",
        "",
        "  a.test/2#part  # why",
        "http://a.test/3 #x",
        "two words",
        "/path",
        "x" * 9000,
    ]
    found = list(read_urls(lines))
    assert [it.url for it in found if isinstance(it, Entry)] == [
        "http://a.test/1",
        "https://a.test/2",
        "http://a.test/3",
    ]
    assert [it.where[:9] for it in found if isinstance(it, SourceError)] == [
        "two words",
        "/path",
        "x" * 9,
    ]


@given(st.lists(st.text(max_size=50), max_size=5))
def test_every_line_is_an_address_a_fault_or_nothing(lines: list[str]) -> None:
    assert len(list(read_urls(lines))) <= len(lines)
