"""Builds a corpus: step after step, each task once, going on where an earlier build was stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import accumulate
from typing import Final, Protocol

import orjson
import pyarrow

from scraper.errors import Failure, JobError, NothingMatched, Reason, ScraperError, Stage
from scraper.scale import steps
from scraper.scale.commits import WORK, Done, commit, committed, file_of
from scraper.scale.engines.engine import Died, Engine
from scraper.scale.inputs import Partition, files_of, partitions
from scraper.scale.reading import FAILED, FAILURES, leaf_name, write_parquet
from scraper.scale.report import Report, report, write_report
from scraper.scale.settings import BuildSettings
from scraper.scale.stages.frame import Frame
from scraper.scale.steps import READ, Step, Task
from scraper.scale.store import Store

PLAN: Final = f"{WORK}/plan.json"
FORMAT: Final = 1  # of what lies in the folder; another format cannot be gone on with
# What is read by more than one step, and the last that does.
_LAST: Final = {
    "keys.texts": "gather",
    "verdicts.verdicts": "gather",
    "groups.groups": "gather",
    "same.again": "place",
}
# Partitions, where the inputs are large enough for so many and no single file is larger.
_FEWEST: Final = 64
_MOST: Final = 2_000
_BUCKETS: Final = 16
_FEW: Final = 200  # articles, of which a bucket of their own is worth opening files for
_LEAST: Final = 1 << 20  # bytes: some dozen pages, some hundred texts
# The stars need about the square of the logarithm of the longest chain; more would be our mistake.
_MOST_ROUNDS: Final = 64


class Watcher(Protocol):
    """Whoever wants to see a build while it goes on."""

    def begun(self, step: str, tasks: int, known: Mapping[int, Done]) -> None:
        """A step of so many tasks begins; ``known`` are those that an earlier build committed."""

    def done(self, it: Done) -> None: ...


@dataclass(slots=True)
class Build:
    """One build, with what it has learned on its way."""

    settings: BuildSettings
    engine: Engine
    watcher: Watcher
    store: Store
    parts: Sequence[Partition]
    frame: Frame = field(default_factory=Frame)
    leaves: Sequence[str] = ()
    counts: dict[str, int] = field(default_factory=dict)  # tasks of each step
    done: dict[str, Mapping[int, Done]] = field(default_factory=dict)

    def go(self) -> Report:
        self.read()
        for step in (*steps.IDENTITY, *steps.PAIRS):
            self.run(step)
            if step.name == "groups":
                groups = self.added("groups", "distinct")
                self.frame = replace(self.frame, groups=groups)
        self.components()
        for step in steps.STORIES:
            self.run(step)
        self.tidy()
        found = report(self.done)
        write_report(found, self.store)
        return found

    def read(self) -> None:
        self.each(READ, [
            Task(None, it, self.settings, partition=part) for it, part in enumerate(self.parts)
        ])  # fmt: skip
        found = [self.done[READ][it].notes["leaves"] for it in range(len(self.parts))]
        self.leaves = [
            leaf_name(n, it) for n, sizes in enumerate(found) for it in range(len(sizes))
        ]
        starts = tuple(accumulate((it for sizes in found for it in sizes), initial=0))
        if starts[-1] == 0:
            failed = sum(it.counts["failed"] for it in self.done[READ].values())
            detail = f"not one article came out of it; {failed} failures in {FAILURES}/"
            raise NothingMatched(", ".join(self.settings.inputs[:3]), detail)
        # So many that what is in one fits into memory; more, where that gives work to more cores.
        for_cores = min(_BUCKETS, -(-starts[-1] // _FEW))
        buckets = max(for_cores, -(-starts[-1] // self.settings.portions.leaf))
        self.frame = Frame(self.settings.copies, buckets, starts)

    def components(self) -> None:
        edges = sum(it.counts["edges"] for it in self.done["ends"].values())
        if edges <= self.settings.portions.edges:
            self.run(steps.UNION)
            return
        self.run(steps.DOUBLED)
        before = None
        for round in range(_MOST_ROUNDS):
            for step in steps.stars(round):
                self.run(step)
            now = sum(it.notes["checksum"] for it in self.done[f"small-{round:02}"].values())
            if now == before:
                self.run(steps.labels(round))
                return
            before = now
        raise ScraperError("components", f"no end after {_MOST_ROUNDS} rounds")

    def run(self, step: Step) -> None:
        many = {"leaf": len(self.leaves), "bucket": self.frame.buckets, "all": 1}[step.over]
        self.each(step.name, [
            Task(
                step,
                it,
                self.settings,
                self.frame,
                self.counts,
                self.leaves[it] if step.over == "leaf" else "",
            )
            for it in range(many)
        ])  # fmt: skip
        for it in (*step.takes, *step.has):
            if _LAST.get(it, step.name) == step.name:
                source, _, name = it.partition(".")
                for number in range(self.counts[source]):
                    self.store.remove(file_of(source, number, name))

    def tidy(self) -> None:
        """Take away what tasks handed to each other; what says that they are finished stays."""
        for step in self.done:
            for name in self.store.names(f"{WORK}/{step}"):
                if name.endswith(".arrow"):
                    self.store.remove(f"{WORK}/{step}/{name}")

    def each(self, step: str, tasks: Sequence[Task]) -> None:
        """Do what is not committed of these tasks. Raises ScraperError where one cannot be done."""
        known = committed(self.store, step)
        self.watcher.begun(step, len(tasks), known)
        found = dict(known)
        for it in self.engine.each([it for it in tasks if it.number not in known]):
            done = self.lost(it) if isinstance(it, Died) else it
            found[done.number] = done
            self.watcher.done(done)
        self.counts[step], self.done[step] = len(tasks), found

    def lost(self, it: Died) -> Done:
        """A partition that ends whoever reads it costs a failure row; a join that does, the build.

        Raises ScraperError.
        """
        name = f"{it.task.name} {it.task.number}"
        if it.task.partition is None:
            detail = f"ended its process twice ({it.how}); what was finished stays finished"
            raise ScraperError(name, detail)
        failed = [
            Failure(
                span.file.where, Stage.SOURCE, Reason.WORKER_DIED, f"its reader died ({it.how})"
            )
            for span in it.task.partition.spans
        ]
        rows = pyarrow.Table.from_pylist([asdict(each) for each in failed], FAILED)
        write_parquet(self.store, f"{FAILURES}/part-{it.task.number:06}.parquet", rows)
        counts = {"pages": 0, "articles": 0, "words": 0, "bytes": 0, "failed": len(failed)}
        notes = {"leaves": [], "failed": {Reason.WORKER_DIED.value: len(failed)}}
        done = Done(READ, it.task.number, counts, notes=notes)
        commit(self.store, done)
        return done

    def added(self, step: str, name: str) -> tuple[int, ...]:
        """Where each task's share of a count begins, and the end."""
        shares = (self.done[step][it].counts[name] for it in range(self.counts[step]))
        return tuple(accumulate(shares, initial=0))


