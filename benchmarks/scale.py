"""Measures what building a corpus costs: by cores, by number of pages, by engine.

    python benchmarks/scale.py [--part start|cores|engines|growth] [--pages 10000] [--most 200000]
                               [--kind html|text] [--rounds 1]

The pages are the English articles of ``fixtures/sites`` with their words exchanged for others of
the same pages, for names and for numbers, one in ten a copy of another; the same for the same
number. Texts (``--kind text``) have no page around them: what they cost is the search for copies.
Each build runs in a process of its own. CPU
seconds are those of all its processes, memory is the sum of what they do not share (PSS), read ten
times a second. Wall times mean something only on a machine that has nothing else to do: what it
did besides is printed as well.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SITES = HERE.parent / "fixtures" / "sites"
FILE_ROWS = 2_000  # pages or texts of one input file
COPIES = 0.1
SYLLABLES = ("ka", "lo", "mi", "ter", "san", "du", "vel", "ori", "bex", "um", "tal", "ri", "no")
PROSE = re.compile(r">[^<>]{25,}<")
PARAGRAPHS = "<p>".join([">" + " ".join(["word"] * 39) + "<"] * 6)  # 234 words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--most", type=int, default=200_000)
    parser.add_argument(
        "--part", choices=("cores", "growth", "engines", "start", "all"), default="all"
    )
    parser.add_argument("--kind", choices=("html", "text"), default="html")
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    parts = ("start", "cores", "engines", "growth") if asked.part == "all" else (asked.part,)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in parts:
            print(f"\n{part}", flush=True)
            {"cores": cores, "growth": growth, "engines": engines, "start": start}[part](
                asked, folder
            )


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one build. ``free``: the share of the machine's cores that others left to it."""

    pages: int
    wall: float
    cpu: float
    memory: int
    stats: dict[str, Any]
    free: float

    def __str__(self) -> str:
        sent = sum(it["sent"] for it in self.stats["costs"].values())
        return (
            f"{self.pages:>9,} pages  {self.wall:7.1f} s wall  {self.cpu:7.1f} s CPU  "
            f"{1000 * self.cpu / self.pages:6.2f} ms CPU a page  {self.memory >> 20:>5} MiB  "
            f"{sent / self.pages:7.0f} B handed on a page  "
            f"{self.stats['pairs'] / self.stats['articles']:5.1f} pairs an article  "
            f"cores free {100 * self.free:3.0f} %"
        )


def start(asked: argparse.Namespace, folder: Path) -> None:
    """What each engine costs before and beside the work: a build of ten pages."""
    inputs = made(10, folder / "ten", asked.kind)
    for engine in available():
        print(f"{engine:6} {build(inputs, folder / 'out', engine, 2)}", flush=True)


def cores(asked: argparse.Namespace, folder: Path) -> None:
    inputs = made(asked.pages, folder / f"{asked.pages}", asked.kind)
    times: dict[int, list[Cost]] = {1: [], 2: []}
    for _ in range(asked.rounds):
        for workers in (1, 2):
            times[workers].append(build(inputs, folder / "out", "local", workers))
            print(f"{workers} cores {times[workers][-1]}", flush=True)
    one, two = (statistics.median(it.wall for it in times[n]) for n in (1, 2))
    print(f"two cores do {one / two:.2f} times what one does, by wall time")
    work = [statistics.median(it.cpu for it in times[n]) for n in (1, 2)]
    print(f"and cost {work[1] / work[0]:.2f} times the CPU time")


def engines(asked: argparse.Namespace, folder: Path) -> None:
    inputs = made(asked.pages, folder / f"{asked.pages}", asked.kind)
    found = {}
    for engine in available():
        found[engine] = build(inputs, folder / "out", engine, 2)
        print(f"{engine:6} {found[engine]}", flush=True)
    for engine, cost in found.items():
        if engine != "local":
            own = found["local"]
            print(
                f"{engine}: {cost.wall / own.wall:.2f} times our pool's wall time, "
                f"{cost.cpu / own.cpu:.2f} times its CPU time"
            )


def growth(asked: argparse.Namespace, folder: Path) -> None:
    begin = build(made(10, folder / "ten", asked.kind), folder / "out", "local", 2).cpu
    costs = []
    many = asked.pages
    while many <= asked.most:
        inputs = made(many, folder / f"{many}", asked.kind)
        cost = build(inputs, folder / "out", "local", 2)
        print(f"local  {cost}", flush=True)
        for step, it in cost.stats["costs"].items():
            print(
                f"       {step:10} {it['tasks']:>4} tasks  {1e6 * it['cpu'] / many:7.0f} µs CPU  "
                f"{it['sent'] / many:7.0f} B handed on, a page",
                flush=True,
            )
        costs.append((cost.cpu - begin) / many)
        shutil.rmtree(folder / f"{many}")
        many = asked.most if many < asked.most < 5 * many else 5 * many
    each = ", ".join(f"{1000 * it:.2f}" for it in costs)
    print(f"ms CPU a page without the {begin:.1f} s of a build of ten: {each}")
    print(f"from the smallest to the largest {costs[-1] / costs[0] - 1:+.1%}")


