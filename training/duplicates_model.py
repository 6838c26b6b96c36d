"""Fits the model that says how surely two texts are copies of one report.

    python training/duplicates_model.py [DATA] [--made N]
    python training/duplicates_model.py [DATA] --without-test --out MODEL

Needs ``pip install lightgbm`` and takes four minutes of CPU time. Reads
``DATA/duplicates/dev.jsonl.gz`` and ``fixtures/duplicates/``, makes copies and look-alikes of N
background texts on top, and writes ``cleaners/data/models/duplicates-copy.npz``. The model that
ships learns from all stories but the two seeds; one that learned without those marked as test is
what ``benchmarks/duplicates.py --model MODEL`` measures on them.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import numpy as np
from duplicates_pairs import Group, Row, made_group, mined_groups, rows_of, written_groups
from duplicates_variants import varied_groups
from numpy.typing import NDArray

from cleaners.duplicates.features import NAMES, Compared
from cleaners.duplicates.model import Model
from cleaners.duplicates.words import words

HERE = Path(__file__).parent
OUT = HERE.parent / "cleaners" / "data" / "models" / "duplicates-copy.npz"
Floats = NDArray[np.float64]
# Five steps down a tree are as deep as the stories bear: with six it gets no better.
DEPTH = 5
TREES = {"copy": 500, "whole": 200}
SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.08,
    "max_depth": DEPTH,
    "num_leaves": 20,
    "lambda_l2": 100,
    "min_data_in_leaf": 100,
    "path_smooth": 20,
    "feature_fraction_bynode": 0.15,
    "bagging_fraction": 0.6,
    "bagging_freq": 1,
    "num_threads": 1,
    "seed": 0,
    "deterministic": True,
    "verbose": -1,
}
# Of authors; how sure the model is, is measured on a fold by what was fitted without it.
FOLDS = 4
SHARES = {"written": 1 / 2, "varied": 1 / 3, "made": 1 / 6}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "data", nargs="?", type=Path, default=HERE.parent.parent / "shared" / "data"
    )
    parser.add_argument("--made", type=int, default=200)
    parser.add_argument("--without-test", action="store_true", help="leave out its stories")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    rows = rows_of(asked.data, HERE.parent / "fixtures" / "duplicates")
    test = [it for it in rows if it["split"] == "test"]
    known = [it for it in rows if it["split"] == "tune"]
    stories = known if asked.without_test else to_learn(rows)
    seen = gathered(rows, stories, asked.made)
    fold = author_folds(stories)
    unseen = {
        "made of unseen texts": measured(made_groups(test, 80), "made"),
        "background, unseen": measured(mined_groups(test), "written"),
    }
    columns: dict[str, NDArray[Any]] = {"names": np.array(NAMES)}
    for part in ("copy", "whole"):
        ours = of_part(seen, part)
        # How sure the model is, is measured on authors whom it did not read.
        model = calibrated(fit(*table(ours)[:3], TREES[part]), *held_back(ours, part, fold))
        columns |= {
            f"{part}_feature": model.feature,
            f"{part}_limit": model.limit,
            f"{part}_leaf": model.leaf,
            f"{part}_scale": np.array(model.scale),
        }
        for name, groups in unseen.items():
            report(f"{part}: {name}", of_part(groups, part), model)
        report(f"{part}: written, seen", [it for it in ours if it.source != "made"], model)
    np.savez_compressed(asked.out, **columns)


def to_learn(rows: Sequence[Row]) -> list[Row]:
    """All that was written for learning, those marked as test as well; the two seeds are not."""
    return [it for it in rows if it["split"] == "tune" or it["source"] == "written"]


def author_folds(rows: Sequence[Row]) -> dict[str, int]:
    """The fold of each story: all of an author's are in one, and no author is halved."""
    author = {it["story"]: it["author"] for it in rows if it["kind"] != "background"}
    place = {name: at % FOLDS for at, name in enumerate(sorted({*author.values()}))}
    return {story: place[name] for story, name in author.items()}


