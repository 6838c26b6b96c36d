"""``winnow fetch``: pages as they came, to a folder or to stdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scraper.cli.exits import Exit
from scraper.cli.terminal import tell

if TYPE_CHECKING:
    from scraper.fetchers.settings import FetchSettings
    from scraper.page import Page


def fetch(
    urls: Annotated[list[str], typer.Argument(help="Addresses.", show_default=False)],
    out: Annotated[
        str, typer.Option("-o", "--out", help="A folder; - for stdout, with one address.")
    ] = "-",
    contact: Annotated[
        str, typer.Option(help="Address or mailbox that stands in the User-Agent line.")
    ] = "",
    deadline: Annotated[float, typer.Option(help="Seconds for one page.")] = 30.0,
    robots: Annotated[bool, typer.Option(help="Ask robots.txt first.")] = True,
    delay: Annotated[
        float, typer.Option(help="Seconds between two requests to one host, at least.")
    ] = 1.0,
    insecure: Annotated[bool, typer.Option("--insecure", help="Take any certificate.")] = False,
    connect_to: Annotated[
        list[str] | None,
        typer.Option(help="HOST=ADDRESS:PORT: where to connect for a host; * is a wildcard."),
    ] = None,
    warc: Annotated[
        Path | None, typer.Option(help="Archive what comes over the wire in this folder.")
    ] = None,
) -> None:
    """Fetch pages politely and write them as they came, decoded but not read."""
    import asyncio

    from scraper.fetchers.settings import FetchSettings

    if out == "-" and len(urls) != 1:
        raise typer.BadParameter("several addresses need a folder", param_hint="'-o'")
    settings = FetchSettings(
        contact=contact,
        delay=delay,
        deadline=deadline,
        robots=robots,
        insecure=insecure,
        connect_to=read_targets(connect_to or []),
    )
    if asyncio.run(_fetch_all(urls, out, settings, warc)):
        raise typer.Exit(Exit.SOME_FAILED)


def read_targets(texts: list[str]) -> dict[str, str]:
    """``HOST=ADDRESS:PORT``, as the setting ``connect_to`` has it."""
    found = {}
    for text in texts:
        host, _, target = text.partition("=")
        address, _, port = target.rpartition(":")
        if not host or not address or not port.isdecimal():
            raise typer.BadParameter(f"{text!r} is not HOST=ADDRESS:PORT", param_hint="connect-to")
        found[host] = target
    return found


async def _fetch_all(urls: list[str], out: str, settings: FetchSettings, warc: Path | None) -> int:
    """How many failed."""
    import asyncio
    from contextlib import ExitStack

    from scraper.errors import FetchError
    from scraper.fetchers.archive import Archive
    from scraper.fetchers.http import Fetcher
    from scraper.fetchers.polite import Polite

    failed = 0

    async def one(url: str) -> None:
        nonlocal failed
        try:
            page = await polite.page(url)
        except FetchError as error:
            failed += 1
            tell(f"{error.reason}: {error}")
        else:
            _write(page, out)

    with ExitStack() as stack:
        archive = stack.enter_context(Archive(warc)) if warc else None
        async with Fetcher(settings, on_exchange=archive.write if archive else None) as fetcher:
            polite = Polite(fetcher, settings)
            await asyncio.gather(*map(one, urls))
    return failed


def _write(page: Page, out: str) -> None:
    import hashlib
    import sys
    from urllib.parse import unquote, urlsplit

    from scraper.corpus.file_names import file_name
    from scraper.errors import OutputError

    if out == "-":
        sys.stdout.buffer.write(page.html)
        sys.stdout.buffer.flush()
        return
    parts = urlsplit(page.url)
    words = f"{parts.hostname} {unquote(parts.path)}"
    name = file_name(words, hashlib.sha256(page.url.encode()).hexdigest()[:10])
    path = Path(out) / f"{name}.html"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page.html)
    except OSError as error:
        raise OutputError(str(path), error.strerror or str(error)) from error
    print(path)
    tell(f"{page.status} {page.url} ({len(page.html)} bytes)")
