"""Reads the lines that extractors left on pages with a gold text, split by publisher.

Input is a folder as ``benchmarks/README.md`` describes it: ``residue/dev.jsonl.gz`` and, for whole
pages flattened to text, the pages and gold texts of ``wcxb`` and ``news``.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from cleaners.text.fold import fold

# Share of the publishers that no training and no tuning sees.
HELD_BACK = 0.3


@dataclass(frozen=True, slots=True)
class Output:
    """What one extractor left of one page: lines, and for each whether it is in the gold text."""

    id: str
    publisher: str
    extractor: str
    title: str
    lines: tuple[str, ...]
    is_story: tuple[bool, ...]

    @property
    def is_held_back(self) -> bool:
        return is_held_back(self.publisher)


def is_held_back(publisher: str) -> bool:
    """Whether all pages of a publisher are kept for reports; the same on every machine."""
    return zlib.crc32(publisher.encode()) % 1000 < HELD_BACK * 1000


def read_outputs(data: Path) -> list[Output]:
    """The outputs of the six extractors."""
    with gzip.open(data / "residue" / "dev.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(it) for it in file]
    return [
        Output(
            row["id"],
            publisher(data, row["id"]),
            row["extractor"],
            row["title"] or "",
            tuple(text for text, _ in row["lines"]),
            tuple(bool(mark) for _, mark in row["lines"]),
        )
        for row in rows
    ]


@cache
def publisher(data: Path, page: str) -> str:
    """The host without ``www.`` of a WCXB page, the name of the publisher of a news page."""
    kind, rest = page.split("/", 1)
    if kind == "news":
        return rest.split("/")[-1].split("_")[0].lower()
    gold = json.loads((data / "wcxb" / "dev" / "ground-truth" / f"{rest}.json").read_text("utf-8"))
    return (urlsplit(gold.get("url") or "").hostname or rest).removeprefix("www.")


def flattened(data: Path, pages: list[str]) -> Iterator[Output]:
    """The same pages as ``inscriptis`` flattens them whole: menus, footers and all."""
    from inscriptis import get_text

    for page in pages:
        html, title, gold = read_page(data, page)
        lines = [" ".join(it.split()) for it in get_text(html).split("\n")]
        lines = [it for it in lines if it]
        marks = marked(lines, gold)
        yield Output(page, publisher(data, page), "flattened", title, tuple(lines), tuple(marks))


def read_page(data: Path, page: str) -> tuple[str, str, str]:
    """The HTML of a page, its title and its gold text."""
    kind, rest = page.split("/", 1)
    if kind == "news":
        name = rest.replace("/", "_")
        folder = data / "news" / "dev"
        html = gzip.decompress((folder / f"{name}.html.gz").read_bytes())
        gold = json.loads((folder / f"{name}.json").read_text("utf-8"))
        return html.decode("utf-8", "replace"), gold["title"] or "", "\n".join(gold["paragraphs"])
    folder = data / "wcxb" / "dev"
    html = gzip.decompress((folder / "html" / f"{rest}.html.gz").read_bytes())
    gold = json.loads((folder / "ground-truth" / f"{rest}.json").read_text("utf-8"))["ground_truth"]
    return html.decode("utf-8", "replace"), gold["title"] or "", gold["main_content"]


def marked(lines: list[str], gold: str) -> list[bool]:
    """Which lines stand in the gold text: nearly all of their pairs of words do.

    A line of one word counts where the gold text has it as a line. A line counts as often as its
    words stand in gold, so that the second copy of a headline does not.
    """
    words = fold(gold).split()
    pairs = Counter(pairwise(words))
    whole = Counter(fold(it) for it in gold.split("\n"))
    marks = []
    for line in lines:
        said = fold(line).split()
        own = Counter(pairwise(said))
        is_in = whole[" ".join(said)] > 0
        if not is_in and len(said) >= 5:
            is_in = sum((own & pairs).values()) >= 0.8 * sum(own.values())
        if is_in:
            pairs -= own
            whole[" ".join(said)] -= 1
        marks.append(is_in)
    return marks
