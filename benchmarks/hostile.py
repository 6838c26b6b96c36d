"""What hosts that misbehave on purpose cost: how each ends, how soon, in how much memory.

    python benchmarks/hostile.py            # about a minute

Eleven hostile hosts are asked for pages all the while 50 quick hosts are, twice a second each; then
the quick hosts are asked alone. The server runs in a process of its own on loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import resource
import statistics
import sys
import time
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress

import brotli
import zstandard
from loopback import served, settings

DEADLINE = 3.0  # seconds for a page
QUICK = 50  # hosts
EACH = 20  # pages of each quick host
BOMB = 500  # MiB that a bomb stands for

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PAGE = HEAD + b"Content-Length: 12000\r\n\r\n" + b"<p>a paragraph of news</p>\n".ljust(12_000)

Misdeed = Callable[[asyncio.StreamWriter], Awaitable[None]]


def zeros() -> Iterator[bytes]:
    return (bytes(1 << 20) for _ in range(BOMB))


def gzipped(pieces: Iterator[bytes]) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(map(packer.compress, pieces)) + packer.flush()


def encoded(coding: str, body: bytes) -> bytes:
    return (
        HEAD + f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    )


def bombs() -> dict[str, bytes]:
    packed = gzipped(zeros())
    light = brotli.Compressor(quality=5)
    frame = zstandard.ZstdCompressor().compressobj()
    return {
        "bomb-gzip": encoded("gzip", packed),
        "bomb-gzip-gzip": encoded("gzip, gzip", gzip.compress(packed)),
        "bomb-br": encoded("br", b"".join(map(light.process, zeros())) + light.finish()),
        "bomb-zstd": encoded("zstd", b"".join(map(frame.compress, zeros())) + frame.flush()),
    }


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Length: 100000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"\r\n")
    while not writer.is_closing():
        writer.write(b"<p>and another thing</p>" * 1000)
        await writer.drain()


async def silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(600)


def saying(answer: bytes) -> Misdeed:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    return say


MISDEEDS: dict[str, Misdeed] = {
    "drip": drip,
    "endless": endless,
    "silent": silence,
    "lying-length": saying(HEAD + b"Content-Length: 100000\r\n\r\n<p>that is all</p>"),
    "loop": saying(b"HTTP/1.1 302 F\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"),
    "inside": saying(
        b"HTTP/1.1 302 F\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    ),
    "busy": saying(b"HTTP/1.1 429 Busy\r\nRetry-After: 31536000\r\nContent-Length: 0\r\n\r\n"),
}
EXPECTED = {
    "bomb-gzip": "too_large",
    "bomb-gzip-gzip": "too_large",
    "bomb-br": "too_large",
    "bomb-zstd": "too_large",
    "drip": "deadline",
    "endless": "too_large",
    "silent": "deadline",
    "lying-length": "deadline",
    "loop": "redirect",
    "inside": "blocked_address",
    "busy": "http_429",
}


async def serve() -> None:
    deeds = MISDEEDS | {name: saying(body) for name, body in bombs().items()}

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                name = head.split("Host: ")[1].split(".")[0]
                await deeds.get(name, saying(PAGE))(writer)
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def highest() -> float:
    """MiB, the most that this process has had so far."""
    unit = 1 << 10 if sys.platform == "linux" else 1 << 20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


async def run(port: int, hostile: bool) -> tuple[float, dict[str, list[tuple[str, float]]]]:
    """Pages per second of the quick hosts; how each hostile page ended, and after how long."""
    from scraper.errors import FetchError
    from scraper.fetchers.http import Fetcher
    from scraper.fetchers.polite import Polite

    how = settings(port, delay=0.5, deadline=DEADLINE, retries=0, max_pause=1.0, max_delay=1.0)
    ended: dict[str, list[tuple[str, float]]] = {name: [] for name in EXPECTED}

    async def misbehaving(name: str) -> None:
        while True:
            begin = time.monotonic()
            try:
                await fetcher.fetch(f"http://{name}.example.test/")
                state = "a page"
            except FetchError as error:
                state = error.reason.value
            ended[name].append((state, time.monotonic() - begin))
            await asyncio.sleep(0.5)

    async def quick(host: str) -> None:
        for n in range(EACH):
            await polite.fetch(f"http://{host}.example.test/{n}")

    async with Fetcher(how) as fetcher:
        polite = Polite(fetcher, how)
        bad = [asyncio.create_task(misbehaving(it)) for it in EXPECTED] if hostile else []
        begin = time.monotonic()
        await asyncio.gather(*(quick(f"h{n}") for n in range(QUICK)))
        took = time.monotonic() - begin
        for it in bad:
            it.cancel()
        await asyncio.gather(*bad, return_exceptions=True)
    return QUICK * EACH / took, ended


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="?", choices=("serve",), help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if given.part:
        asyncio.run(serve())
        return
    ratios, found = [], {name: [] for name in EXPECTED}
    with served(__file__) as port:
        asyncio.run(run(port, False))
        before = highest()
        for _ in range(given.rounds):
            beside, ended = asyncio.run(run(port, True))
            alone, _ = asyncio.run(run(port, False))
            ratios.append(beside / alone)
            for name, rows in ended.items():
                found[name].extend(rows)
    print(f"| host | pages | ended as | longest, s (deadline {DEADLINE:g}) |\n|---|---:|---|---:|")
    for name, rows in found.items():
        states = Counter(state for state, _ in rows)
        said = ", ".join(states) + (
            "" if set(states) == {EXPECTED[name]} else "  <- not as expected"
        )
        print(f"| {name} | {len(rows)} | {said} | {max(took for _, took in rows):.2f} |")
    print(f"\nmemory: {highest() - before:+.0f} MiB at the highest, all of them at a time")
    each = ", ".join(f"{it:.1%}" for it in sorted(ratios))
    print(f"{QUICK} quick hosts: {statistics.median(ratios):.1%} of their pace alone ({each})")


if __name__ == "__main__":
    main()
