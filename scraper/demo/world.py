"""Find the sites of the small world and serve them on loopback, chosen by the Host header.

The server knows nothing of Winnow: it is a plain HTTP/1.1 server over a folder of sites, so that
what is fetched from it has come through a real socket.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from scraper.demo.responses import Answer, Asked, Site, answer, read_site

LOOPBACK = "127.0.0.1"
HEAD_LIMIT = 65_536  # bytes of a request's head, as in most servers
IDLE = 60.0  # seconds that a silent connection is kept


@dataclass(frozen=True, slots=True)
class Seen:
    """One request that was answered."""

    host: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class World:
    """A world that is being served. ``seen`` grows by one with each request."""

    port: int
    hosts: tuple[str, ...]
    seen: list[Seen] = field(default_factory=list)

    @property
    def connect_to(self) -> dict[str, str]:
        """What ``[fetch] connect_to`` of a job needs to reach the hosts of this world."""
        return {f"*.{TOP}": f"{LOOPBACK}:{self.port}"}


TOP = "example.test"  # .test is reserved (RFC 6761): no such host can exist outside


def sites_folder() -> Path:
    """The folder of the sites: beside this file in a wheel, in ``fixtures/`` in a checkout.

    Raises FileNotFoundError where there is neither.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "sites", here.parents[1] / "fixtures" / "sites"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no sites beside {here}, and no fixtures/sites above it")


def read_world(root: Path) -> dict[str, Site]:
    """The sites under a folder by host name; a folder is a site if its name is a host name."""
    return {
        it.name: read_site(it) for it in sorted(root.iterdir()) if it.is_dir() and "." in it.name
    }


@contextmanager
def serve(
    port: int = 0, root: Path | None = None, delays: Mapping[str, float] | None = None
) -> Iterator[World]:
    """Serve the world on 127.0.0.1 until the ``with`` block ends; port 0 takes a free one.

    ``delays`` holds seconds to wait before each answer, by host. Raises OSError where the port
    is taken.
    """
    sites = read_world(root or sites_folder())
    started: _Start = _Start(threading.Event(), [])
    thread = threading.Thread(
        target=lambda: asyncio.run(_run(sites, port, dict(delays or {}), started)),
        name="world",
        daemon=True,
    )
    thread.start()
    started.event.wait()
    running = started.outcome[0]
    if isinstance(running, OSError):
        thread.join()
        raise running
    try:
        yield running.world
    finally:
        running.loop.call_soon_threadsafe(running.stop.set)
        thread.join()


@dataclass(frozen=True, slots=True)
class _Running:
    world: World
    loop: asyncio.AbstractEventLoop
    stop: asyncio.Event


@dataclass(frozen=True, slots=True)
class _Start:
    """Tells the caller's thread that the server listens, or why it does not."""

    event: threading.Event
    outcome: list[_Running | OSError]


async def _run(
    sites: Mapping[str, Site], port: int, delays: Mapping[str, float], started: _Start
) -> None:
    seen: list[Seen] = []
    open_ones: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_ones.add(task)
        try:
            await _converse(reader, writer, sites, delays, seen)
        finally:
            open_ones.discard(task)
            writer.close()

    try:
        server = await asyncio.start_server(connected, LOOPBACK, port, limit=HEAD_LIMIT)
    except OSError as error:
        started.outcome.append(error)
        started.event.set()
        return
    stop = asyncio.Event()
    world = World(server.sockets[0].getsockname()[1], tuple(sites), seen)
    started.outcome.append(_Running(world, asyncio.get_running_loop(), stop))
    started.event.set()
    await stop.wait()
    server.close()
    for task in tuple(open_ones):
        task.cancel()
    await asyncio.gather(*open_ones, return_exceptions=True)


async def _converse(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    sites: Mapping[str, Site],
    delays: Mapping[str, float],
    seen: list[Seen],
) -> None:
    """Answer one connection's requests until it ends. A client that breaks off is no error."""
    with suppress(OSError, asyncio.IncompleteReadError, TimeoutError, asyncio.CancelledError):
        while True:
            try:
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), IDLE)
            except asyncio.LimitOverrunError:
                await _send(
                    writer, Answer(431, {}, b"head too large\n"), with_body=True, keep=False
                )
                return
            asked = Asked.parse(head)
            if asked is None:
                await _send(writer, Answer(400, {}, b"bad request\n"), with_body=True, keep=False)
                return
            await asyncio.sleep(delays.get(asked.host, 0.0))
            given = answer(sites, asked)
            seen.append(Seen(asked.host, asked.path, given.status))
            keep = asked.keeps_alive
            await _send(writer, given, with_body=asked.method != "HEAD", keep=keep)
            if not keep:
                return


async def _send(
    writer: asyncio.StreamWriter, given: Answer, *, with_body: bool, keep: bool
) -> None:
    body = b"" if given.status == 304 else given.body
    lines = [f"HTTP/1.1 {given.status} {given.phrase}"]
    lines += [f"{name}: {value}" for name, value in given.headers.items()]
    if given.status != 304:
        lines.append(f"Content-Length: {len(body)}")
    lines.append(f"Connection: {'keep-alive' if keep else 'close'}")
    writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body if with_body else b""))
    await asyncio.wait_for(writer.drain(), IDLE)