def gathered(
    rows: Sequence[Row], stories: Sequence[Row], made: int
) -> list[tuple[Group, Measured]]:
    """All there is to learn from: written stories, what was made of them, and ``made`` of the
    background texts that are for tuning."""
    tune = [it for it in rows if it["split"] == "tune"]
    return [
        *measured(made_groups(tune, made), "made"),
        *measured(mined_groups(tune), "written"),
        *measured(written_groups(stories), "written"),
        *measured(varied_groups(stories), "varied"),
    ]


def made_groups(rows: Sequence[Row], count: int) -> Iterable[Group]:
    """Groups made of background texts of 80 to 1,500 words that read like reports."""
    texts = [it["text"] for it in rows if it["kind"] == "background"]
    texts = [it for it in texts if 500 < len(it) < 9000 and _is_report(it)]
    random = Random(5)
    random.shuffle(texts)
    for place in range(min(count, len(texts))):
        others = [texts[(place + step) % len(texts)] for step in (1, 2, 3)]
        near = [texts[(place + step) % len(texts)] for step in range(1, 30)]
        vocabulary = [it for text in near for it in text.split() if it.islower() and it.isalpha()]
        long = [it for it in vocabulary if len(it) > 3]
        yield made_group(texts[place], others, long, f"made {place}")


def _is_report(text: str) -> bool:
    """Whether most sentences hold a name or a number, and there are sentences: no list of goods."""
    of = words([text])
    count = int(of.sentence[-1]) + 1 if len(of.sentence) else 0
    named = len(np.unique(of.sentence[of.kind > 0]))
    return count > 7 and named > 0.6 * count and 8 < len(of.sentence) / count < 45


@dataclass(frozen=True)
class Measured:
    """The pairs of one group: features, labels, tags, and what the texts are from."""

    features: Floats
    labels: tuple[bool, ...]
    tags: tuple[str, ...]
    source: str
    story: str


def measured(groups: Iterable[Group], source: str) -> list[tuple[Group, Measured]]:
    """The features of all pairs, which take most of the time; labeled as copies or not.

    ``source``: "written", "varied" or "made".
    """
    found = []
    for group in groups:
        compared = Compared(words(group.texts))
        pairs = np.array([it[:2] for it in group.pairs], dtype=np.int64).reshape(-1, 2)
        features = compared.features(pairs, compared.align(pairs))
        labels = tuple(it.shares for it in group.pairs)
        tags = tuple(it.tag for it in group.pairs)
        found.append((group, Measured(features, labels, tags, source, group.story)))
    return found


def of_part(groups: Sequence[tuple[Group, Measured]], part: str) -> list[Measured]:
    """What a model learns from: the first whether two share a report, the second, of those that
    do, whether the longer one is that report and no roundup."""
    if part == "copy":
        return [it for _, it in groups]
    found = []
    for group, it in groups:
        kept = [place for place, pair in enumerate(group.pairs) if pair.shares]
        labels = tuple(group.pairs[place].whole for place in kept)
        tags = tuple(it.tags[place] for place in kept)
        found.append(Measured(it.features[kept], labels, tags, it.source, it.story))
    return found


def table(groups: Sequence[Measured]) -> tuple[Floats, Floats, Floats, list[str]]:
    """Features, labels, weights and tags of all pairs. Rarer tags weigh more, pair by pair.

    What people wrote weighs half, what was made of their stories a third, what was made of other
    texts a sixth; copies weigh as much as look-alikes.
    """
    tags = [tag for it in groups for tag in it.tags]
    source = np.array([it.source for it in groups for _ in it.tags])
    y = np.array([same for it in groups for same in it.labels], dtype=float)
    totals: dict[tuple[str, str], int] = defaultdict(int)
    keys = list(zip(tags, source.tolist(), strict=True))
    for key in keys:
        totals[key] += 1
    weight = np.array([totals[key] ** -0.5 for key in keys])
    for same in (0, 1):
        for name, part in SHARES.items():
            chosen = (y == same) & (source == name)
            if chosen.any():
                weight[chosen] *= part / 2 * len(y) / weight[chosen].sum()
    return np.concatenate([it.features for it in groups]), y, weight, tags


