"""The process that reads pages for a job: frames in on stdin, frames out on stdout."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from cleaners.labels import Label, kept_labels
from cleaners.text.fold import fold
from scraper.corpus.rows import row
from scraper.errors import ExtractError, Reason, SourceError
from scraper.extractors.read import HowToRead, read
from scraper.jobs.workers import FRAME
from scraper.page import Page
from scraper.sources.canonical import canonicalize
from scraper.sources.links import read_links


def main() -> None:
    """Serve until stdin closes."""
    frames, answers = sys.stdin.buffer, sys.stdout.buffer
    # What the libraries below may print must not get between the frames.
    sys.stdout = sys.stderr
    told, _ = read_frame(frames) or ({}, b"")
    limit_memory(told["memory"])
    write_frame(answers, {"ready": True})
    while (frame := read_frame(frames)) is not None:
        head, html = frame
        write_frame(answers, answer(page_of(head, html), head["first"], told))


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    sizes = stream.read(FRAME.size)
    if len(sizes) < FRAME.size:
        return None
    head, body = FRAME.unpack(sizes)
    return orjson.loads(stream.read(head)), stream.read(body)


def write_frame(stream: BinaryIO, head: Mapping[str, Any]) -> None:
    encoded = orjson.dumps(head, default=str)
    stream.writelines((FRAME.pack(len(encoded), 0), encoded))
    stream.flush()


def limit_memory(mebibytes: int) -> None:
    """Let this process map so much more than it has now. macOS does not enforce it."""
    try:
        with Path("/proc/self/statm").open() as statm:
            mapped = int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        mapped = 1 << 30
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = mapped + mebibytes * (1 << 20)
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def page_of(head: Mapping[str, Any], html: bytes) -> Page:
    return Page(
        url=head["url"],
        asked=head["asked"],
        fetched_at=datetime.fromisoformat(head["fetched_at"]),
        html=html,
        status=head["status"],
        headers=head["headers"],
    )


def answer(page: Page, first: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """What a page is: its row and keys, or the reason why it has none; and its links.

    ``first`` is the address at which the article begins, where this is a later page of it.
    """
    begun = time.perf_counter()
    try:
        found = article(page, first, told)
    except ExtractError as error:
        found = {"reason": error.reason, "detail": error.detail}
    except MemoryError:
        found = {"reason": Reason.HOSTILE, "detail": f"needs more than {told['memory']} MiB"}
    links = read_links(page.html, page.url).anchors if told["crawl"] else ()
    return found | {"links": links, "seconds": time.perf_counter() - begun}


def article(page: Page, first: str, told: Mapping[str, Any]) -> dict[str, Any]:
    rules, profiles = (Path(told[it]) if told[it] else None for it in ("rules", "profiles"))
    reading = read(page, HowToRead(told["engine"], told["focus"], rules, profiles), first)
    keeping = kept_labels(map(Label, told["keep"]), map(Label, told["drop"]))
    found = replace(reading.article, body=replace(reading.article.body, keeping=keeping))
    return {
        "row": row(found, page).as_dict(),
        "identity": identity(found.canonical or page.url, found.title),
        "next_part": reading.next_part,
    }


def identity(canonical: str, title: str | None) -> str:
    """What two addresses of one article share.

    The title is in it, as many sites name their home page as the canonical address of everything.

    >>> identity("https://a.example:443/1?utm_source=x", "One: Two")
    'https://a.example/1 one two'
    """
    with suppress(SourceError):  # a file
        canonical = canonicalize(canonical)
    return f"{canonical} {fold(title or '')}"


if __name__ == "__main__":
    main()
