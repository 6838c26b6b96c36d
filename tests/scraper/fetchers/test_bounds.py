"""Bodies that never end, end too early, or are far larger than they look."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
import time
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard

from scraper.errors import Reason
from tests.scraper.fetchers.site import Answer, Asked, always, ask, page

URL = "http://news.test/a"


def reason(answer: Answer, **changes: object) -> Reason:
    return asyncio.run(ask(answer, URL, **changes)).error.reason


def encoded(body: bytes, coding: str) -> Answer:
    return always(page(body, Content_Encoding=coding))


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda it: zlib.compress(it)[2:-4]),
        ("br", brotli.compress),
        ("zstd", zstandard.compress),
        ("gzip, br", lambda it: brotli.compress(gzip.compress(it))),
        ("identity", bytes),
        ("GZIP", lambda it: gzip.compress(it[:9]) + gzip.compress(it[9:])),
    ],
)
def test_every_coding_that_we_accept_is_taken_off(coding: str, pack: object) -> None:
    html = b"<p>" + bytes(range(256)) * 1000
    assert asyncio.run(ask(encoded(pack(html), coding), URL)).page.html == html  # type: ignore[operator]


@pytest.mark.parametrize(
    ("coding", "body", "expected"),
    [
        ("gzip", gzip.compress(b"x" * 1000)[:-20], Reason.TRUNCATED),
        ("br", brotli.compress(b"x" * 1000)[:-3], Reason.TRUNCATED),
        ("deflate", zlib.compress(b"x" * 1000)[:-9], Reason.TRUNCATED),
        ("gzip", b"<p>not packed at all</p>", Reason.BAD_ENCODING),
        ("br", b"<p>not packed at all</p>", Reason.BAD_ENCODING),
        ("zstd", b"<p>not packed at all</p>", Reason.BAD_ENCODING),
        ("deflate", b"<p>not packed at all</p>", Reason.BAD_ENCODING),
        ("compress", b"x", Reason.BAD_ENCODING),
        ("gzip, gzip, gzip, gzip", gzip.compress(b"x"), Reason.BAD_ENCODING),
    ],
)
def test_a_broken_coding_is_a_typed_error(coding: str, body: bytes, expected: Reason) -> None:
    assert reason(encoded(body, coding)) is expected


def test_zstd_that_ends_early_is_truncated() -> None:
    assert reason(encoded(zstandard.compress(b"x" * 300_000)[:-6], "zstd")) is Reason.TRUNCATED


def test_more_over_the_wire_than_allowed_is_too_large() -> None:
    assert reason(always(page(b"x" * 2001)), max_bytes=2000) is Reason.TOO_LARGE
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"5\r\nhello\r\n" * 500
    assert reason(always(chunks), max_bytes=2000) is Reason.TOO_LARGE
    assert asyncio.run(ask(always(page(b"x" * 2000)), URL, max_bytes=2000)).page


def test_more_after_decoding_than_allowed_is_too_large() -> None:
    body = gzip.compress(b"x" * 2001)
    assert reason(encoded(body, "gzip"), max_decoded_bytes=2000) is Reason.TOO_LARGE
    assert asyncio.run(ask(encoded(body, "gzip"), URL, max_decoded_bytes=2001)).page


def test_a_length_that_is_too_large_is_believed_and_nothing_read() -> None:
    started = time.monotonic()
    assert reason(always(page(b"x", Content_Length=str(10**15)))) is Reason.TOO_LARGE
    assert time.monotonic() - started < 2


def test_a_body_shorter_than_its_length_is_truncated() -> None:
    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(page(b"<p>half", Content_Length="5000"))
        await writer.drain()
        writer.close()

    assert reason(answer) is Reason.TRUNCATED


def test_chunks_that_break_off_are_truncated() -> None:
    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n9\r\n")
        await writer.drain()
        writer.close()

    assert reason(answer) is Reason.TRUNCATED


def test_a_body_without_length_that_ends_in_a_reset_is_truncated() -> None:
    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n<p>half of a page")
        await writer.drain()
        await asyncio.sleep(0.1)
        writer.transport.get_extra_info("socket").setsockopt(
            1, 13, b"\1\0\0\0\0\0\0\0"
        )  # SO_LINGER
        writer.transport.abort()

    assert reason(answer) is Reason.TRUNCATED


def test_a_body_longer_than_its_length_is_cut_there() -> None:
    found = asyncio.run(ask(always(page(b"<p>five</p>and more", Content_Length="11")), URL)).page
    assert found.html == b"<p>five</p>"


def test_a_length_that_waits_for_more_ends_at_the_deadline() -> None:
    started = time.monotonic()
    assert reason(always(page(b"<p>half", Content_Length="5000")), deadline=0.4) is Reason.DEADLINE
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"HTTP/1.1 20"]
)
def test_a_drip_ends_at_the_deadline(head: bytes) -> None:
    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    started = time.monotonic()
    assert reason(answer, deadline=0.5) is Reason.DEADLINE
    assert time.monotonic() - started < 2


def test_silence_ends_at_the_deadline() -> None:
    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    assert reason(answer, deadline=0.3) is Reason.DEADLINE


def test_an_endless_row_of_100_continue_ends_at_the_deadline() -> None:
    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 10)
            await writer.drain()
            await asyncio.sleep(0.01)

    assert reason(answer, deadline=0.4) is Reason.DEADLINE


def test_an_endless_body_is_too_large() -> None:
    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            writer.write(b"<p>and another thing</p>" * 1000)
            await writer.drain()

    assert reason(answer, max_bytes=1 << 20) is Reason.TOO_LARGE


def test_slow_hops_share_one_deadline() -> None:
    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(b"HTTP/1.1 302 F\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n")

    started = time.monotonic()
    assert reason(answer, deadline=0.5) is Reason.DEADLINE
    assert time.monotonic() - started < 2


BOMBS = """
import asyncio, gzip, resource, sys, zlib
import brotli, zstandard
from scraper.errors import Reason
from scraper.fetchers.decode import decode
from scraper.sources.sitemaps import read_sitemap
from tests.scraper.fetchers.site import always, ask, page

