"""Trains the weights that choose a headline among what a page calls itself.

    python -m training.title_chooser ../shared/data --out scraper/extractors/data/title.toml

A conditional logit over the candidates of each page, on the ``tune`` half of
``benchmarks/metadata.py`` alone. Folds of that half, split by publisher or host, say what to
expect; ``benchmarks/metadata.py --part report`` measures it. The same data give the same bytes.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import fsum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser

from benchmarks.metadata import Case, cases, site_of
from scraper.extractors.metadata.head import one_line
from scraper.extractors.metadata.metadata import titles_of
from scraper.extractors.metadata.title import all_marks
from scraper.extractors.metadata.title_candidates import candidates

Floats = NDArray[np.float64]
FOLDS = 5
# There are few newsrooms in the data and they are what we read most. More of it takes from articles
# what it gives to news (3, 6, 10: .869, .879, .883 of news and .804, .799, .790 of articles).
NEWS_COUNTS = 6.0
RIDGE = 2.0  # strength of the prior that a weight is 0; 0.5 to 5 differ by less than a point
STEPS, RATE = 400, 0.05
LEAST_TIMES = 4  # pages on which a mark must differ between candidates to be given a weight
GROUPS = {"news": ("news",), "articles": ("article",)}


@dataclass(frozen=True, slots=True)
class Page:
    case: Case
    texts: list[str]
    marks: list[set[str]]

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.array([it == one_line(self.case.title) for it in self.texts], dtype=np.bool_)

    @property
    def group(self) -> str:
        return next((name for name, kinds in GROUPS.items() if self.case.kind in kinds), "others")


def page_of(case: Case) -> Page:
    titles = titles_of(LexborHTMLParser(case.html), case.url)
    every = candidates(titles.said, titles.shown, titles.sites)
    return Page(case, [it.text for it in every], list(all_marks(every, titles)))


def names_in(pages: Sequence[Page]) -> list[str]:
    """The marks that part candidates often enough to be learned from."""
    times: dict[str, int] = {}
    for page in pages:
        if page.marks:
            for name in set.union(*page.marks) - set.intersection(*page.marks):
                times[name] = times.get(name, 0) + 1
    return sorted(name for name, many in times.items() if many >= LEAST_TIMES)


def trained(pages: Sequence[Page], names: Sequence[str]) -> Floats:
    """One weight for each name, by Adam (Kingma and Ba 2015) on the log-likelihood."""
    inputs = [
        np.array([[name in marks for name in names] for marks in page.marks], dtype=np.float64)
        for page in pages
    ]
    used = [at for at, page in enumerate(pages) if 0 < page.right.sum() < len(page.texts)]
    rows = np.concatenate([inputs[at] for at in used])
    right = np.concatenate([pages[at].right for at in used])
    sizes = np.array([len(pages[at].texts) for at in used])
    starts = np.cumsum(sizes) - sizes
    of_page = np.repeat(np.arange(len(used)), sizes)
    counts = np.array([NEWS_COUNTS if pages[at].group == "news" else 1.0 for at in used])

    def share(scores: Floats) -> Floats:
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[of_page])
        return odds / np.add.reduceat(odds, starts)[of_page]

    weights, mean, square = (np.zeros(len(names)) for _ in range(3))
    for step in range(1, STEPS + 1):
        likely = share(rows @ weights)
        # Of several right texts each is as right as the model likes it.
        wanted = likely * right
        wanted = wanted / np.add.reduceat(wanted, starts)[of_page]
        slope = ((wanted - likely) * counts[of_page]) @ rows - RIDGE * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        fair = np.sqrt(square / (1 - 0.99**step)) + 1e-8
        weights = weights + RATE * (mean / (1 - 0.9**step)) / fair
    return weights


def is_right(page: Page, table: dict[str, float]) -> bool:
    scores = [fsum(table.get(it, 0.0) for it in marks) for marks in page.marks]
    return bool(scores) and bool(page.right[int(np.argmax(scores))])


def held_out(pages: Sequence[Page]) -> dict[str, float]:
    """The share of right titles of each group, by weights that never saw the site."""
    folds = [blake2b(site_of(it.case).encode(), digest_size=2).digest()[1] % FOLDS for it in pages]
    right: dict[str, list[bool]] = {}
    for fold in range(FOLDS):
        seen = [it for it, own in zip(pages, folds, strict=True) if own != fold]
        names = names_in(seen)
        table = dict(zip(names, trained(seen, names).tolist(), strict=True))
        for page, own in zip(pages, folds, strict=True):
            if own == fold:
                right.setdefault(page.group, []).append(is_right(page, table))
    return {name: sum(each) / len(each) for name, each in sorted(right.items())}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, help="where to write the weights")
    told = parser.parse_args()
    pages = [page_of(it) for it in cases(told.data, "tune")]
    reached: dict[str, list[bool]] = {}
    for page in pages:
        reached.setdefault(page.group, []).append(bool(page.right.any()))
    figures = held_out(pages)
    for name, share in figures.items():
        most = sum(reached[name]) / len(reached[name])
        many = len(reached[name])
        print(f"{name}: {share:.3f} of {many} on held-out sites, at most {most:.3f}")
    if told.out is not None:
        names = names_in(pages)
        told.out.write_text(written(pages, names, trained(pages, names), figures), "utf-8")


def written(
    pages: Sequence[Page], names: Sequence[str], weights: Floats, figures: dict[str, float]
) -> str:
    lines = [
        "# Weights that choose a headline; training/title_chooser.py wrote them, no hand did.",
        "# A name is a place that says this very text (og), or one that says the same letters",
        "# (og~), with .whole where the site's name is still in it, .cut and .tail for parts at a",
        "# seam; before a slash stands what is true of the page.",
        "[card]",
        f'data = "{len(pages)} pages: the tune half of WCXB dev (CC BY 4.0) and of Fundus (MIT)"',
        f"held_out = {{ {', '.join(f'{name} = {share:.3f}' for name, share in figures.items())} }}",
        "",
        "[weights]",
        *(f'"{name}" = {value:.2f}' for name, value in zip(names, weights.tolist(), strict=True)),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
