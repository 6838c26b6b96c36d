"""Fits the model that says how surely two texts are copies of one report.

    python training/duplicates_model.py [DATA] [--made N]

Reads ``DATA/duplicates/dev.jsonl.gz`` and ``fixtures/duplicates/``, only stories for tuning, makes
copies and look-alikes of N background texts on top, and writes
``cleaners/data/models/duplicates-copy.npz``. Prints how it does on stories that it did not see.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import numpy as np
from duplicates_pairs import Group, Row, made_group, rows_of, written_groups
from numpy.typing import NDArray

from cleaners.duplicates.features import NAMES, Compared
from cleaners.duplicates.model import Model, expanded
from cleaners.duplicates.words import words

HERE = Path(__file__).parent
OUT = HERE.parent / "cleaners" / "data" / "models" / "duplicates-copy.npz"
Floats = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--made", type=int, default=500)
    parser.add_argument("--keep", type=float, default=3.0, help="strength of regularization")
    asked = parser.parse_args()
    rows = rows_of(asked.data, HERE.parent / "fixtures" / "duplicates")
    tune = [it for it in rows if it["split"] == "tune"]
    test = [it for it in rows if it["split"] == "test"]
    made = list(made_groups(tune, asked.made))
    written = list(written_groups(tune))
    x, y, weight, _ = table([*made, *written], len(made))
    knots = np.quantile(x, (0.1, 0.3, 0.5, 0.7, 0.9), axis=0)
    model = fit(x, y, weight, knots, asked.keep)
    # How sure it is, is measured on what it did not see: made and written groups in five parts.
    model = calibrated(model, *held_back(made, written, knots, asked.keep))
    np.savez_compressed(
        OUT,
        names=np.array(NAMES),
        knots=model.knots,
        weights=model.weights,
        scale=np.array(model.scale),
    )
    for name, groups in (
        ("made of unseen texts", list(made_groups(test, 80))),
        ("written, unseen", list(written_groups(test))),
        ("written, seen", written),
    ):
        report(name, groups, model)


def made_groups(rows: Sequence[Row], count: int) -> Iterable[Group]:
    """Groups made of background texts of 80 to 1,500 words with sentences."""
    texts = [it["text"] for it in rows if it["kind"] == "background"]
    texts = [it for it in texts if 500 < len(it) < 9000 and it.count(". ") + it.count("。") > 5]
    random = Random(5)
    random.shuffle(texts)
    for place in range(min(count, len(texts))):
        others = [texts[(place + step) % len(texts)] for step in (1, 2, 3)]
        near = [texts[(place + step) % len(texts)] for step in range(1, 30)]
        vocabulary = [it for text in near for it in text.split() if it.islower() and it.isalpha()]
        long = [it for it in vocabulary if len(it) > 3]
        yield made_group(texts[place], others, long, f"made {place}")


def table(groups: Sequence[Group], made: int) -> tuple[Floats, Floats, Floats, list[str]]:
    """Features, labels, weights and tags of all pairs. Each tag weighs as much as another.

    What people wrote weighs as much as all that was made; copies as much as look-alikes.
    """
    features, labels, tags, sources = [], [], [], []
    for place, group in enumerate(groups):
        compared = Compared(words(group.texts))
        pairs = np.array([(a, b) for a, b, _, _ in group.pairs], dtype=np.int64)
        features.append(compared.features(pairs, compared.align(pairs)))
        labels += [same for _, _, same, _ in group.pairs]
        tags += [tag for _, _, _, tag in group.pairs]
        sources += [place < made] * len(pairs)
    totals: dict[tuple[str, bool], int] = defaultdict(int)
    for tag, source in zip(tags, sources, strict=True):
        totals[tag, source] += 1
    y = np.array(labels, dtype=float)
    weight = np.array([totals[it] ** -0.5 for it in zip(tags, sources, strict=True)])
    is_made = np.array(sources)
    for same in (0, 1):
        for source in (False, True):
            chosen = (y == same) & (is_made == source)
            if chosen.any():
                weight[chosen] *= 0.25 * len(y) / weight[chosen].sum()
    return np.concatenate(features), y, weight, tags


def fit(x: Floats, y: Floats, weight: Floats, knots: Floats, keep: float) -> Model:
    """Logistic regression by Newton's method, on features and their hinges."""
    wide = expanded(x, knots)
    center, spread = wide[:, :-1].mean(axis=0), wide[:, :-1].std(axis=0) + 0.05
    scaled = np.column_stack([(wide[:, :-1] - center) / spread, np.ones(len(wide))])
    beta = np.zeros(scaled.shape[1])
    penalty = np.append(np.full(len(beta) - 1, keep), 1e-6)
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(scaled @ beta, -30, 30)))
        gradient = scaled.T @ (weight * (p - y)) + penalty * beta
        curve = (scaled * (weight * p * (1 - p))[:, None]).T @ scaled + np.diag(penalty)
        step = np.linalg.solve(curve, gradient)
        beta -= step * min(1.0, 5 / np.abs(step).max())
        if np.abs(step).max() < 1e-6:
            break
    plain = beta[:-1] / spread
    return Model(knots, np.append(plain, beta[-1] - (plain * center).sum()), (1.0, 0.0))


