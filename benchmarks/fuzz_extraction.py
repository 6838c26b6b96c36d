"""Breaks pages at random and reads them: whatever is no article must be a typed error, and soon.

    python benchmarks/fuzz_extraction.py [--minutes 10] [--seed 1] [FOLDER …]

Takes the pages of ``fixtures/pages`` and those of each FOLDER (``*.html``, ``*.html.gz``) apart and
puts them together again: parts cut, doubled, swapped, moved to another page, bytes changed. Prints
what was read and refused, and the slowest page; fails on any other exception.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scraper.errors import ExtractError
from scraper.extractors.extract import extract

PAGES = Path(__file__).resolve().parent.parent / "fixtures" / "pages"
SCRAPS = (
    b"<", b">", b"</", b"<!--", b"-->", b"<table><tr><td>", b"</table>", b"<template>", b"<svg>",
    b"<math>", b"<noscript>", b"<script>", b"</script>", b"<frameset>", b"<plaintext>", b"\0",
    b"<select><option>", b"\xff\xfe", b"&#x0;", b"&#x110000;", b"<p hidden>", b"<body>",
    b"</body>", b"<pre>\n", b"<li>" * 50, b"<div>" * 200, b"<b>" * 100, b'<a href="',
    b"<meta charset=utf-16>", b"\xe5\xad\x97" * 100,
)  # fmt: skip
LARGEST = 300_000  # bytes


def broken(pages: list[bytes], chance: random.Random) -> bytes:
    page = bytearray(chance.choice(pages))
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(page) + 1)
        end = min(len(page), at + int(chance.expovariate(1 / 300)))
        match chance.randrange(6):
            case 0:
                del page[at:end]
            case 1:
                page[at:at] = page[at:end] * chance.randint(1, 30)
            case 2:
                page[at:at] = chance.choice(SCRAPS)
            case 3:
                other = chance.choice(pages)
                start = chance.randrange(len(other))
                page[at:end] = other[start : start + chance.randint(1, 3000)]
            case 4:
                page[at:end] = bytes(chance.choices(range(256), k=min(20, end - at)))
            case _:
                del page[chance.randrange(len(page) + 1) :]
    return bytes(page[:LARGEST])


def read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("folders", nargs="*", type=Path)
    said.add_argument("--minutes", type=float, default=10)
    said.add_argument("--seed", type=int, default=1)
    told = said.parse_args()
    folders = [PAGES, *told.folders]
    paths = sorted(it for folder in folders for it in folder.rglob("*.html*"))
    pages = [page for it in paths if (page := read(it)) and len(page) < LARGEST]
    chance = random.Random(told.seed)
    counted: Counter[str] = Counter()
    slowest = (0.0, b"")
    until = time.monotonic() + told.minutes * 60
    while time.monotonic() < until:
        page = broken(pages, chance)
        start = time.process_time()
        try:
            extract(page)
            counted["read"] += 1
        except ExtractError as error:
            counted[error.reason] += 1
        except BaseException:
            Path("fuzz-failure.html").write_bytes(page)
            print("wrote fuzz-failure.html")
            raise
        slowest = max(slowest, (time.process_time() - start, page))
    print(f"{counted.total()} pages of {len(pages)}: {dict(counted)}")
    print(f"slowest: {slowest[0]:.2f} s of CPU for {len(slowest[1]):,} bytes")


if __name__ == "__main__":
    main()