def available() -> list[str]:
    from importlib.util import find_spec

    return ["local", *(it for it in ("daft", "ray") if find_spec(it))]


def build(inputs: Path, out: Path, engine: str, workers: int) -> Cost:
    """Build a corpus in a process of its own and watch it."""
    shutil.rmtree(out, ignore_errors=True)
    words = ["corpus", "build", str(inputs), "-o", str(out), "--engine", engine, "--quiet"]
    before, idle = resource.getrusage(resource.RUSAGE_CHILDREN), busy()
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "scraper", *words, "--workers", str(workers)],
        cwd=HERE.parent,
        env={**os.environ, "DO_NOT_TRACK": "true", "RAY_USAGE_STATS_ENABLED": "0"},
    )
    most = [0]
    used: dict[int, float] = {}
    ended = threading.Event()
    watcher = threading.Thread(target=watch, args=(process.pid, most, used, ended))
    watcher.start()
    code = process.wait()
    ended.set()
    watcher.join()
    wall = time.monotonic() - begun
    if code not in (0, 3):
        sys.exit(f"{engine}: exit code {code}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    stats = json.loads((out / "stats.json").read_bytes())
    cpu = max(cpu, sum(used.values()))
    others = busy() - idle - cpu
    free = 1 - max(0.0, others) / (wall * (os.cpu_count() or 1))
    return Cost(stats["pages"], wall, cpu, most[0], stats, free)


def busy() -> float:
    """CPU seconds that all processes of the machine have used."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return sum(int(it) for n, it in enumerate(fields) if n not in (3, 4)) / os.sysconf("SC_CLK_TCK")


def watch(root: int, most: list[int], used: dict[int, float], ended: threading.Event) -> None:
    """Note the most memory of a process and all below it, and the CPU time of each.

    Processes that begin a session of their own are found as well: by their parents.
    """
    tick = os.sysconf("SC_CLK_TCK")
    known = {root}
    while not ended.wait(0.1):
        parents = {}
        for it in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = it.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            pid = int(it.parent.name)
            parents[pid] = int(fields[1])
            if pid in known or parents[pid] in known:
                known.add(pid)
                used[pid] = (int(fields[11]) + int(fields[12])) / tick
        most[0] = max(most[0], sum(map(memory, known & parents.keys())))


def memory(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.M)
    return int(found[1]) << 10 if found else 0


def made(many: int, folder: Path, kind: str) -> Path:
    """So many pages or texts in JSONL files."""
    if folder.exists():
        return folder
    folder.mkdir(parents=True)
    chance = random.Random(many)
    pages = list(originals())
    words = Counter(
        it for html in pages for part in PROSE.findall(html) for it in part[1:-1].split()
    )
    pool, weights = list(words), list(accumulate(words.values()))
    for start in range(0, many, FILE_ROWS):
        with (folder / f"{start:09}.jsonl").open("w", encoding="utf-8") as file:
            told: list[str] = []
            for number in range(start, min(many, start + FILE_ROWS)):
                drawn = iter(draw(pool, weights, chance))
                if told and chance.random() < COPIES:
                    story = changed(chance.choice(told[-500:]), drawn, chance, 0.02)
                else:
                    original = chance.choice(pages) if kind == "html" else PARAGRAPHS
                    story = changed(original, drawn, chance, 0.95)
                    told.append(story)
                row = {"url": f"http://h{number % 997}.example.test/{number}"}
                row[kind] = story if kind == "html" else story[1:-1].replace("<<p>>", "\n\n")
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return folder


def originals() -> Iterator[str]:
    """The English article pages of the small world."""
    for path in sorted(SITES.rglob("*.html")):
        html = path.read_text("utf-8", "replace")
        if len(PROSE.findall(html)) >= 5 and re.search(r"<html[^>]*lang=.?en", html):
            yield html


def draw(pool: list[str], weights: list[int], chance: random.Random) -> Iterator[str]:
    """Words as frequent as in the small world; a tenth are names of this text, some are numbers."""
    names = [
        "".join(chance.choices(SYLLABLES, k=chance.randint(3, 5))).capitalize() for _ in range(6)
    ]
    while True:
        for word in chance.choices(pool, cum_weights=weights, k=300):
            kind = chance.random()
            if kind < 0.1:
                yield chance.choice(names)
            else:
                yield word if kind > 0.125 else str(chance.randint(2, 9999))


def changed(html: str, drawn: Iterator[str], chance: random.Random, share: float) -> str:
    """The page with so large a share of the words of its text exchanged."""

    def text(match: re.Match[str]) -> str:
        words = match[0][1:-1].split(" ")
        return f">{' '.join(next(drawn) if chance.random() < share else it for it in words)}<"

    return PROSE.sub(text, html)


if __name__ == "__main__":
    main()
