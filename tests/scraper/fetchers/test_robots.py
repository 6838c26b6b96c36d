"""RFC 9309, first as a decision over bytes, then over a real socket."""

from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import FetchError, Reason
from scraper.fetchers.http import Fetcher
from scraper.fetchers.polite import Polite
from scraper.fetchers.robots import DAY, MOST_BYTES, MOST_RULES, SOON, Verdict, read_robots
from tests.scraper.fetchers.site import Answer, Asked, Site, by_target, page, serving, to

ME = "winnow-news"


def allows(text: str | bytes, path: str, status: int | None = 200) -> bool:
    body = text.encode() if isinstance(text, str) else text
    return read_robots(status, body, ME).allows(f"http://a.test{path}")


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        # RFC 9309 section 2.2.1: the group is chosen by the whole name, without case.
        ("User-agent: WINNOW-News\nDisallow: /\n\nUser-agent: *\nAllow: /", "/x", False),
        ("User-agent: winnow-news/2.0\nDisallow: /", "/x", False),
        ("User-agent: winnow\nDisallow: /", "/x", True),
        ("User-agent: winnow-newsreader\nDisallow: /", "/x", True),
        ("User-agent: news\nDisallow: /", "/x", True),
        # Groups of one name are one group; several names may share one.
        (
            "User-agent: winnow-news\nDisallow: /a\n\nUser-agent: winnow-news\nDisallow: /b",
            "/b",
            False,
        ),
        ("User-agent: x\nUser-agent: winnow-news\nDisallow: /a", "/a", False),
        ("User-agent: x\nCrawl-delay: 2\nUser-agent: winnow-news\nDisallow: /a", "/a", False),
        # An own group, though empty, hides that for all.
        ("User-agent: winnow-news\nDisallow:\n\nUser-agent: *\nDisallow: /", "/x", True),
        ("User-agent: *\nDisallow: /", "/x", False),
        ("Disallow: /", "/x", True),  # a rule without a group
        # Section 2.2.2: the longest match wins, allow where they are equal.
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /A", "/a", True),
        # Section 2.2.3: * and $.
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
        ("User-agent: *\nDisallow: /a*b", "/axxb/c", False),
        ("User-agent: *\nDisallow: *", "/x", False),
        # Percent signs: the same octets are the same path.
        ("User-agent: *\nDisallow: /ü", "/%C3%BC", False),
        ("User-agent: *\nDisallow: /%7Ejoe", "/~joe", False),
        # Lines as people write them.
        ("\ufeffUser-agent: *\nDisallow: /x", "/x", False),
        ("User-agent: *\rDisallow: /x", "/x", False),
        ("  user-agent : *  # all\n\tDISALLOW :/x # no", "/x", False),
        ("Useragent: *\nDissallow: /x", "/x", False),
        ("User-agent: *\nnonsense\nSitemap: http://a.test/s.xml\nDisallow: /x", "/x", False),
        # Always allowed.
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        # No robots.txt at all, only a page that says so politely.
        ("<!DOCTYPE html><html><p>Disallow: /x</p></html>", "/x", True),
    ],
)
def test_the_rules_of_rfc_9309(text: str, path: str, expected: bool) -> None:
    assert allows(text, path) is expected


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.RULES),
        (404, Verdict.ALL),
        (410, Verdict.ALL),
        (401, Verdict.ALL),
        (403, Verdict.ALL),
        (310, Verdict.ALL),
        (429, Verdict.NOTHING),
        (500, Verdict.NOTHING),
        (503, Verdict.NOTHING),
        (None, Verdict.NOTHING),
    ],
)
def test_the_status_decides_where_there_is_no_file(status: int | None, verdict: Verdict) -> None:
    found = read_robots(status, b"User-agent: *\nDisallow: /x", ME)
    assert found.verdict is verdict
    assert found.allows("http://a.test/x") is (verdict is Verdict.ALL)
    assert found.good_for == (SOON if verdict is Verdict.NOTHING else DAY)


