"""How many pages a second of processor time buys, what a long run keeps, what a slow host costs.

    python benchmarks/fetching.py                       # all of it, about three minutes
    python benchmarks/fetching.py speed --scrapy PYTHON # PYTHON: an interpreter that has Scrapy

The server runs in a process of its own on loopback and sends pages of 40 KB, gzipped. Every
contender runs in a process of its own too, so that its processor time is its own; contenders take
turns, and the median of the rounds is shown. Nothing is waited for: no robots.txt, no delay.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from loopback import served, settings

PER_HOST = 4
IN_FLIGHT = 64
SLOW = 2.0  # seconds that the slow host takes for a page
EACH = 10  # pages of each quick host beside it

Work = Callable[[int, int, int], Awaitable[None]]


# The server.


def html(size: int = 40_000) -> bytes:
    words = (
        "the",
        "council",
        "met",
        "on",
        "tuesday",
        "to",
        "talk",
        "about",
        "a",
        "harbor",
        "crane",
    )
    paragraphs = [
        f'<p class="story-{n}">{" ".join(words[(n * 7 + k) % len(words)] for k in range(60))}</p>'
        for n in range(size // 400)
    ]
    return f"<!doctype html><html><body>{''.join(paragraphs)}</body></html>".encode()


class Server:
    """Answers every GET with the same page; the host ``slow.*`` after a while."""

    page = gzip.compress(html())
    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
        b'Content-Length: %d\r\nETag: "1"\r\nVary: Accept-Encoding\r\n\r\n' % len(page) + page
    )

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.read = b""

    def data_received(self, data: bytes) -> None:
        self.read += data
        while b"\r\n\r\n" in self.read:
            head, _, self.read = self.read.partition(b"\r\n\r\n")
            if b"Host: slow." in head:
                asyncio.get_running_loop().call_later(SLOW, self.send)
            else:
                self.send()

    def send(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(self.answer)

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, error: Exception | None) -> None: ...

    def pause_writing(self) -> None: ...

    def resume_writing(self) -> None: ...


async def serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Server, "127.0.0.1", 0)  # type: ignore[arg-type]
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


# The contenders: each fetches ``pages`` pages from ``hosts`` hosts behind one port.


def addresses(pages: int, hosts: int) -> Iterator[tuple[str, str]]:
    return ((f"h{n % hosts}.example.test", f"/news/{n}") for n in range(pages))


async def in_parallel(many: int, jobs: Iterator[Awaitable[object]]) -> None:
    async def worker() -> None:
        for job in jobs:
            await job

    await asyncio.gather(*(worker() for _ in range(many)))


async def winnow(port: int, pages: int, hosts: int) -> None:
    """The fetcher with its guard, deadline, bounds and headers, without turns."""
    from scraper.fetchers.http import Fetcher

    async with Fetcher(settings(port)) as fetcher:
        jobs = (fetcher.fetch(f"http://{host}{path}") for host, path in addresses(pages, hosts))
        await in_parallel(IN_FLIGHT, jobs)


async def polite(port: int, pages: int, hosts: int) -> None:
    """As a job runs it: turns, pace and tries."""
    from scraper.fetchers.http import Fetcher
    from scraper.fetchers.polite import Polite

    how = settings(port, per_host=PER_HOST, concurrency=IN_FLIGHT)
    async with Fetcher(how) as fetcher:
        door = Polite(fetcher, how)
        jobs = (door.fetch(f"http://{host}{path}") for host, path in addresses(pages, hosts))
        await in_parallel(IN_FLIGHT, jobs)


async def bare_httpx(port: int, pages: int, hosts: int) -> None:
    """One client with one transport for each host, one certificate store for all."""
    import httpx

    context = httpx.create_ssl_context(trust_env=False)
    clients = {
        f"h{n}.example.test": httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(verify=context),
            base_url=f"http://127.0.0.1:{port}",
            headers={"Host": f"h{n}.example.test"},
            trust_env=False,
        )
        for n in range(hosts)
    }
    jobs = (clients[host].get(path) for host, path in addresses(pages, hosts))
    await in_parallel(IN_FLIGHT, jobs)
    for client in clients.values():
        await client.aclose()


def scrapy(port: int, pages: int, hosts: int) -> None:
    import scrapy as library
    from scrapy.crawler import CrawlerProcess
    from scrapy.resolver import CachingThreadedResolver

    class Loopback(CachingThreadedResolver):  # type: ignore[misc]
        def getHostByName(self, name: str, timeout: object = None) -> object:  # noqa: N802
            return super().getHostByName("127.0.0.1", timeout)

    class Spider(library.Spider):  # type: ignore[misc]
        name = "benchmark"

        async def start(self):  # type: ignore[no-untyped-def]
            for host, path in addresses(pages, hosts):
                yield library.Request(f"http://{host}:{port}{path}", dont_filter=True)

        def parse(self, response):  # type: ignore[no-untyped-def]
            assert response.body

    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "CONCURRENT_REQUESTS": IN_FLIGHT,
            "CONCURRENT_REQUESTS_PER_DOMAIN": PER_HOST,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": False,
            "COOKIES_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "DNS_RESOLVER": Loopback,
        }
    )
    process.crawl(Spider)
    process.start()


CONTENDERS: dict[str, Work | Callable[[int, int, int], None]] = {
    "winnow": winnow,
    "winnow, polite": polite,
    "bare httpx": bare_httpx,
    "scrapy": scrapy,
}


def contend(name: str, port: int, pages: int, hosts: int) -> None:
    """Prints processor seconds, wall seconds and MiB; the libraries' own import is counted."""
    work = CONTENDERS[name]
    begin, clock = time.process_time(), time.perf_counter()
    running = work(port, pages, hosts)
    if running is not None:
        asyncio.run(running)  # type: ignore[arg-type]
    used, took = time.process_time() - begin, time.perf_counter() - clock
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([used, took, memory / (1 << 10 if sys.platform == "linux" else 1 << 20)]))


