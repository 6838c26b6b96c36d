"""The steps of a build in their order, and how a task of one is carried out, wherever that is."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import pyarrow
import pyarrow.parquet

from scraper.errors import OutputError
from scraper.scale.commits import Done, commit, file_of
from scraper.scale.exchange import keep, kept, send, take
from scraper.scale.guarded import reader
from scraper.scale.inputs import Partition
from scraper.scale.reading import read_partition, write_parquet
from scraper.scale.settings import BuildSettings
from scraper.scale.stages import components, identity, keys, stories
from scraper.scale.stages.frame import TO, Frame, Tables
from scraper.scale.store import ARROW_ERRORS, Store, said

Stage = Callable[[Frame, int, Tables], Tables]
READ: Final = "read"


@dataclass(frozen=True, slots=True)
class Step:
    """``over``: what a task is for. ``takes``: what was sent to it, as step.name. ``has``: what the
    task of the same number in an earlier step kept. ``leaf``: columns of the leaf; None: all.
    ``is_light``: moves rows and sorts numbers; it is not worth starting processes for.
    """

    name: str
    stage: Stage
    over: Literal["leaf", "bucket", "all"] = "bucket"
    takes: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    leaf: tuple[str, ...] | None = ()
    is_light: bool = False


IDENTITY: Final = (
    Step("names", identity.names, "leaf", leaf=identity.KNOWN, is_light=True),
    Step("same", identity.same, takes=("names.ids",), is_light=True),
    Step("groups", identity.groups, takes=("same.documents",), is_light=True),
)
PAIRS: Final = (
    Step(
        "keys",
        keys.keys,
        "leaf",
        takes=("groups.home",),
        leaf=("text", "published", "words", "bands", "terms"),
        is_light=True,
    ),
    Step("meet", keys.meet, takes=("keys.bands", "keys.terms"), is_light=True),
    Step("pairs", keys.pairs, takes=("meet.pairs",), is_light=True),
    Step("texts", keys.texts, takes=("keys.texts", "pairs.wanted"), is_light=True),
    Step("verdicts", stories.verdicts, takes=("texts.sent",), has=("pairs.pairs",)),
    Step("ends", components.ends, has=("verdicts.verdicts",), is_light=True),
)
UNION: Final = Step("labels", components.union, "all", takes=("ends.edges",), is_light=True)


def stars(round: int) -> tuple[Step, Step]:
    """One round of large star and small star."""
    before = "doubled.both" if round == 0 else f"small-{round - 1:02}.both"
    return (
        Step(f"large-{round:02}", components.large_star, takes=(before,)),
        Step(f"small-{round:02}", components.small_star, takes=(f"large-{round:02}.edges",)),
    )


DOUBLED: Final = Step("doubled", components.doubled, takes=("ends.edges",))


def labels(round: int) -> Step:
    """The labels that the stars of the last round give."""
    return Step("labels", components.stars, takes=(f"small-{round:02}.edges",))


STORIES: Final = (
    Step(
        "gather",
        stories.gather,
        takes=("labels.labels", "keys.texts"),
        has=("verdicts.verdicts", "groups.groups"),
        is_light=True,
    ),
    Step(
        "stories",
        stories.stories,
        takes=("gather.edges", "gather.members", "gather.bodies"),
        is_light=True,
    ),
    Step(
        "place",
        stories.place,
        "leaf",
        takes=("stories.fates", "same.again"),
        leaf=None,
        is_light=True,
    ),
)
# What goes to a leaf; all else that is sent goes to a bucket.
TO_LEAF: Final = frozenset({"again", "home", "fates"})
# What is no step's input but a result: its folder in the corpus.
RESULTS: Final = frozenset({"clusters", "matches", "stories", "copies"})


@dataclass(frozen=True, slots=True)
class Task:
    """All that a worker has to know. ``sources``: how many tasks each earlier step had."""

    step: Step | None  # None: read a partition
    number: int
    settings: BuildSettings
    frame: Frame = field(default_factory=Frame)
    sources: Mapping[str, int] = field(default_factory=dict)
    leaf: str = ""
    partition: Partition | None = None

    @property
    def name(self) -> str:
        return self.step.name if self.step else READ


def carry_out(task: Task) -> Done:
    """Do a task and commit it. The same task done twice leaves the same files.

    Raises OutputError, or ScraperError where pages cannot be read at all.
    """
    # One thread for each process: there are as many as there are cores to use.
    pyarrow.set_cpu_count(1)
    pyarrow.set_io_thread_count(1)
    store = Store(task.settings.out)
    begun, cpu = time.perf_counter(), time.process_time()
    counts, notes = _read(task, store) if task.step is None else _joined(task, task.step, store)
    spent = time.process_time() - cpu
    done = Done(task.name, task.number, counts, time.perf_counter() - begun, spent, notes)
    commit(store, done)
    return done


def _read(task: Task, store: Store) -> tuple[dict[str, int], dict[str, Any]]:
    assert task.partition is not None
    read = reader(task.settings.extract)
    sizes, tally = read_partition(
        task.partition, task.number, store, read, task.settings.portions.leaf
    )
    counts = {it: getattr(tally, it) for it in ("pages", "articles", "words")}
    counts |= {"bytes": task.partition.weight, "failed": sum(tally.failed.values())}
    notes = {it: dict(getattr(tally, it)) for it in ("removed", "languages", "failed")}
    return counts, {"leaves": sizes, **notes}


def _joined(task: Task, step: Step, store: Store) -> tuple[dict[str, int], dict[str, Any]]:
    tables = {it.partition(".")[2]: _taken(task, step, store, it) for it in step.takes}
    tables |= {it.partition(".")[2]: _kept(task, store, it) for it in step.has}
    if step.over == "leaf":
        tables["leaf"] = _leaf(task, step, store)
    counts: dict[str, int] = {}
    for name, table in step.stage(task.frame, task.number, tables).items():
        counts[name] = table.num_rows
        file = file_of(step.name, task.number, name)
        if name in RESULTS:
            if table.num_rows:
                write_parquet(store, f"{name}/part-{task.number:06}.parquet", table)
        elif TO in table.column_names:
            many = len(task.frame.leaves) - 1 if name in TO_LEAF else task.frame.buckets
            send(store, file, table, many)
            counts[f"{name}_bytes"] = store.size(file)
        else:
            keep(store, file, table)
        if name == "groups":
            counts["distinct"] = table.column("local")[-1].as_py() + 1 if table.num_rows else 0
    notes = {}
    if step.name.startswith("small"):
        notes["checksum"] = components.checksum(tables["edges"])
    return counts, notes


def _taken(task: Task, step: Step, store: Store, what: str) -> Any:
    source, _, name = what.partition(".")
    files = [file_of(source, it, name) for it in range(task.sources[source])]
    if step.over != "all":
        return take(store, files, task.number)
    buckets = range(task.frame.buckets)
    return pyarrow.concat_tables([take(store, files, it) for it in buckets])


def _kept(task: Task, store: Store, what: str) -> Any:
    source, _, name = what.partition(".")
    return kept(store, file_of(source, task.number, name))


def _leaf(task: Task, step: Step, store: Store) -> Any:
    columns = None if step.leaf is None else list(step.leaf)
    try:
        with store.source(task.leaf) as file:
            return pyarrow.parquet.ParquetFile(file).read(columns=columns, use_threads=False)
    except ARROW_ERRORS as error:
        raise OutputError(store.where(task.leaf), f"cannot be read back: {said(error)}") from error
