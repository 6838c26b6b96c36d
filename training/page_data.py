"""The labeled pages of the WCXB and news sets, as their folders hold them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

# Sites are dealt into so many parts; a model learns from all but one and is measured on that.
FOLDS = 4


@dataclass(frozen=True, slots=True)
class Sample:
    """``host`` is the registered domain, which no two folds share; ``country`` only for news."""

    name: str
    source: str  # "wcxb" or "news"
    host: str
    url: str
    html: bytes
    gold: str
    page_type: str
    country: str = ""
    title: str = ""


def samples(data: Path) -> Iterator[Sample]:
    """Every page with a gold text that is not empty, WCXB first, in the order of their names."""
    domain = PublicSuffixList().privatesuffix
    wcxb = data / "wcxb" / "dev"
    for truth in sorted((wcxb / "ground-truth").glob("*.json")):
        row = json.loads(truth.read_text("utf-8"))
        gold = row["ground_truth"].get("main_content") or ""
        if not gold.strip():
            continue
        host = urlsplit(row.get("url") or "").hostname or ""
        yield Sample(
            name=f"wcxb-{truth.stem}",
            source="wcxb",
            host=domain(host) or host or truth.stem,
            url=row.get("url") or "",
            html=gzip.decompress((wcxb / "html" / f"{truth.stem}.html.gz").read_bytes()),
            gold=gold,
            page_type=row["_internal"]["page_type"]["primary"],
            title=row["ground_truth"].get("title") or "",
        )
    for truth in sorted((data / "news" / "dev").glob("*.json")):
        row = json.loads(truth.read_text("utf-8"))
        gold = "\n\n".join(row["paragraphs"])
        if not gold.strip():
            continue
        host = urlsplit(row["url"]).hostname or ""
        yield Sample(
            name=f"news-{truth.stem}",
            source="news",
            host=domain(host) or host,
            url=row["url"],
            html=gzip.decompress(truth.with_suffix(".html.gz").read_bytes()),
            gold=gold,
            page_type="article",
            country=row["country"],
            title=row["title"] or "",
        )


def fold_of(host: str, folds: int, seed: int = 0) -> int:
    """Which fold a site is in; it follows from the name alone, so that every script agrees."""
    number = 0
    for letter in f"{seed}:{host}".encode():
        number = (number * 1_000_003 + letter) % 2_147_483_647
    return number // 7 % folds
