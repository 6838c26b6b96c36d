"""Measures the search for copies: quality on held-back stories, speed and memory beside others.

    python benchmarks/duplicates.py [DATA] [--count 100000] [--index 100000] [--part quality]
    python benchmarks/duplicates.py [DATA] --part growth --count 1000000
    python benchmarks/duplicates.py [DATA] --part quality --model MODEL

Quality is that of the stories marked as test in ``fixtures/duplicates`` and of the two seeds, among
a third of the background texts of ``DATA/duplicates/dev.jsonl.gz``. The model that ships has
learned from these stories too, and the output says so; to measure on stories that were not seen,
``python training/duplicates_model.py DATA --without-test --out MODEL`` fits one. datasketch and
rensa are measured where they are installed. Each measurement of speed runs in a process of its own;
times are CPU time.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from unittest import mock

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "training")]

from duplicates_corpus import corpus  # noqa: E402
from duplicates_index import index, kills  # noqa: E402
from duplicates_pairs import NO_COPIES, is_copy, rows_of  # noqa: E402
from duplicates_peers import Clusters, datasketch_clusters, rensa_clusters  # noqa: E402

from cleaners.duplicates import CopyKind, deduplicate, judge  # noqa: E402
from cleaners.duplicates.model import load, read  # noqa: E402

Row = dict[str, Any]
# Whose stories are for testing; the first author wrote others that are for tuning.
AUTHORS = (("first",), ("third",), ("first", "third"), ("sixth",))
WINDOW = timedelta(days=3)  # what is known of dates is used in one of the searches
REWRITTEN = ("spun", "spun2", "spun3", "trim_spun", "lead_spun", "seed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "data", nargs="?", type=Path, default=HERE.parent.parent / "shared" / "data"
    )
    parser.add_argument("--count", type=int, default=100_000, help="documents for speed")
    parser.add_argument("--index", type=int, default=100_000, help="documents for the index")
    parser.add_argument(
        "--part", choices=("quality", *SPEEDS, "index", "kills", "growth"), help="only this"
    )
    parser.add_argument("--kills", type=int, default=50, help="kills of a process that adds")
    parser.add_argument("--model", type=Path, help="for quality: fitted --without-test")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        print(json.dumps(SPEEDS[asked.part](asked.data, asked.count)))
        return
    if asked.part in (None, "quality"):
        quality(asked.data, asked.model)
    for part in SPEEDS:
        if asked.part in (None, part):
            # The others take minutes for what ours does in seconds: a tenth tells their pace.
            count = asked.count // 10 if part == "datasketch" else asked.count
            print(f"{part:12}", _apart(asked.data, part, count), flush=True)
    if asked.part in (None, "index"):
        index(asked.data, asked.index)
    if asked.part in (None, "kills"):
        kills(asked.data, asked.kills)
    if asked.part == "growth":
        growth(asked.data, asked.count)


def quality(data: Path, model: Path | None) -> None:
    """Prints what becomes of pairs of held-back stories, ours and others'."""
    rows = [
        it for it in rows_of(data, HERE.parent / "fixtures" / "duplicates") if it["split"] == "test"
    ]
    documents = [(it["id"], it["text"]) for it in rows]
    seen = "none was learned from" if model else "THE MODEL HAS LEARNED FROM THEM"
    print(f"{len(rows):,} documents, {seen}")
    models = read(model) if model else load()
    with mock.patch.object(judge, "load", return_value=models):
        found = deduplicate(documents, evidence=False)
        dated = [{key: it.get(key) for key in ("id", "text", "published")} for it in rows]
        near = deduplicate(dated, window=WINDOW, evidence=False)
        thirds = [_is_found_in(it["text"]) for it in rows if it["kind"] == "base"]
    _judge("winnow", rows, [it.members for it in found.clusters])
    _calibration(rows, found.matches)
    print(f"  reports linked with their own first third: {sum(thirds)} of {len(thirds)}")
    _by_author(rows, [it.members for it in found.clusters])
    _judge(f"winnow, within {WINDOW.days} days", rows, [it.members for it in near.clusters])
    _by_author(rows, [it.members for it in near.clusters])
    for name, method in (("datasketch .5", datasketch_clusters), ("rensa .5", rensa_clusters)):
        clusters = method(documents, 0.5)
        _judge(name, rows, clusters)
        _by_author(rows, clusters)


def _is_found_in(text: str) -> bool:
    """Whether the first third of a report is a copy of it."""
    paragraphs = [it for it in text.split("\n") if it.strip()]
    third = "\n\n".join(paragraphs[: max(2, round(len(paragraphs) / 3))])
    return bool(deduplicate([("whole", text), ("third", third)], evidence=False).clusters)


