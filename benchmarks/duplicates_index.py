"""Measures an index of duplicates: what it costs on disk and to add and ask, and what kills do.

    python benchmarks/duplicates.py [DATA] --part index [--index 1000000]
    python benchmarks/duplicates.py [DATA] --part kills [--kills 50]

Times are CPU time, one document at a time unless another way is named.
"""

from __future__ import annotations

import random as chance
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from duplicates_corpus import corpus

from cleaners.duplicates import DuplicateIndex

HERE = Path(__file__).resolve().parent
ASKED = 1000  # documents that are asked for, and added, one by one
TURN = 500  # documents that a process has to add until it is killed
# Adds a corpus, and says each id once it is added.
CHILD = """
import sys
sys.path[:0] = [sys.argv[1]]
from pathlib import Path
from duplicates_corpus import corpus
from cleaners.duplicates import DuplicateIndex
folder, data, turn, count = sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
with DuplicateIndex(folder, evidence=False) as index:
    print("ready", flush=True)
    for name, text in corpus(count, data, seed=turn):
        index.add(f"{turn} {name}", text)
        print(f"{turn} {name}", flush=True)
"""


def index(data: Path, count: int) -> None:
    """Prints what adding to and asking an index of ``count`` documents costs."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        with DuplicateIndex(folder, evidence=False) as built:
            for _ in built.extend(corpus(count, data)):
                pass
        spent = time.process_time() - start
        print(f"index of {count:,}: built at {count / spent:,.0f} documents per CPU second")
        measured(Path(folder), data)


def measured(folder: Path, data: Path) -> None:
    """Prints what an index that is there costs; adds to it."""
    with DuplicateIndex(folder, evidence=False) as opened:
        count = len(opened)
    size = sum(it.stat().st_size for it in folder.rglob("*"))
    print(f"  {size / count:,.0f} bytes a document on disk")
    times = []
    for _ in range(5):
        start = time.perf_counter()
        DuplicateIndex(folder, evidence=False).close()
        times.append(time.perf_counter() - start)
    print(f"  opened in {1000 * sorted(times)[2]:.1f} ms")
    fresh = list(corpus(3 * ASKED, data, seed=1))
    with DuplicateIndex(folder, evidence=False) as opened:
        asked, added = [], []
        # What is added is none of what was asked for, so that nothing lies ready.
        for (_, unknown), (name, text) in zip(fresh[:ASKED], fresh[ASKED : 2 * ASKED], strict=True):
            start = time.process_time()
            opened.query(unknown)
            asked.append(time.process_time() - start)
            start = time.process_time()
            opened.add(f"new {name}", text)
            added.append(time.process_time() - start)
        start = time.process_time()
        for _ in opened.extend((f"more {name}", text) for name, text in fresh[2 * ASKED :]):
            pass
        together = (time.process_time() - start) / ASKED
    for what, each in (("query", asked), ("add", added)):
        ranked = sorted(each)
        print(
            f"  {what}: median {1000 * ranked[len(ranked) // 2]:.2f} ms, "
            f"best tenth {1000 * ranked[len(ranked) // 10]:.2f} ms, "
            f"p99 {1000 * ranked[int(len(ranked) * 0.99)]:.2f} ms"
        )
    print(f"  extend: {1000 * together:.2f} ms a document")


def kills(data: Path, count: int) -> None:
    """Kills a process that adds, again and again; prints how many acknowledged documents are lost.

    Every document that was acknowledged has to be found again by its text.
    """
    random = chance.Random(7)
    said: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(count):
            said += _killed(folder, data, turn, random)
        texts = {
            f"{turn} {name}": text
            for turn in range(count)
            for name, text in corpus(TURN, data, seed=turn)
        }
        lost, unfound = 0, 0
        with DuplicateIndex(folder, evidence=False) as found:
            unacknowledged = len(found) - len(said)
            for name in said:
                lost += name not in found
                unfound += not found.query(texts[name])
    print(
        f"{count} kills while {len(said):,} documents were acknowledged: {lost} lost, "
        f"{unfound} not found by their text, {unacknowledged} kept without a word"
    )


def _killed(folder: str, data: Path, turn: int, random: chance.Random) -> Sequence[str]:
    command = [sys.executable, "-c", CHILD, str(HERE), folder, str(data), str(turn)]
    command.append(str(TURN))
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    said = [child.stdout.readline() for _ in range(random.randint(1, 120))]
    time.sleep(random.uniform(0, 0.05))
    child.send_signal(signal.SIGKILL)
    said += child.stdout.read().splitlines(keepends=True)
    child.wait()
    child.stdout.close()
    return [it.strip() for it in said if it.endswith("\n")]