def rss():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)

def gz(raw):
    c = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(c.compress(it) for it in raw) + c.flush()

zeros = lambda: (b"\\0" * (1 << 20) for _ in range(150))
one = gz(zeros())
b = brotli.Compressor(quality=5)
br = b"".join(b.process(it) for it in zeros()) + b.finish()
z = zstandard.ZstdCompressor(level=3).compressobj()
zs = b"".join(z.compress(it) for it in zeros()) + z.flush()
bombs = {
    "gzip": one,
    "br": br,
    "zstd": zs,
    "gzip, gzip": gz([one]),
    "gzip, gzip, gzip": gz([gz([one])]),
    "gzip, br": brotli.compress(one),
}
asyncio.run(ask(always(page()), "http://a.test/"))
before = rss()
for coding, body in bombs.items():
    found = asyncio.run(ask(always(page(body, Content_Encoding=coding)), "http://a.test/")).error
    assert found.reason is Reason.TOO_LARGE, (coding, found)
    print(coding, len(body), round(rss() - before))
try:
    read_sitemap(gz([one]), "http://a.test/sitemap.xml.gz")
except Exception as error:
    print(error.reason, round(rss() - before))
print("grew", round(rss() - before))
"""


def test_bombs_are_too_large_and_take_less_than_100_mb() -> None:
    """150 MB each. In a process of its own, whose highest memory is then the bombs' doing."""
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", BOMBS], capture_output=True, text=True, cwd=root, check=False
    )
    assert done.returncode == 0, done.stderr
    *_, sitemap, grew = done.stdout.splitlines()
    assert sitemap.startswith("too_large"), done.stdout
    assert int(grew.split()[1]) < 100, done.stdout
