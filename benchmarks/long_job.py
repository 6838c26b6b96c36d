"""A whole job of thousands of pages, hostile hosts among them: how each ended, what memory it took.

    python benchmarks/long_job.py [--hosts 50] [--pages 100]        # some minutes

Serves so many good hosts with a sitemap of so many articles each, and thirteen that misbehave on
purpose, from a process of its own on loopback; runs ``winnow run`` on them as a person would, and
looks at the memory of its processes every second (Linux). Exits with 1 if an address ended
otherwise than it should.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hostile import EXPECTED, HEAD, MISDEEDS, bombs, saying
from loopback import HOSTS, served

from tests.scraper.jobs.small_site import page

OF_EACH = 8  # addresses of each hostile host
JOB = """
out = "out"
[fetch]
delay = 0.05
deadline = 3.0
retries = 0
max_pause = 1.0
max_delay = 1.0
connect_to = {{ "{hosts}" = "127.0.0.1:{port}" }}
[extract]
workers = 2
[dedup]
enabled = false
"""

# What is bad about these two is the page itself.
NESTED = b"<div>" * 30_000 + b"deep"
ATTRIBUTES = b"<p " + b"".join(b"a%d=1 " % n for n in range(20_000)) + b">x</p>"
PAGES = {
    "nested": HEAD + b"Content-Length: %d\r\n\r\n" % len(NESTED) + NESTED,
    "attributes": HEAD + b"Content-Length: %d\r\n\r\n" % len(ATTRIBUTES) + ATTRIBUTES,
}
ENDS = EXPECTED | {"nested": "hostile", "attributes": "hostile"}


def sitemap(host: str, many: int) -> str:
    listed = "".join(f"<url><loc>http://{host}/{n}.html</loc></url>" for n in range(many))
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'


def answer(kind: str, body: str, status: str = "200 OK") -> bytes:
    encoded = body.encode()
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(encoded)}\r\n\r\n"
    ).encode() + encoded


async def serve(pages: int) -> None:
    bad = MISDEEDS | {name: saying(body) for name, body in (bombs() | PAGES).items()}

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                target = head.split(" ")[1]
                host = head.split("Host: ")[1].split("\r\n")[0].split(":")[0]
                name = host.split(".")[0]
                if target == "/robots.txt":
                    writer.write(answer("text/plain", "", "404 Not Found"))
                elif name in bad:
                    await bad[name](writer)
                elif target == "/sitemap.xml":
                    writer.write(answer("application/xml", sitemap(host, pages)))
                else:
                    number = int(name[1:]) * 10_000 + int(target[1:].split(".")[0])
                    writer.write(answer("text/html", page(number)))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def write_job(folder: Path, hosts: int, port: int) -> Path:
    sources = [f'sitemap = "http://h{n}.example.test/sitemap.xml"' for n in range(hosts)]
    bad = [f"http://{name}.example.test/{n}.html" for n in range(OF_EACH) for name in ENDS]
    (folder / "bad.txt").write_text("\n".join(bad))
    listed = "".join(f"[[source]]\n{it}\n" for it in ('file = "bad.txt"', *sources))
    path = folder / "job.toml"
    path.write_text(JOB.format(hosts=HOSTS, port=port) + listed)
    return path


def resident(pid: int) -> float:
    """MiB of a process now; 0 when it has gone."""
    with suppress(OSError):
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    return 0.0


def children(pid: int) -> list[int]:
    with suppress(OSError):
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    return []


def watch(job: Path, log: Path) -> list[tuple[int, float, float]]:
    """Run the job; each second: addresses done, MiB of its process, MiB of its workers."""
    seen = []
    command = [sys.executable, "-m", "scraper", "run", str(job), "--quiet", "--log", str(log)]
    with subprocess.Popen(command, cwd=Path(__file__).resolve().parents[1]) as child:
        while child.poll() is None:
            done = log.read_bytes().count(b"\n") if log.exists() else 0
            workers = sum(map(resident, children(child.pid)))
            seen.append((done, resident(child.pid), workers))
            time.sleep(1.0)
    return [it for it in seen if it[1]]


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="?", choices=("serve",), help=argparse.SUPPRESS)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--pages", type=int, default=100)
    told = parser.parse_args(words)
    if told.part:
        asyncio.run(serve(told.pages))
        return 0
    with tempfile.TemporaryDirectory() as name, served(__file__, "--pages", told.pages) as port:
        log = Path(name) / "log.jsonl"
        begun = time.monotonic()
        seen = watch(write_job(Path(name), told.hosts, port), log)
        took = time.monotonic() - begun
        ended: dict[str, Counter[str]] = {}
        for line in log.read_text("utf-8").splitlines():
            it = json.loads(line)
            host = (urlsplit(it["address"]).hostname or "").split(".")[0]
            ended.setdefault(host, Counter())[it["reason"] or it["state"]] += 1
    wrong = report(ended, told.hosts, told.pages)
    first = next((it for it in seen if it[0] >= 1000), seen[-1])
    print(f"{seen[-1][0]:,} addresses in {took:.0f} s")
    print(f"MiB after {first[0]:,}, after the last, at most:")
    for name, at in (("the job", 1), ("its two workers", 2)):
        last = [it for it in seen if it[2]][-1]  # before the workers end and files are written
        rows = (first, last, max(seen, key=lambda it: it[at]))
        print(f"{name}: {', '.join(f'{it[at]:.0f}' for it in rows)}")
    return 1 if wrong else 0


def report(ended: dict[str, Counter[str]], hosts: int, pages: int) -> int:
    """Prints how the hosts ended; how many did otherwise than they should."""
    good = Counter(str(dict(ended.get(f"h{n}", {}))) for n in range(hosts))
    print(f"good hosts: {dict(good)}")
    wrong = hosts - good[str({"article": pages})]
    for name, reason in ENDS.items():
        found = ended.get(name, Counter())
        as_it_should = set(found) == {reason} and found.total() == OF_EACH
        wrong += not as_it_should
        print(f"{name}: {dict(found)}{'' if as_it_should else '  <- not as expected'}")
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
