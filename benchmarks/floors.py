"""Hold the scores on our own fixtures above the floors in floors.toml.

    python benchmarks/floors.py

Needs nothing but the checkout. The large measurements are in the other scripts of this folder; here
stand the ones that every change has to pass.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

from labels import checked as checked_labels

from cleaners.duplicates import deduplicate
from cleaners.text.fold import fold
from scraper.errors import ExtractError
from scraper.extractors.extract import extract

ROOT = Path(__file__).resolve().parent.parent
SITES = ROOT / "fixtures" / "sites"
STORIES = ROOT / "fixtures" / "duplicates"


def word_f1(found: str, gold: str) -> float:
    """F1 of the two bags of folded words, 0 to 1."""
    one, other = Counter(fold(found).split()), Counter(fold(gold).split())
    shared = sum((one & other).values())
    return 2 * shared / max(1, one.total() + other.total())


def gold_pages() -> Iterator[dict[str, object]]:
    for line in (SITES / "gold.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


def file_of(page: dict[str, object]) -> Path:
    path = SITES / str(page["host"]) / str(page["path"]).split("?")[0].lstrip("/")
    return path / "index.html" if path.is_dir() else path


def extraction() -> dict[str, float]:
    """Mean word F1 over the pages of the demo's sites that have a gold text, and titles."""
    scores, titles = [], []
    for page in gold_pages():
        paragraphs = page["paragraphs"]
        assert isinstance(paragraphs, list)
        # A later part of an article has the whole article's text as its gold.
        if not paragraphs or "?" in str(page["path"]) or not file_of(page).is_file():
            continue
        try:
            article = extract(file_of(page).read_bytes(), str(page["url"]))
        except ExtractError:
            scores.append(0.0)
            titles.append(False)
            continue
        scores.append(word_f1(article.text, "\n".join(map(str, paragraphs))))
        titles.append(fold(article.title or "") == fold(str(page["title"])))
    return {
        "word_f1": sum(scores) / len(scores),
        "title": sum(titles) / len(titles),
    }


def labels() -> dict[str, float]:
    """The share of removed blocks that carry the right label, where it is known."""
    checked = [it for _, it, _ in checked_labels()]
    return {"right": sum(checked) / len(checked)}


def copies() -> dict[str, float]:
    """Precision and recall over pairs of the stories marked as test; the model has seen them."""
    rows = [
        json.loads(line)
        for path in sorted(STORIES.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    rows = [it for it in rows if it["split"] == "test"]
    found = deduplicate([(it["id"], it["text"]) for it in rows])
    got = set(pairs(it.members for it in found.clusters))
    stories: dict[str, list[str]] = defaultdict(list)
    for it in rows:
        if it["kind"] != "roundup" and not it.get("parts"):
            stories[it["story"]].append(it["id"])
    true = set(pairs(stories.values()))
    right = len(got & true)
    return {"precision": right / max(1, len(got)), "recall": right / len(true)}


def pairs(groups: Iterable[Iterable[str]]) -> Iterator[tuple[str, str]]:
    for group in groups:
        yield from combinations(sorted(group), 2)


def main() -> int:
    floors = tomllib.loads((ROOT / "benchmarks" / "floors.toml").read_text("utf-8"))["fixtures"]
    below = 0
    for part, measure in (("extraction", extraction), ("labels", labels), ("copies", copies)):
        for name, score in measure().items():
            floor = floors[part][name]
            is_below = score < floor
            below += is_below
            note = "  BELOW ITS FLOOR" if is_below else ""
            print(f"{part:<12} {name:<10} {score:.4f}  floor {floor:.4f}{note}")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
