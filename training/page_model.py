"""Trains the reader of pages: folds held out by host to measure it, then all pages to ship it.

    python -m training.page_model ../shared/data --folds-out build/folds --out cleaners/data/models

Takes two minutes for each network on one core. The same data give the same bytes, which a few of
the pages show soonest: run twice with ``--every 100`` and compare.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaners.boilerplate.network import Network, save
from scraper.extractors.model.choose import choose
from scraper.extractors.model.features import names
from scraper.extractors.model.page_model import (
    HEAD,
    NETWORKS,
    TOKENS,
    PageModel,
    Reading,
    page_model,
    read,
    save_tokens,
)
from scraper.extractors.model.token_scores import TokenScores
from training.page_data import FOLDS, fold_of
from training.page_pages import CLASSES, Prepared, example, importance, inputs, prepared, seen
from training.page_scores import Counted, count
from training.page_tokens import overlap
from training.sequence_network import Recipe, train

BINS = (0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 1.01)
Column: TypeAlias = NDArray[np.float64]
# Found on the first fold; see the model card.
RECIPE = Recipe(
    channels=40,
    dilations=(1, 2, 4, 8, 16, 1),
    epochs=16,
    dropout=0.2,
    blank=0.1,
    overlap=2.0,
    longest=1500,
)


def networks(pages: Sequence[Prepared], counted: Counted, seeds: Sequence[int]) -> list[Network]:
    """One network for each seed, each site's token scores counted from the others."""
    by_host: dict[str, TokenScores] = {}
    examples = []
    for page in pages:
        scores = by_host.setdefault(page.host, counted.scores(page.host))
        examples.append(example(page, inputs(page, scores), importance(page)))
    labels = (names(), (HEAD,), CLASSES)
    return [train(examples, labels, _with_seed(seed)) for seed in seeds]


def _with_seed(seed: int) -> Recipe:
    return Recipe(**{**{it: getattr(RECIPE, it) for it in Recipe.__slots__}, "seed": seed})


def model_of(
    pages: Sequence[Prepared], seeds: Sequence[int], calibration: tuple[float, float]
) -> PageModel:
    """A model learned from these pages; ``calibration`` is its temperature and its shift."""
    counted = count(seen(it) for it in pages)
    return PageModel(tuple(networks(pages, counted, seeds)), counted.fixed(), *calibration)


def write(model: PageModel, folder: Path) -> None:
    """The two files that ``page_model`` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    save(model.networks, folder / NETWORKS)
    save_tokens(model, folder / TOKENS)


def still_off(readings: Sequence[Reading], pages: Sequence[Prepared]) -> tuple[float, float]:
    """A further temperature and shift that would fit held-out pages best: 1 and 0 if all is well.

    Every page counts the same, and in it every word; lowest cross entropy on a grid.
    """
    story, label, weight = _words(readings, pages)
    logit = np.log(story / (1 - story))
    grid = [(t, s) for t in np.arange(0.6, 2.01, 0.1) for s in np.arange(-1, 1.01, 0.1)]

    def entropy(at: tuple[float, float]) -> float:
        moved = logit / at[0] + at[1]
        return float((weight * (np.logaddexp(0, moved) - label * moved)).sum())

    best = min(grid, key=entropy)
    return float(best[0]), float(best[1])


def _words(readings: Sequence[Reading], pages: Sequence[Prepared]) -> tuple[Column, Column, Column]:
    """Probability, label and weight of all segments; each page weighs 1, by its words."""
    story = np.concatenate([it.story for it in readings])
    label = np.concatenate([it.labels for it in pages]).astype(np.float64)
    weight = np.concatenate([it.lengths / max(1.0, float(it.lengths.sum())) for it in pages])
    return story, label, weight.astype(np.float64)


def show_reliability(readings: Sequence[Reading], pages: Sequence[Prepared]) -> None:
    """Prints how much of what was thought so likely is in the gold texts, by words."""
    story, label, weight = _words(readings, pages)
    print("\nprobability     said   true   share of words")
    for low, high in pairwise(BINS):
        here = (story >= low) & (story < high)
        mass = max(1e-9, float(weight[here].sum()))
        said, true = ((weight * it)[here].sum() / mass for it in (story, label))
        print(f"{low:.2f} to {min(1, high):.2f}  {said:6.3f} {true:6.3f} {mass / len(pages):10.3f}")


def score(readings: Sequence[Reading], pages: Sequence[Prepared]) -> dict[str, list[float]]:
    """F1 of each page's chosen segments against its gold text, by source and type."""
    found: dict[str, list[float]] = defaultdict(list)
    for reading, page in zip(readings, pages, strict=True):
        chosen = choose(reading.story, np.maximum(0.5, page.lengths).astype(np.float64))
        words = [
            word for it, is_in in zip(page.tokens, chosen, strict=True) if is_in for word in it
        ]
        f1 = overlap(words, page.gold)[2]
        found[page.source].append(f1)
        found[f"{page.source} {page.page_type}"].append(f1)
        is_story = page.labels > 0.5
        found["kept is right"].append(float(is_story[chosen].mean()))
        if not chosen.all():
            found["removed is right"].append(float((~is_story)[~chosen].mean()))
        right = max(reading.types, key=lambda it: reading.types[it]) == page.page_type
        found["type is right"].append(float(right))
    return found


