"""What is said where the browser, or the library that steers it, is missing."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import pytest

from scraper.errors import FetchError, JobError, Reason
from scraper.fetchers.browser import Browser, RenderSettings, find_browser
from scraper.fetchers.http import Fetcher
from scraper.fetchers.polite import Polite
from scraper.fetchers.settings import FetchSettings
from tests.scraper.fetchers.site import always, page, serving


def test_without_its_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    with pytest.raises(JobError, match=r"winnow-news\[browser\]"):
        Browser(Polite(Fetcher(), FetchSettings()))


def test_without_a_browser_it_says_what_it_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(JobError, match="chromium"):
        find_browser()


def test_a_browser_that_does_not_start_costs_one_page(tmp_path: Path) -> None:
    pytest.importorskip("playwright")
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)

    async def go() -> FetchError:
        settings = RenderSettings(executable=fake, deadline=20)
        async with (
            serving(always(page())) as site,
            Fetcher(site.settings()) as fetcher,
            Browser(Polite(fetcher, site.settings()), settings) as browser,
        ):
            with pytest.raises(FetchError) as caught:
                await browser.fetch("http://a.test/")
            return caught.value

    assert asyncio.run(go()).reason is Reason.PROTOCOL
