"""Measures the search for copies on the stories of each author, by models that read the others.

    python training/duplicates_folds.py [DATA] [--made N] [--authors third,sixth]

Fits anew for each author, without any of that author's stories and without all that was made of
them, and searches them for copies: once as they were written, once with only the first sentence of
each paragraph. An author's manner is learned, so that folds by story tell too much. Needs ``pip
install lightgbm``, and two minutes of CPU time an author.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from unittest import mock

from duplicates_model import (
    HERE,
    TREES,
    Measured,
    author_folds,
    calibrated,
    fit,
    gathered,
    held_back,
    of_part,
    table,
    to_learn,
)
from duplicates_pairs import NO_COPIES, Group, Row, is_copy, rows_of
from duplicates_variants import heads

from cleaners.duplicates import deduplicate, judge
from cleaners.duplicates.model import Model

Groups = list[tuple[Group, Measured]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "data", nargs="?", type=Path, default=HERE.parent.parent / "shared" / "data"
    )
    parser.add_argument("--made", type=int, default=80)
    parser.add_argument("--authors", help="only these, parted by commas")
    asked = parser.parse_args()
    rows = rows_of(asked.data, HERE.parent / "fixtures" / "duplicates")
    stories = to_learn(rows)
    fold = author_folds(stories)
    author = {it["story"]: it["author"] for it in stories if it["kind"] != "background"}
    groups = gathered(rows, stories, asked.made)
    known = sorted({it["author"] for it in rows if it["source"] == "written"})
    total = [Counter[str](), Counter[str]()]
    for name in asked.authors.split(",") if asked.authors else known:
        seen = [it for it in groups if author.get(it[0].story) != name]
        models = tuple(_fitted(seen, part, fold) for part in ("copy", "whole"))
        written = [it for it in stories if it["author"] == name and it["kind"] != "background"]
        short = [it | {"text": heads(it["text"])} for it in written if it["kind"] != "roundup"]
        with mock.patch.object(judge, "load", lambda models=models: models):
            for way, those, all_of in zip(
                ("as written", "first sentences"), (written, short), total, strict=True
            ):
                found = counted(those)
                all_of.update(found)
                print(f"the {name} author, {way}: {_told(found)}", flush=True)
    print(f"all, as written: {_told(total[0])}\nall, first sentences: {_told(total[1])}")


def _fitted(groups: Groups, part: str, fold: dict[str, int]) -> Model:
    ours = of_part(groups, part)
    return calibrated(fit(*table(ours)[:3], TREES[part]), *held_back(ours, part, fold))


def counted(rows: Sequence[Row]) -> Counter[str]:
    """Pairs that are rightly or wrongly in one cluster, pairs that should be, and look-alikes."""
    clusters = deduplicate([(it["id"], it["text"]) for it in rows], evidence=False).clusters
    by_id = {it["id"]: it for it in rows}
    pairs = [(by_id[a], by_id[b]) for it in clusters for a, b in combinations(it.members, 2)]
    right = sum(is_copy(a, b) for a, b in pairs)
    wrong = {it["id"] for two in pairs if not is_copy(*two) for it in two}
    return Counter(
        {
            "right": right,
            "wrong": len(pairs) - right,
            "missed": _copies(rows) - right,
            "accepted": sum(by_id[it]["kind"] in NO_COPIES for it in wrong),
            "look-alikes": sum(it["kind"] in NO_COPIES for it in rows),
        }
    )


def _copies(rows: Iterable[Row]) -> int:
    told = Counter(it["story"] for it in rows if it["kind"] not in NO_COPIES)
    return sum(it * (it - 1) // 2 for it in told.values())


def _told(found: Counter[str]) -> str:
    right, wrong, missed = found["right"], found["wrong"], found["missed"]
    return (
        f"precision {right / max(1, right + wrong):.4f}, recall {right / (right + missed):.4f}; "
        f"look-alikes accepted: {found['accepted']} of {found['look-alikes']}"
    )


if __name__ == "__main__":
    main()