def show(scores: dict[str, list[float]]) -> None:
    for name in sorted(scores):
        print(f"  {name:22} {len(scores[name]):5} {np.mean(scores[name]):.4f}", flush=True)


def main(arguments: Sequence[str]) -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("data", type=Path)
    said.add_argument("--cache", type=Path, help="keep the prepared pages in this file")
    said.add_argument("--folds-out", type=Path, help="measure, and keep each fold's model here")
    said.add_argument("--again", action="store_true", help="the folds' models are there: measure")
    said.add_argument("--only-fold", type=int, help="measure on this fold alone")
    said.add_argument("--out", type=Path, help="train on all pages and write the model here")
    said.add_argument("--every", type=int, default=1, help="of all pages only each N-th")
    said.add_argument("--seeds", type=int, nargs="+", default=[1])
    # Fitted on the readings of held-out pages; ``still_off`` says how well they fit.
    said.add_argument("--calibration", type=float, nargs=2, default=[1.8, -0.4])
    told = said.parse_args(arguments)
    pages = prepared(told.data, told.cache, told.every)
    print(f"{len(pages)} pages, {len(names())} features", flush=True)
    if told.folds_out:
        _measure(pages, told)
    if told.out:
        start = time.time()
        write(model_of(pages, told.seeds, tuple(told.calibration)), told.out)
        print(f"{told.out}: trained on {len(pages)} pages in {time.time() - start:.0f} s")


def _measure(pages: Sequence[Prepared], told: argparse.Namespace) -> None:
    together: dict[str, list[float]] = defaultdict(list)
    readings: list[Reading] = []
    held_out: list[Prepared] = []
    for fold in range(FOLDS) if told.only_fold is None else [told.only_fold]:
        learned = [it for it in pages if fold_of(it.host, FOLDS) != fold]
        unseen = [it for it in pages if fold_of(it.host, FOLDS) == fold]
        start = time.time()
        folder = told.folds_out / str(fold)
        if not told.again:
            write(model_of(learned, told.seeds, tuple(told.calibration)), folder)
        model = page_model(folder)
        read_here = [read(model, inputs(it, model.scores)) for it in unseen]
        print(f"fold {fold}: {len(unseen)} pages, {time.time() - start:.0f} s")
        scores = score(read_here, unseen)
        show(scores)
        for name, values in scores.items():
            together[name] += values
        readings += read_here
        held_out += unseen
    print("all folds")
    show(together)
    show_reliability(readings, held_out)
    heat, shift = still_off(readings, held_out)
    print(f"still off by a temperature of {heat:.1f} and a shift of {shift:+.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