def held_back(
    made: Sequence[Group], written: Sequence[Group], knots: Floats, keep: float
) -> tuple[Floats, Floats, Floats]:
    """Scores, labels and weights of all pairs by models that did not see their story."""
    scores, labels, weights = [], [], []
    for part in range(5):
        seen = [[it for at, it in enumerate(those) if at % 5 != part] for those in (made, written)]
        rest = [[it for at, it in enumerate(those) if at % 5 == part] for those in (made, written)]
        x, y, weight, _ = table([*seen[0], *seen[1]], len(seen[0]))
        model = fit(x, y, weight, knots, keep)
        x, y, weight, _ = table([*rest[0], *rest[1]], len(rest[0]))
        scores.append(model.scores(x))
        labels.append(y)
        weights.append(weight)
    return np.concatenate(scores), np.concatenate(labels), np.concatenate(weights)


def calibrated(model: Model, score: Floats, y: Floats, weight: Floats) -> Model:
    """With the slope and the shift that make the confidence the measured share (Platt 1999)."""
    slope, shift = 1.0, 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-(slope * score + shift)))
        curve = weight * p * (1 - p)
        gradient = np.array([(weight * (p - y) * score).sum(), (weight * (p - y)).sum()])
        mixed = (curve * score).sum()
        hessian = np.array([[(curve * score**2).sum(), mixed], [mixed, curve.sum()]])
        step = np.linalg.solve(hessian + np.eye(2) * 1e-9, gradient)
        slope, shift = slope - step[0], shift - step[1]
    print(f"calibrated: slope {slope:.3f}, shift {shift:.3f}", file=sys.stderr)
    return Model(model.knots, model.weights, (float(slope), float(shift)))


def report(name: str, groups: Sequence[Group], model: Model) -> None:
    x, y, _, tags = table(groups, 0)
    p = model.confidences(x)
    print(f"\n{name}: {len(y):,} pairs of {len(groups)} groups")
    for limit in (0.5, 0.8, 0.9, 0.95):
        chosen = p >= limit
        precision = y[chosen].mean() if chosen.any() else 1.0
        print(f"  p >= {limit}: precision {precision:.4f} recall {chosen[y == 1].mean():.4f}")
    wrong: dict[str, list[bool]] = defaultdict(list)
    for tag, same, confidence in zip(tags, y, p, strict=True):
        wrong[tag].append((confidence >= 0.8) != bool(same))
    for tag, those in sorted(wrong.items(), key=lambda it: -sum(it[1]))[:14]:
        if any(those):
            print(f"    {tag:44} {sum(those):4} of {len(those):4} wrong")


if __name__ == "__main__":
    main()
