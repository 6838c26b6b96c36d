"""The learned part: how surely two texts are copies, from what speaks for and against it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.features import NAMES
from cleaners.errors import BadData

_MODEL: Final = "duplicates-copy.npz"
Floats = NDArray[np.float64]
_AT_ONCE: Final = 200_000  # rows times trees that are walked at once: 1.6 MB a column


@dataclass(frozen=True, slots=True)
class Model:
    """Gradient-boosted trees, all filled up to one depth d, so that all are walked in step.

    ``feature`` and ``limit`` (t x 2**d - 1) are the nodes of t trees, level by level: a row goes
    to the right where its feature is more than the limit. ``leaf`` (t x 2**d) are the values that
    are added up. ``scale`` is slope and shift of the calibration.
    """

    feature: NDArray[np.uint8]
    limit: NDArray[np.float32]
    leaf: NDArray[np.float32]
    scale: tuple[float, float]

    def scores(self, features: Floats) -> Floats:
        """Log-odds before calibration, one a row."""
        step = max(1, _AT_ONCE // len(self.leaf))
        parts = [
            self._scores(features[at : at + step]) for at in range(0, max(1, len(features)), step)
        ]
        return np.concatenate(parts)

    def _scores(self, features: Floats) -> Floats:
        count, trees = len(features), len(self.leaf)
        depth = self.leaf.shape[1].bit_length() - 1
        # What a row has, at the precision of the limits: a tree then goes one way for one value.
        values = features.astype(np.float32).ravel()
        of_row = (np.arange(count) * features.shape[1])[:, None]
        of_tree = (np.arange(trees) * self.feature.shape[1])[None, :]
        feature, limit = self.feature.ravel(), self.limit.ravel()
        node = np.zeros((count, trees), dtype=np.int64)
        for _ in range(depth):
            at = of_tree + node
            is_more = values.take(of_row + feature.take(at)) > limit.take(at)
            node = 2 * node + 1 + is_more
        leaf = np.arange(trees) * self.leaf.shape[1] - self.feature.shape[1]
        # Summed row by row, so that a pair's score does not depend on the pairs beside it.
        scores: Floats = self.leaf.ravel().take(leaf + node).sum(axis=1, dtype=np.float64)
        return scores

    def confidences(self, features: Floats) -> Floats:
        """The measured share, 0 to 1, of such pairs that are copies; one a row."""
        slope, shift = self.scale
        return 1 / (1 + np.exp(-np.clip(slope * self.scores(features) + shift, -30, 30)))


@cache
def load() -> tuple[Model, Model]:
    """The two models of the package; see ``read``."""
    return read(files("cleaners") / "data" / "models" / _MODEL)


def read(path: Traversable) -> tuple[Model, Model]:
    """Two models from a file: are they one report; is the longer one no roundup.

    Raises:
        BadData: the file is not there, or was fitted to other features than this version's.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            names = tuple(data["names"].tolist())
            models = [
                Model(
                    data[f"{part}_feature"],
                    data[f"{part}_limit"],
                    data[f"{part}_leaf"],
                    tuple(data[f"{part}_scale"].tolist()),
                )
                for part in ("copy", "whole")
            ]
    except (OSError, KeyError, ValueError) as error:
        raise BadData(str(path), f"no model can be read from it: {error}") from error
    if names != NAMES:
        raise BadData(str(path), "it was fitted to other features; fit it again")
    return models[0], models[1]
