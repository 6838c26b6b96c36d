"""``winnow robots``: what a site's robots.txt lets us do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli.exits import Exit

if TYPE_CHECKING:
    from scraper.fetchers.robots import Robots
    from scraper.fetchers.settings import FetchSettings


def robots(
    url: Annotated[str, typer.Argument(help="An address on the site.")],
    agent: Annotated[
        str, typer.Option(help="Ask on behalf of another robot: name or name/version.")
    ] = "",
    insecure: Annotated[bool, typer.Option("--insecure", help="Take any certificate.")] = False,
    connect_to: Annotated[
        list[str] | None,
        typer.Option(help="HOST=ADDRESS:PORT: where to connect for a host; * is a wildcard."),
    ] = None,
) -> None:
    """Say whether an address may be fetched, how often, and which sitemaps are named.

    Exit code 3 when it may not.
    """
    import asyncio
    from dataclasses import replace

    from scraper.cli.fetch import read_targets
    from scraper.cli.terminal import safe
    from scraper.fetchers.settings import FetchSettings

    settings = FetchSettings(insecure=insecure, connect_to=read_targets(connect_to or []))
    if agent:
        settings = replace(settings, user_agent=agent)
    found = asyncio.run(_ask(url, settings))
    allowed = found.allows(url)
    rows = [
        ("allowed", "yes" if allowed else "no"),
        ("robot", settings.robot),
        ("because", found.why),
        ("crawl-delay", f"{found.crawl_delay:g} s" if found.crawl_delay else "none"),
        *(("sitemap", it) for it in found.sitemaps),
    ]
    for name, value in rows:
        print(f"{name}\t{safe(value)}")
    if not allowed:
        raise typer.Exit(Exit.SOME_FAILED)


async def _ask(url: str, settings: FetchSettings) -> Robots:
    from scraper.fetchers.http import Fetcher
    from scraper.fetchers.polite import Polite

    async with Fetcher(settings) as fetcher:
        return await Polite(fetcher, settings).robots(url)
