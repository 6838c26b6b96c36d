"""One page for one address, for whoever writes a few lines of Python."""

from __future__ import annotations

import asyncio

from scraper.fetchers.http import Fetcher
from scraper.fetchers.polite import Polite
from scraper.fetchers.settings import FetchSettings
from scraper.page import Page


def fetch(url: str, settings: FetchSettings | None = None) -> Page:
    """The page behind ``url``, asked for politely: robots.txt first, a failure tried again.

    Raises ``FetchError`` with its ``Reason``. For many pages at a time, or where an event loop is
    running already, use ``Polite``.
    """
    return asyncio.run(_fetch(url, settings or FetchSettings()))


async def _fetch(url: str, settings: FetchSettings) -> Page:
    async with Fetcher(settings) as fetcher:
        return await Polite(fetcher, settings).page(url)
