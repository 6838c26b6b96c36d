"""Measures the search for copies on all stories, each by models that did not see it.

    python training/duplicates_folds.py [DATA] [--made N]

Fits five times, each time without a fifth of the stories and all that was made of them, and
searches that fifth for copies: once as it was written, once with only the first sentence of each
paragraph. Needs ``pip install lightgbm``, and eight minutes of CPU time. The settings were chosen
on the stories of the first author.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from unittest import mock
from zlib import crc32

from duplicates_model import (
    HERE,
    TREES,
    Measured,
    calibrated,
    fit,
    made_groups,
    measured,
    of_part,
    table,
    to_learn,
)
from duplicates_pairs import (
    NO_COPIES,
    Group,
    Row,
    is_copy,
    mined_groups,
    rows_of,
    written_groups,
)
from duplicates_variants import heads, varied_groups

from cleaners.duplicates import deduplicate, judge
from cleaners.duplicates.model import Model

FOLDS = 5
Groups = list[tuple[Group, Measured]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "data", nargs="?", type=Path, default=HERE.parent.parent / "shared" / "data"
    )
    parser.add_argument("--made", type=int, default=80)
    asked = parser.parse_args()
    rows = rows_of(asked.data, HERE.parent / "fixtures" / "duplicates")
    tune = [it for it in rows if it["split"] == "tune"]
    rows = to_learn(rows)
    fold = folds(rows)
    general = [
        *measured(made_groups(tune, asked.made), "made"),
        *measured(mined_groups(tune), "written"),
    ]
    written = [
        *measured(written_groups(rows), "written"),
        *measured(varied_groups(rows), "varied"),
    ]
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for part in range(FOLDS):
        seen = [*general, *(it for it in written if fold.get(it[0].story) != part)]
        models = tuple(_fitted(seen, name) for name in ("copy", "whole"))
        inside = [it for it in rows if it["kind"] != "background" and _is_in(it, fold, part)]
        with mock.patch.object(judge, "load", lambda models=models: models):
            for split in ("tune", "test"):
                those = [it for it in inside if it["split"] == split]
                short = [
                    it | {"text": heads(it["text"])} for it in those if it["kind"] != "roundup"
                ]
                count(those, found[f"{split}, as written"])
                count(short, found[f"{split}, only the first sentence of each paragraph"])
    for name, counts in found.items():
        right, wrong, missed = counts["right"], counts["wrong"], counts["missed"]
        print(
            f"{name}: precision {right / (right + wrong):.4f}, recall "
            f"{right / (right + missed):.4f}; look-alikes accepted: {counts['accepted']} of "
            f"{counts['look-alikes']}"
        )


def folds(rows: Sequence[Row]) -> dict[str, int]:
    """The fold of each story; look-alikes go with the story that they are like."""
    about = {it["story"]: min([it["story"], *it["not_copy_of"]]) for it in rows}
    return {story: crc32(first.encode()) % FOLDS for story, first in about.items()}


def _is_in(it: Row, fold: dict[str, int], part: int) -> bool:
    if it["kind"] == "roundup":
        # Where one of its stories is not searched, nothing tells it from a copy of the other.
        return all(fold[story] == part for story in it["parts"])
    return any(fold.get(story) == part for story in it["not_copy_of"] or [it["story"]])


def _fitted(groups: Groups, part: str) -> Model:
    ours = of_part(groups, part)
    parts = [crc32(it.story.encode()) // FOLDS % 2 for it in ours]
    chosen = [it for it, at in zip(ours, parts, strict=True) if at]
    others = [it for it, at in zip(ours, parts, strict=True) if not at]
    half = fit(*table(chosen)[:3], TREES[part])
    unseen = table(others)
    model = fit(*table(ours)[:3], TREES[part])
    return calibrated(model, half.scores(unseen[0]), *unseen[1:3])


def count(rows: Sequence[Row], found: Counter[str]) -> None:
    """Adds pairs that are rightly or wrongly in one cluster, and pairs that should be."""
    clusters = deduplicate([(it["id"], it["text"]) for it in rows], evidence=False).clusters
    by_id = {it["id"]: it for it in rows}
    pairs = [(by_id[a], by_id[b]) for it in clusters for a, b in combinations(it.members, 2)]
    right = sum(is_copy(a, b) for a, b in pairs)
    found["right"] += right
    found["wrong"] += len(pairs) - right
    found["missed"] += _copies(rows) - right
    wrong = {it["id"] for two in pairs if not is_copy(*two) for it in two}
    found["accepted"] += sum(by_id[it]["kind"] in NO_COPIES for it in wrong)
    found["look-alikes"] += sum(it["kind"] in NO_COPIES for it in rows)


def _copies(rows: Iterable[Row]) -> int:
    told = Counter(it["story"] for it in rows if it["kind"] not in NO_COPIES)
    return sum(it * (it - 1) // 2 for it in told.values())


if __name__ == "__main__":
    main()
