from __future__ import annotations

import asyncio

import pytest

from scraper.errors import FetchError, Reason
from scraper.fetchers.http import Fetcher
from scraper.page import Page
from tests.scraper.fetchers.site import Answer, Asked, Site, by_target, page, serving, to

SECRETS = {"X-Api-Key": "k", "Authorization": "Bearer t", "Cookie": "me=1", "Accept-Language": "de"}


def follow(answer: Answer, **changes: object) -> tuple[Page | FetchError, Site]:
    async def go() -> tuple[Page | FetchError, Site]:
        async with serving(answer) as site, Fetcher(site.settings(**changes)) as fetcher:
            try:
                found = await fetcher.fetch("http://a.test/1", etag='"1"')
            except FetchError as error:
                return error, site
            assert isinstance(found, Page)
            return found, site

    return asyncio.run(go())


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_a_redirect_is_followed_and_remembered(status: str) -> None:
    found, _ = follow(by_target({"/1": to("/2", status), "/2": page(b"two")}))
    assert isinstance(found, Page)
    assert (found.asked, found.url, found.html) == ("http://a.test/1", "http://a.test/2", b"two")


@pytest.mark.parametrize(
    "elsewhere", ["http://b.test/2", "http://sub.a.test/2", "http://a.test:81/2"]
)
def test_another_host_or_port_gets_safe_headers_only(elsewhere: str) -> None:
    _, site = follow(by_target({"/1": to(elsewhere), "/2": page()}), headers=SECRETS)
    first, second = (set(it.headers) for it in site.asked)
    assert {"x-api-key", "authorization", "cookie", "if-none-match"} <= first
    assert second <= {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "accept-language",
        "connection",
    }
    assert site.asked[1].headers["accept-language"] == "de"


def test_the_same_origin_gets_all_but_the_conditions() -> None:
    _, site = follow(by_target({"/1": to("/2"), "/2": page()}), headers=SECRETS)
    assert site.asked[1].headers["x-api-key"] == "k"
    assert "if-none-match" not in site.asked[1].headers


def test_and_back_again_the_way_home_is_not_closed() -> None:
    answers = {"/1": to("http://b.test/2"), "/2": to("http://a.test/3"), "/3": page()}
    _, site = follow(by_target(answers), headers=SECRETS)
    assert ["x-api-key" in it.headers for it in site.asked] == [True, False, True]


def test_ten_hops_are_followed_and_the_eleventh_is_not() -> None:
    hops = {f"/{n}": to(f"/{n + 1}") for n in range(1, 20)}
    found, _ = follow(by_target(hops | {"/11": page(b"end")}))
    assert isinstance(found, Page)
    failure, site = follow(by_target(hops | {"/12": page(b"end")}))
    assert isinstance(failure, FetchError)
    assert failure.reason is Reason.REDIRECT
    assert len(site.asked) == 11


def test_a_loop_ends() -> None:
    failure, _ = follow(by_target({"/1": to("/2"), "/2": to("/1")}))
    assert isinstance(failure, FetchError)
    assert failure.reason is Reason.REDIRECT


@pytest.mark.parametrize(
    "location",
    [
        "ftp://a.test/x",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://",
        "http://u:p@b.test/",
        "data:,x",
    ],
)
def test_a_location_that_is_no_web_address_is_a_typed_error(location: str) -> None:
    failure, site = follow(by_target({"/1": to(location)}))
    assert isinstance(failure, FetchError)
    assert failure.reason is Reason.REDIRECT
    assert len(site.asked) == 1


def test_a_redirect_without_location_is_a_typed_error() -> None:
    failure, _ = follow(by_target({"/1": page(status="302 Found")}))
    assert isinstance(failure, FetchError)
    assert failure.reason is Reason.REDIRECT


def test_whoever_is_asked_may_forbid_the_way() -> None:
    """``may`` sees every address before it is asked."""
    been: list[str] = []

    async def may(url: str) -> None:
        been.append(url)
        if "b.test" in url:
            raise FetchError(url, Reason.ROBOTS, "no")

    async def go() -> Site:
        async with serving(by_target({"/1": to("http://b.test/2")})) as site:
            async with Fetcher(site.settings()) as fetcher:
                with pytest.raises(FetchError, match="no"):
                    await fetcher.fetch("http://a.test/1", may=may)
            return site

    assert len(asyncio.run(go()).asked) == 1
    assert been == ["http://a.test/1", "http://b.test/2"]


def test_a_cookie_opens_the_way_and_is_forgotten_after_the_page() -> None:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        knows_us = asked.headers.get("cookie") == "seen=1"
        writer.write(page(b"in") if knows_us else to("/1", Set_Cookie="seen=1; Path=/"))

    async def go() -> Site:
        async with serving(answer) as site, Fetcher(site.settings()) as fetcher:
            for _ in range(2):
                found = await fetcher.fetch("http://a.test/1")
                assert isinstance(found, Page)
                assert found.html == b"in"
            return site

    asked = asyncio.run(go()).asked
    assert ["cookie" in it.headers for it in asked] == [False, True, False, True]


@pytest.mark.parametrize(
    ("cookie", "goes"),
    [
        ("x=1; Domain=paper.co.uk.test", False),  # another's
        ("x=1; Domain=test", False),  # a public suffix
        ("x=1", False),  # for its own host only
        ("x=1; Domain=a.test", True),
        ("x=1; Domain=.a.test", True),
        ("x=1; Domain=a.test; Secure", False),
        ("x=1; Domain=a.test; Path=/private", False),
    ],
)
def test_a_cookie_goes_where_it_is_meant_for(cookie: str, goes: bool) -> None:
    answers = {"/1": to("http://sub.a.test/2", Set_Cookie=cookie), "/2": page()}
    _, site = follow(by_target(answers))
    assert ("cookie" in site.asked[1].headers) is goes