def fit(x: Floats, y: Floats, weight: Floats, trees: int) -> Model:
    """Gradient-boosted trees (LightGBM); settings by the error on authors that were not read."""
    import lightgbm

    found = lightgbm.train(SETTINGS, lightgbm.Dataset(x, y, weight=weight), trees)
    roots = [it["tree_structure"] for it in found.dump_model()["tree_info"]]
    feature = np.zeros((len(roots), 2**DEPTH - 1), dtype=np.uint8)
    limit = np.full(feature.shape, np.inf, dtype=np.float32)
    leaf = np.zeros((len(roots), 2**DEPTH), dtype=np.float32)
    for tree, root in enumerate(roots):
        _fill(root, 0, (feature[tree], limit[tree], leaf[tree]))
    return Model(feature, limit, leaf, (1.0, 0.0))


def _fill(node: dict[str, Any], at: int, columns: tuple[NDArray[Any], ...]) -> None:
    """Puts a node and all below it in their places; a leaf that comes early stands for all."""
    feature, limit, leaf = columns
    if "leaf_value" in node:
        if at >= len(feature):
            leaf[at - len(feature)] = node["leaf_value"]
            return
        below = node, node
    else:
        feature[at], limit[at] = node["split_feature"], node["threshold"]
        below = node["left_child"], node["right_child"]
    for side, it in enumerate(below):
        _fill(it, 2 * at + 1 + side, columns)


def held_back(
    groups: Sequence[Measured], part: str, fold: Mapping[str, int]
) -> tuple[Floats, Floats, Floats]:
    """Scores, labels and weights of all pairs by models that did not see their fold.

    ``fold`` has that of each story; what was made of background texts goes by chance.
    """
    found = []
    parts = [fold.get(it.story, crc32(it.story.encode()) % FOLDS) for it in groups]
    for number in range(FOLDS):
        seen = table([it for it, at in zip(groups, parts, strict=True) if at != number])
        x, y, weight, _ = table([it for it, at in zip(groups, parts, strict=True) if at == number])
        found.append((fit(*seen[:3], TREES[part]).scores(x), y, weight))
    scores, labels, weights = (np.concatenate(it) for it in zip(*found, strict=True))
    return scores, labels, weights


def calibrated(model: Model, score: Floats, y: Floats, weight: Floats) -> Model:
    """With the slope and the shift that make the confidence the measured share (Platt 1999)."""
    slope, shift = 1.0, 0.0
    # Smoothed targets and short steps: where nearly all is right, the slope would grow for ever.
    count = np.array([weight[y == 0].sum(), weight[y == 1].sum()])
    target = np.where(y == 1, (count[1] + 1) / (count[1] + 2), 1 / (count[0] + 2))
    for _ in range(200):
        p = 1 / (1 + np.exp(-np.clip(slope * score + shift, -30, 30)))
        curve = weight * p * (1 - p)
        gradient = np.array([(weight * (p - target) * score).sum(), (weight * (p - target)).sum()])
        mixed = (curve * score).sum()
        hessian = np.array([[(curve * score**2).sum(), mixed], [mixed, curve.sum()]])
        step = np.linalg.solve(hessian + np.eye(2) * 1e-6, gradient)
        step *= min(1.0, 0.25 / float(np.abs(step).max()))
        slope, shift = slope - step[0], shift - step[1]
        if np.abs(step).max() < 1e-8:
            break
    print(f"calibrated: slope {slope:.3f}, shift {shift:.3f}", file=sys.stderr)
    return replace(model, scale=(float(slope), float(shift)))


def report(name: str, groups: Sequence[Measured], model: Model) -> None:
    x, y, _, tags = table(groups)
    p = model.confidences(x)
    print(f"\n{name}: {len(y):,} pairs of {len(groups)} groups")
    for limit in (0.5, 0.8, 0.9, 0.95):
        chosen = p >= limit
        precision = y[chosen].mean() if chosen.any() else 1.0
        recall = chosen[y == 1].sum() / max(1, y.sum())
        print(f"  p >= {limit}: precision {precision:.4f} recall {recall:.4f}")
    wrong: dict[str, list[bool]] = defaultdict(list)
    for tag, same, confidence in zip(tags, y, p, strict=True):
        wrong[tag].append((confidence >= 0.8) != bool(same))
    for tag, those in sorted(wrong.items(), key=lambda it: -sum(it[1]))[:14]:
        if any(those):
            print(f"    {tag:44} {sum(those):4} of {len(those):4} wrong")


if __name__ == "__main__":
    main()