def test_what_stands_after_500_kib_is_not_read() -> None:
    filler = b"# " + b"x" * 97 + b"\n"
    text = b"User-agent: *\nDisallow: /a\n" + filler * (MOST_BYTES // 100) + b"Disallow: /b\n"
    assert not allows(text, "/a")
    assert allows(text, "/b")


def test_crawl_delay_and_sitemaps_are_told() -> None:
    text = b"""Sitemap: http://a.test/1.xml
User-agent: *
Crawl-delay: 10
User-agent: winnow-news
crawl-delay: 2.5
Sitemap: http://a.test/2.xml
sitemap: http://a.test/1.xml"""
    found = read_robots(200, text, ME)
    assert found.crawl_delay == 2.5
    assert found.sitemaps == ("http://a.test/1.xml", "http://a.test/2.xml")
    assert read_robots(200, text, "other").crawl_delay == 10


@pytest.mark.parametrize("delay", ["-1", "nan", "inf", "soon", "0", ""])
def test_a_crawl_delay_that_is_none_is_none(delay: str) -> None:
    assert read_robots(200, f"User-agent: *\nCrawl-delay: {delay}".encode(), ME).crawl_delay is None


def test_fifty_thousand_rules_are_read_and_asked_in_no_time() -> None:
    rules = b"".join(b"Disallow: /*a%d*b\n" % n for n in range(50_000))
    begin = time.process_time()
    found = read_robots(200, b"User-agent: *\n" + rules, ME)
    for n in range(20):
        found.allows(f"http://a.test/{n}" + "a" * 500)
    assert time.process_time() - begin < 2
    assert str(MOST_RULES) in found.why


def test_a_rule_of_nothing_but_wildcards_costs_no_time() -> None:
    begin = time.process_time()
    found = read_robots(200, b"User-agent: *\nDisallow: /" + b"*a" * 100_000, ME)
    found.allows("http://a.test/" + "a" * 8000)
    assert time.process_time() - begin < 1


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    found = read_robots(200, body, ME)
    assert found.allows("http://a.test/x") in (True, False)


# Over a socket.


def visit(answer: Answer, **changes: object) -> tuple[FetchError | None, Site]:
    async def go() -> tuple[FetchError | None, Site]:
        async with serving(answer) as site:
            plain = site.settings(robots=True, deadline=1.0, **changes)
            async with Fetcher(plain) as fetcher:
                try:
                    await Polite(fetcher, plain).fetch("http://a.test/x")
                except FetchError as error:
                    return error, site
                return None, site

    return asyncio.run(go())


def with_robots(robots: bytes) -> Answer:
    return by_target({"/robots.txt": robots, "/x": page()})


FORBID = b"User-agent: *\nDisallow: /x"


def test_robots_is_asked_first_and_obeyed() -> None:
    error, site = visit(with_robots(page(FORBID, Content_Type="text/plain")))
    assert error
    assert error.reason is Reason.ROBOTS
    assert [it.target for it in site.asked] == ["/robots.txt"]


@pytest.mark.parametrize(
    ("robots", "reason"),
    [
        (page(b"User-agent: *\nAllow: /"), None),
        (page(status="404 Not Found"), None),
        (page(status="403 Forbidden"), None),
        (page(b"<html>soft 404</html>"), None),
        (page(status="500 Oh"), Reason.ROBOTS),
        (page(status="503 Oh"), Reason.ROBOTS),
        (page(status="429 Oh"), Reason.ROBOTS),
        (page(b"\xef\xbb\xbf" + FORBID), Reason.ROBOTS),
        (page(FORBID + b"\n#" * 400_000), Reason.ROBOTS),
        (page(FORBID, Content_Encoding="br"), Reason.ROBOTS),  # unreadable: stay away
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", Reason.ROBOTS),  # never ends
    ],
)
def test_each_answer_ends_as_the_rfc_says(robots: bytes, reason: Reason | None) -> None:
    error, site = visit(with_robots(robots))
    assert (error.reason if error else None) is reason
    assert ("/x" in [it.target for it in site.asked]) is (reason is None)


def test_five_redirects_are_followed_and_the_sixth_means_there_is_none() -> None:
    hops = {"/robots.txt": to("/1"), "/x": page()}
    hops |= {f"/{n}": to(f"/{n + 1}") for n in range(1, 9)}
    error, _ = visit(by_target(hops | {"/5": page(FORBID)}))
    assert error
    assert error.reason is Reason.ROBOTS
    error, _ = visit(by_target(hops | {"/6": page(FORBID)}))
    assert error is None


def test_a_redirect_to_another_host_asks_that_host_as_well() -> None:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.target == "/robots.txt":
            writer.write(page(FORBID if asked.host == "b.test" else b""))
        else:
            writer.write(to("http://b.test/x") if asked.host == "a.test" else page())

    error, site = visit(answer)
    assert error
    assert error.reason is Reason.ROBOTS
    assert [(it.host, it.target) for it in site.asked] == [
        ("a.test", "/robots.txt"),
        ("a.test", "/x"),
        ("b.test", "/robots.txt"),
    ]


def test_a_redirect_on_the_same_host_leads_to_nothing_forbidden_either() -> None:
    robots = page(b"User-agent: *\nDisallow: /private")
    answers = {"/robots.txt": robots, "/x": to("/private"), "/private": page()}
    error, site = visit(by_target(answers))
    assert error
    assert error.reason is Reason.ROBOTS
    assert [it.target for it in site.asked] == ["/robots.txt", "/x"]


def test_a_host_that_cannot_be_reached_is_no_matter_of_robots() -> None:
    error, _ = visit(with_robots(page()), connect_to={"*.test": "127.0.0.1:1"})
    assert error
    assert error.reason is Reason.CONNECT


def test_it_is_asked_once_for_many_pages_and_kept_in_the_store() -> None:
    class Store:
        def __init__(self) -> None:
            self.kept: dict[str, tuple[float, int | None, bytes]] = {}

        def robots(self, host: str) -> tuple[float, int | None, bytes] | None:
            return self.kept.get(host)

        def set_robots(self, host: str, fetched_at: float, status: int | None, body: bytes) -> None:
            self.kept[host] = (fetched_at, status, body)

    async def go(store: Store) -> int:
        answers = {"/robots.txt": page(b""), "/1": page(), "/2": page(), "/3": page()}
        async with serving(by_target(answers)) as site:
            plain = site.settings(robots=True)
            async with Fetcher(plain) as fetcher:
                polite = Polite(fetcher, plain, store=store)
                await asyncio.gather(*(polite.fetch(f"http://a.test/{n}") for n in (1, 2, 3)))
            return [it.target for it in site.asked].count("/robots.txt")

    store = Store()
    assert asyncio.run(go(store)) == 1
    assert asyncio.run(go(store)) == 0
    ((key, (fetched_at, status, body)),) = store.kept.items()
    assert (key, status, body) == ("http://a.test:80", 200, b"")
    assert abs(fetched_at - time.time()) < 60
    store.kept[key] = (fetched_at - 2 * DAY, 200, b"")
    assert asyncio.run(go(store)) == 1


def test_rules_are_remembered_for_so_many_hosts_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scraper.fetchers.polite.MOST_RULES", 250)
    rules = page(b"User-agent: *" + b"".join(b"\nDisallow: /no%d" % n for n in range(100)))

    async def go() -> list[str]:
        async with serving(by_target({"/robots.txt": rules, "/x": page()})) as site:
            plain = site.settings(robots=True)
            async with Fetcher(plain) as fetcher:
                polite = Polite(fetcher, plain)
                for host in "abcca":  # "a" has made room for "c" when it is asked again.
                    await polite.fetch(f"http://{host}.test/x")
            return [it.host[0] for it in site.asked if it.target == "/robots.txt"]

    assert asyncio.run(go()) == ["a", "b", "c", "a"]