def run_contender(python: str, name: str, *numbers: int) -> tuple[float, float, float]:
    command = [python, __file__, "contend", "--name", name, "--numbers", *map(str, numbers)]
    root = str(Path(__file__).resolve().parents[1])
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": root},
    )
    used, took, memory = json.loads(done.stdout.splitlines()[-1])
    return used, took, memory


def speed(pages: int, hosts: int, rounds: int, with_scrapy: str | None) -> None:
    pythons = dict.fromkeys(CONTENDERS, sys.executable)
    if with_scrapy or importlib.util.find_spec("scrapy"):
        pythons["scrapy"] = with_scrapy or sys.executable
    else:
        del pythons["scrapy"]
        print("Scrapy is not installed here; --scrapy PYTHON names an interpreter that has it.\n")
    found: dict[str, list[tuple[float, float, float]]] = {it: [] for it in pythons}
    with served(__file__) as port:
        for _ in range(rounds):
            for name, python in pythons.items():
                found[name].append(run_contender(python, name, port, pages, hosts))
    print(f"{pages} pages from {hosts} hosts, {IN_FLIGHT} in flight, median of {rounds} rounds\n")
    print("| | pages per CPU second | pages per second | MiB |\n|---|---:|---:|---:|")
    for name, rows in found.items():
        used, took, memory = (statistics.median(it) for it in zip(*rows, strict=True))
        print(f"| {name} | {pages / used:.0f} | {pages / took:.0f} | {memory:.0f} |")


# What a long run keeps.


def resident() -> float:
    """MiB now; on Linux only."""
    fields = Path("/proc/self/statm").read_text("ascii").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


async def grow(port: int, pages: int, hosts: int) -> None:
    from scraper.fetchers.http import Fetcher
    from scraper.fetchers.polite import Polite

    how = settings(port, per_host=PER_HOST)
    marks: dict[int, float] = {}
    done = 0

    async def one(url: str) -> None:
        nonlocal done
        await door.fetch(url)
        done += 1
        if done in (pages // 10, pages):
            marks[done] = resident()

    async with Fetcher(how) as fetcher:
        door = Polite(fetcher, how)
        jobs = (one(f"http://{host}{path}") for host, path in addresses(pages, hosts))
        await in_parallel(IN_FLIGHT, jobs)
    first, last = marks.values()
    print(f"{hosts} hosts: {first:.1f} MiB after {pages // 10} pages, {last:.1f} after {pages}:"
          f" {last - first:+.1f}")  # fmt: skip


def memory(pages: int) -> None:
    with served(__file__) as port:
        for hosts in (100, pages):
            asyncio.run(grow(port, pages, hosts))


# What one slow host costs the others.


async def with_slow(port: int, hosts: int, slow: bool) -> float:
    """Pages per second of the quick hosts, until the last of them is done.

    Each is asked twice a second, so that it is the turns that are measured and not how busy the
    machine is with other things.
    """
    from scraper.fetchers.http import Fetcher
    from scraper.fetchers.polite import Polite

    how = settings(port, delay=0.5)

    async def lane(host: str, many: int) -> None:
        for n in range(many):
            await door.fetch(f"http://{host}/{n}")

    async with Fetcher(how) as fetcher:
        door = Polite(fetcher, how)
        waiting = [asyncio.create_task(lane("slow.example.test", 10_000))] if slow else []
        begin = time.perf_counter()
        await asyncio.gather(*(lane(f"h{n}.example.test", EACH) for n in range(hosts - 1)))
        took = time.perf_counter() - begin
        for it in waiting:
            it.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    return EACH * (hosts - 1) / took


def slow_host(hosts: int, rounds: int) -> None:
    ratios = []
    with served(__file__) as port:
        for _ in range(rounds):
            without = asyncio.run(with_slow(port, hosts, False))
            with_one = asyncio.run(with_slow(port, hosts, True))
            ratios.append(with_one / without)
    print(f"{hosts - 1} quick hosts beside one that takes {SLOW:g} s a page: "
          f"{statistics.median(ratios):.1%} of their pages per second without it "
          f"({', '.join(f'{it:.1%}' for it in sorted(ratios))})")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parts = ("all", "speed", "memory", "slow", "serve", "contend")
    parser.add_argument("part", nargs="?", default="all", choices=parts)
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scrapy", help="an interpreter that has Scrapy")
    parser.add_argument("--name", help=argparse.SUPPRESS)
    parser.add_argument("--numbers", type=int, nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part == "serve":
        asyncio.run(serve())
    elif given.part == "contend":
        contend(given.name, *given.numbers)
    if given.part in ("all", "speed"):
        speed(given.pages, given.hosts, given.rounds, given.scrapy)
    if given.part in ("all", "memory"):
        memory(2 * given.pages)
    if given.part in ("all", "slow"):
        slow_host(given.hosts, given.rounds)


if __name__ == "__main__":
    main()
