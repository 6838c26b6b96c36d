"""``winnow discover``: the feeds and sitemaps of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scraper.fetchers.settings import FetchSettings


def discover(
    url: Annotated[str, typer.Argument(help="The home page of a site.")],
    contact: Annotated[
        str, typer.Option(help="Address or mailbox that stands in the User-Agent line.")
    ] = "",
    delay: Annotated[
        float, typer.Option(help="Seconds between two requests to one host, at least.")
    ] = 1.0,
    insecure: Annotated[bool, typer.Option("--insecure", help="Take any certificate.")] = False,
    connect_to: Annotated[
        list[str] | None,
        typer.Option(help="HOST=ADDRESS:PORT: where to connect for a host; * is a wildcard."),
    ] = None,
) -> None:
    """Find the feeds and sitemaps of a site, and count what is in them.

    A line each: kind, address, number of entries, date of the newest, with tabs between.
    Exit code 5 when there are none.
    """
    import asyncio

    from scraper.cli.fetch import read_targets
    from scraper.errors import NothingMatched
    from scraper.fetchers.settings import FetchSettings

    settings = FetchSettings(
        contact=contact, delay=delay, insecure=insecure, connect_to=read_targets(connect_to or [])
    )
    if not asyncio.run(_look(url, settings)):
        raise NothingMatched(url, "no feed and no sitemap, declared or at the usual places")


async def _look(url: str, settings: FetchSettings) -> int:
    """How many were found."""
    from scraper.cli.terminal import safe, tell
    from scraper.errors import PageError
    from scraper.fetchers.http import Fetcher
    from scraper.fetchers.polite import Polite
    from scraper.jobs.discover import discover

    found = 0
    async with Fetcher(settings) as fetcher:
        async for it in discover(url, Polite(fetcher, settings)):
            if isinstance(it, PageError):
                tell(f"{it.reason}: {it}")
                continue
            found += 1
            kind = "sitemap index" if it.is_index else it.kind
            newest = it.newest.isoformat() if it.newest else ""
            print(f"{kind}\t{safe(it.url)}\t{it.entries}\t{newest}")
    return found
