"""A server on loopback that answers as badly as a test tells it to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from scraper.errors import FetchError
from scraper.fetchers.exchange import PAGES, NotModified, Want
from scraper.fetchers.http import Fetcher
from scraper.fetchers.settings import FetchSettings
from scraper.page import Page


@dataclass(frozen=True)
class Asked:
    target: str
    headers: dict[str, str]

    @property
    def host(self) -> str:
        return self.headers.get("host", "")


Answer = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Site:
    """``asked`` holds every request in its order; ``connections`` counts those without one too."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def settings(self, **changes: object) -> FetchSettings:
        """Any ``*.test`` leads here; quick, and without robots.txt unless asked for."""
        plain: dict[str, object] = {
            "connect_to": {"*.test": f"127.0.0.1:{self.port}"},
            "delay": 0.0,
            "deadline": 5.0,
            "robots": False,
            "retries": 0,
        }
        return FetchSettings(**(plain | changes))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Outcome:
    site: Site
    result: Page | NotModified | FetchError = field(repr=False)

    @property
    def page(self) -> Page:
        assert isinstance(self.result, Page), repr(self.result)[:200]
        return self.result

    @property
    def error(self) -> FetchError:
        assert isinstance(self.result, FetchError), repr(self.result)[:200]
        return self.result


@asynccontextmanager
async def serving(answer: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    site = Site()
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        site.connections += 1
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.split("\r\n")
                pairs = (it.partition(":") for it in lines if it)
                headers = {k.strip().lower(): v.strip() for k, _, v in pairs}
                asked = Asked(first.split(" ")[1], headers)
                site.asked.append(asked)
                await answer(asked, writer)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        for it in tasks:
            it.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def ask(answer: Answer, url: str, want: Want = PAGES, **changes: object) -> Outcome:
    """One fetch from a server that answers so; ``changes`` are settings."""
    async with serving(answer) as site, Fetcher(site.settings(**changes)) as fetcher:
        try:
            return Outcome(site, await fetcher.fetch(url, want=want))
        except FetchError as error:
            return Outcome(site, error)


def page(body: bytes = b"<p>hello</p>", status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer; ``_`` in a header's name stands for ``-``."""
    given = {"Content-Type": "text/html", "Content-Length": str(len(body))}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body


def always(answer: bytes) -> Answer:
    async def give(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return give


def by_target(answers: dict[str, bytes]) -> Answer:
    """404 for what is not among them."""

    async def give(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answers.get(asked.target, page(status="404 Not Found")))

    return give


def to(location: str, status: str = "302 Found", **headers: str) -> bytes:
    return page(b"", status, Location=location, **headers)
