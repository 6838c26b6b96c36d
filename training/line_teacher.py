"""Asks a much larger model what it thinks of lines of publishers that it was not trained on.

``python -m training.line_teacher --data ../shared/data --out teacher.npz`` writes a logit for each
line of each training text, each from models of the other publishers (five folds). The line model
learns from them beside the gold marks (``training.line_model --teacher``): gold texts leave out
story and keep residue here and there, and what other publishers' lines say of such a line is often
truer than its mark (distillation, Hinton, Vinyals, Dean 2015).

The teacher is the mean of a network as ``training.line_model`` trains it and of gradient boosted
trees (LightGBM) that see as well the features of the lines around and a linear model of the line's
runs of one to three words. Needs ``pip install lightgbm scikit-learn`` and a quarter of an hour.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cleaners.boilerplate.network import Floats, logits
from training.line_model import (
    FOLDS,
    Prepared,
    examples_of,
    importances,
    is_for_trees,
    network_of,
    prepare,
    training_outputs,
    word_scores,
)

_RUNS, _SLOTS = (1, 3), 2**18
_HEAD, _TAIL = 30, 10  # words of a long line that count
TREES = {
    "objective": "binary",
    "num_leaves": 63,
    "learning_rate": 0.06,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "min_data_in_leaf": 60,
    "lambda_l2": 5,
    "max_bin": 63,
    "num_threads": 1,
    "seed": 1,
    "verbose": -1,
}
ROUNDS = 250


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("teacher.npz"))
    options = parser.parse_args()
    texts = prepare(training_outputs(options.data))
    np.savez_compressed(
        options.out, **{str(at): it.astype(np.float16) for at, it in enumerate(taught(texts))}
    )


def taught(texts: Sequence[Prepared]) -> list[Floats]:
    """A logit of residue for each line of each text, from models that saw other publishers."""
    scores = [word_scores(it for it in texts if it.fold != k) for k in range(FOLDS)]
    examples = examples_of(texts, scores)
    said: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(texts)
    for k in range(FOLDS):
        network = network_of(
            [it for text, it in zip(texts, examples, strict=True) if text.fold != k]
        )
        for at, text in enumerate(texts):
            if text.fold == k:
                said[at] = logits(network, examples[at].rows)[0][:, 0]
    asked = [at for at, it in enumerate(texts) if is_for_trees(it)]
    trees = _trees([texts[at] for at in asked], [examples[at].rows for at in asked])
    for at, of_trees in zip(asked, trees, strict=True):
        said[at] = (said[at] + of_trees) / 2
    return said


def _trees(texts: Sequence[Prepared], rows: Sequence[Floats]) -> list[Floats]:
    """Logits for each line of each text, out of fold."""
    import lightgbm

    lengths = [len(it) for it in rows]
    folds = np.repeat([it.fold for it in texts], lengths)
    marks = np.concatenate([it.marks for it in texts])
    weights = np.concatenate(_weights(texts))
    known = ~np.isnan(marks)
    runs = _runs(texts, folds, marks, weights)
    ends = np.cumsum(lengths)[:-1]
    wide = np.concatenate(
        [_around(np.c_[it, run]) for it, run in zip(rows, np.split(runs, ends), strict=True)]
    )
    out = np.zeros(len(marks), dtype=np.float32)
    for k in range(FOLDS):
        learn = (folds != k) & known
        data = lightgbm.Dataset(wide[learn], marks[learn] > 0.5, weight=weights[learn])
        trees = lightgbm.train(TREES, data, ROUNDS)
        out[folds == k] = trees.predict(wide[folds == k], raw_score=True, num_threads=1)
    return np.split(out, ends)


def _weights(texts: Sequence[Prepared]) -> list[Floats]:
    """A line counts by the root of its length, a page as in the training of the network."""
    weights = []
    for it, importance in zip(texts, importances(texts), strict=True):
        lengths = np.sqrt(np.maximum(1, np.array(it.looks.lengths, dtype=np.float32)))
        weights.append(lengths / max(1.0, lengths.sum()) * importance * 1000)
    return weights


def _runs(texts: Sequence[Prepared], folds: Any, marks: Floats, weights: Floats) -> Floats:
    """What a linear model of runs of one to three words says of each line, out of fold."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import SGDClassifier

    lines = [_shortened(words) for it in texts for words in it.looks.words]
    counted = HashingVectorizer(
        ngram_range=_RUNS, n_features=_SLOTS, alternate_sign=False, token_pattern=r"\S+"
    ).transform(lines)
    known = ~np.isnan(marks)
    out = np.zeros(len(lines), dtype=np.float32)
    for k in range(FOLDS):
        learn = (folds != k) & known
        linear = SGDClassifier(loss="log_loss", alpha=2e-6, max_iter=6, tol=None, random_state=1)
        mean = weights[learn].mean()
        linear.fit(counted[learn], marks[learn] > 0.5, sample_weight=weights[learn] / mean)
        out[folds == k] = linear.decision_function(counted[folds == k])
    return out


def _shortened(words: list[str]) -> str:
    tail = ["…", *words[-_TAIL:]] if len(words) > _HEAD else []
    return " ".join(["^", *words[:_HEAD], *tail, "$", f"length{min(9, len(words))}"])


def _around(rows: Floats) -> Floats:
    """The rows, and beside each the one before, the one after, the mean of six on either side and
    of all."""
    n, width = rows.shape
    none = np.full((1, width), -9, dtype=np.float32)
    sums = np.cumsum(np.concatenate([np.zeros((1, width)), rows]), axis=0, dtype=np.float64)
    at = np.arange(n)

    def mean(first: int, last: int) -> Floats:
        begins, ends = np.clip(at + first, 0, n), np.clip(at + last, 0, n)
        total = (sums[ends] - sums[begins]) / np.maximum(1, ends - begins)[:, None]
        return total.astype(np.float32)

    before, after = np.concatenate([none, rows[:-1]]), np.concatenate([rows[1:], none])
    overall = np.repeat(rows.mean(axis=0, keepdims=True), n, axis=0)
    return np.concatenate([rows, before, after, mean(-6, 0), mean(1, 7), overall], axis=1)


if __name__ == "__main__":
    main()