def build(settings: BuildSettings, engine: Engine, watcher: Watcher) -> Report:
    """Build a corpus, or go on where an earlier call with the same inputs was stopped.

    Raises NothingMatched (no input, or no article in it), JobError (the folder holds another
    build), OutputError, ScraperError.
    """
    store = Store(settings.out)
    parts = _planned(settings, store)
    return Build(settings, engine, watcher, store, parts).go()


def _planned(settings: BuildSettings, store: Store) -> list[Partition]:
    """The partitions of the inputs. Raises JobError where the folder holds another build."""
    files = files_of(settings.inputs)
    plan = {
        "format": FORMAT,
        "portions": asdict(settings.portions),
        "copies": {
            "threshold": settings.copies.threshold,
            "kinds": sorted(settings.copies.kinds),
            "window": settings.copies.window and settings.copies.window.total_seconds(),
        },
        "extract": asdict(settings.extract),
        "files": [[it.where, it.size] for it in files],
    }
    now = orjson.dumps(plan, default=str, option=orjson.OPT_INDENT_2)
    before = store.read(PLAN)
    if before is None:
        store.write(PLAN, now)
    elif before != now:
        raise JobError(store.where(), f"holds another build: {_differs(before, now)}")
    # Enough partitions that many cores have work to the end, and not so many that opening what they
    # leave is what costs. The number of workers is left out: it may change when a build goes on.
    total = sum(it.size for it in files)
    usual = min(settings.portions.partition, max(_LEAST, total // _FEWEST))
    return partitions(files, max(usual, total // _MOST))


def _differs(before: bytes, now: bytes) -> str:
    """What a person has to know of two plans that are not the same."""
    try:
        old, new = orjson.loads(before), orjson.loads(now)
    except orjson.JSONDecodeError:
        return f"{PLAN} cannot be read"
    for name in new:
        if name != "files" and old.get(name) != new[name]:
            return f"{name} was {old.get(name)}, is {new[name]}"
    was, are = (dict(it["files"]) for it in (old, new))
    changed = [it for it in {**was, **are} if was.get(it) != are.get(it)]
    return f"{len(changed)} inputs are new, gone or changed: {', '.join(changed[:3])}"