def _judge(name: str, rows: Sequence[Row], clusters: Clusters, *, brief: bool = False) -> None:
    home = {it: number for number, cluster in enumerate(clusters) for it in cluster}
    true = wrong = missed = 0
    recall: dict[str, list[bool]] = defaultdict(list)
    accepted: dict[str, set[str]] = defaultdict(set)
    by_id = {it["id"]: it for it in rows}
    stories: dict[str, list[Row]] = defaultdict(list)
    for it in rows:
        if it["kind"] not in NO_COPIES:
            stories[it["story"]].append(it)
    for members in stories.values():
        for a, b in combinations(members, 2):
            same = home.get(a["id"], -1) == home.get(b["id"], -2)
            missed += not same
            for kind in {a["kind"], b["kind"]}:
                recall[kind].append(same)
    for cluster in clusters:
        for a, b in combinations(cluster, 2):
            if is_copy(by_id[a], by_id[b]):
                true += 1
                continue
            wrong += 1
            for it in (by_id[a], by_id[b]):
                if it["kind"] in NO_COPIES:
                    accepted[it["kind"]].add(it["id"])
    truth = [it["id"] if it["kind"] in NO_COPIES else f"story {it['story']}" for it in rows]
    labels = [str(home.get(it["id"], it["id"])) for it in rows]
    rewritten = [it for kind in REWRITTEN for it in recall[kind]]
    totals = {kind: sum(it["kind"] == kind for it in rows) for kind in sorted(NO_COPIES)}
    alike = sum(n for kind, n in totals.items() if kind != "background")
    taken = sum(len(ids) for kind, ids in accepted.items() if kind != "background")
    print(
        f"{'' if brief else chr(10)}{name}, {len(stories)} stories: "
        f"precision {true / max(1, true + wrong):.4f}, recall {true / max(1, true + missed):.4f}, "
        f"rewritten {sum(rewritten) / max(1, len(rewritten)):.4f}, "
        f"ARI {_rand(truth, labels):.4f}, look-alikes accepted {taken} of {alike}"
    )
    if brief:
        return
    print("  recall:", ", ".join(f"{k} {sum(v) / len(v):.3f}" for k, v in sorted(recall.items())))
    print("  accepted:", ", ".join(f"{k} {len(accepted[k])} of {n}" for k, n in totals.items()))
    seeds = {home.get(it["id"], it["id"]) for it in rows if it["kind"] == "seed"}
    print("  the seeds are", "one cluster" if len(seeds) == 1 else "parted")


def _by_author(rows: Sequence[Row], clusters: Clusters) -> None:
    """Prints what becomes of each author's stories, among the background texts."""
    for authors in AUTHORS:
        theirs = [it for it in rows if it["author"] in authors or it["kind"] == "background"]
        ids = {it["id"] for it in theirs}
        inside = [tuple(it for it in cluster if it in ids) for cluster in clusters]
        them = " and ".join(authors)
        _judge(f"  {them} author", theirs, [it for it in inside if len(it) > 1], brief=True)


def _rand(truth: Sequence[str], labels: Sequence[str]) -> float:
    """The adjusted Rand index (Hubert and Arabie 1985)."""

    def pairs(keys: Iterable[object]) -> float:
        counts: dict[object, int] = defaultdict(int)
        for key in keys:
            counts[key] += 1
        return sum(it * (it - 1) / 2 for it in counts.values())

    both, a, b = pairs(zip(truth, labels, strict=True)), pairs(truth), pairs(labels)
    chance = a * b / max(1, len(truth) * (len(truth) - 1) / 2)
    return (both - chance) / max(1e-9, (a + b) / 2 - chance)


def _calibration(rows: Sequence[Row], matches: Iterable[Any]) -> None:
    by_id = {it["id"]: it for it in rows}
    bins: dict[float, list[bool]] = defaultdict(list)
    for it in matches:
        step = next(low for low in (0.99, 0.95, 0.9, 0.0) if it.confidence >= low)
        bins[step].append(is_copy(by_id[it.a], by_id[it.b]))
    print("  matches by confidence:", end=" ")
    print(
        ", ".join(f">= {low}: {sum(v) / len(v):.3f} of {len(v)}" for low, v in sorted(bins.items()))
    )


def _near(documents: Iterable[tuple[str, str]]) -> int:
    kinds = frozenset((CopyKind.EXACT, CopyKind.NEAR))
    return len(deduplicate(documents, kinds=kinds, evidence=False).clusters)


def _all(documents: Iterable[tuple[str, str]]) -> int:
    return len(deduplicate(documents, evidence=False).clusters)


def _timed(method: Callable[[Iterable[tuple[str, str]]], int]) -> Callable[[Path, int], Row]:
    def measure(data: Path, count: int) -> Row:
        # The texts lie in a file, as in real life; reading them costs every method the same.
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "corpus.jsonl"
            with path.open("w", encoding="utf-8") as file:
                for it in corpus(count, data):
                    file.write(json.dumps(it) + "\n")
            method(corpus(200, data))
            before, start = _resident(), time.process_time()
            with path.open(encoding="utf-8") as file:
                found = method(tuple(json.loads(line)) for line in file)
            spent = time.process_time() - start
        return {
            "documents": count,
            "documents per CPU second": round(count / spent),
            "bytes a document": round((_resident() - before) / count),
            "clusters": found,
        }

    return measure


def _resident() -> int:
    """The most memory that this process has held so far, in bytes."""
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale


SPEEDS: dict[str, Callable[[Path, int], Row]] = {
    "near": _timed(_near),
    "all kinds": _timed(_all),
    "rensa": _timed(lambda documents: len(rensa_clusters(documents, 0.5))),
    "datasketch": _timed(lambda documents: len(datasketch_clusters(documents, 0.5))),
}


def _apart(data: Path, part: str, count: int) -> str:
    return ", ".join(f"{value:,} {key}" for key, value in _measured(data, part, count).items())


def _measured(data: Path, part: str, count: int) -> Row:
    command = [sys.executable, __file__, str(data), "--inside", "--part", part]
    done = subprocess.run(
        [*command, "--count", str(count)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{part}: {done.stderr.strip().splitlines()[-1]}")
    found: Row = json.loads(done.stdout)
    return found


def growth(data: Path, count: int) -> None:
    """Prints what ten times as many documents cost each, for near copies and for all kinds."""
    for part in ("near", "all kinds"):
        spent = [
            1 / _measured(data, part, it)["documents per CPU second"] for it in _growing(count)
        ]
        print(
            f"{part}: from {count // 10:,} to {count:,} documents the cost of one "
            f"grows by {100 * (spent[1] / spent[0] - 1):.0f} %"
        )


def _growing(count: int) -> tuple[int, int]:
    return count // 10, count


if __name__ == "__main__":
    main()
