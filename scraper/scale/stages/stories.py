"""Pairs become verdicts where both texts are, and verdicts clusters where all of a component is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, Final

import numpy as np
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray

from cleaners.duplicates.batch import LIMITS, Asked, concluded
from cleaners.duplicates.clusters import Pair
from cleaners.duplicates.judge import Verdicts, judge
from cleaners.duplicates.report import Groups
from cleaners.duplicates.results import Duplicates, Match
from cleaners.duplicates.words import Rows
from scraper.jobs.results import placed
from scraper.scale.stages.frame import TO, Frame, Tables, column, table
from scraper.scale.stages.identity import shelf_of
from scraper.scale.stages.keys import texts_of

_SPANS: Final = ("span_a", "span_b")  # k x 2; all other columns of verdicts but the pairs are plain
_PLAIN: Final = tuple(it.name for it in fields(Verdicts) if it.name not in ("pairs", *_SPANS))

PLACED: Final = ("cluster", "keep", "match", "likeness")
SAME: Final = "same"  # a second document under one id

CLUSTERS: Final = pyarrow.schema(
    [
        ("cluster", pyarrow.string()),
        ("members", pyarrow.list_(pyarrow.string())),
        ("why", pyarrow.string()),
    ]
)
MATCHES: Final = pyarrow.schema(
    [
        ("cluster", pyarrow.string()),  # null: no copies, but a report and a roundup that holds it
        ("a", pyarrow.string()),
        ("b", pyarrow.string()),
        ("kind", pyarrow.string()),
        ("likeness", pyarrow.float64()),
        ("confidence", pyarrow.float64()),
    ]
)
FATES: Final = pyarrow.schema(
    [
        ("document", pyarrow.uint64()),
        ("cluster", pyarrow.string()),
        ("keep", pyarrow.bool_()),
        ("match", pyarrow.string()),
        ("likeness", pyarrow.float64()),
        (TO, pyarrow.int64()),
    ]
)


def verdicts(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """What is found about the pairs of this bucket that share a report."""
    pairs = np.stack([column(tables["pairs"], it).astype(np.int64) for it in "ab"], axis=1)
    found = judge(_reading(tables["sent"]), pairs)
    return {"verdicts": as_table(found.chosen(found.copy >= LIMITS[frame.copies.threshold]))}


def _reading(texts: Any) -> Callable[[Rows], Sequence[str]]:
    def read(groups: Rows) -> Sequence[str]:
        found: list[str] = texts_of(texts, groups).column("text").to_pylist()
        return found

    return read


def as_table(of: Verdicts) -> Any:
    """Verdicts as columns."""
    columns = {it: getattr(of, it) for it in _PLAIN}
    for name in _SPANS:
        span = getattr(of, name)
        columns |= {f"{name}_begin": span[:, 0], f"{name}_end": span[:, 1]}
    return table(a=of.pairs[:, 0], b=of.pairs[:, 1], **columns)


def as_verdicts(it: Any, pairs: NDArray[np.int64]) -> Verdicts:
    """Columns as verdicts on these pairs, which may have got other numbers."""
    columns = {name: column(it, name) for name in _PLAIN}
    for name in _SPANS:
        columns[name] = np.stack([column(it, f"{name}_{end}") for end in ("begin", "end")], axis=1)
    return Verdicts(pairs=pairs, **columns)


def gather(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """All that belongs to one component, to one bucket: verdicts, documents, texts.

    ``labels`` has the component of each group of this bucket that has a verdict.
    """
    labels = tables["labels"]
    # The least group of a component may have been told of by several.
    group, first = np.unique(column(labels, "group"), return_index=True)
    component = column(labels, "component")[first]
    edges = tables["verdicts"]
    of_edge = component[np.searchsorted(group, column(edges, "a"))]
    documents = tables["groups"]
    number = column(documents, "local").astype(np.int64) + frame.groups[bucket]
    sizes = np.bincount(number - frame.groups[bucket])
    has_label = np.isin(number, group)
    home = number.copy()
    home[has_label] = component[np.searchsorted(group, number[has_label])]
    chosen = has_label | (sizes[number - frame.groups[bucket]] > 1)
    members = documents.append_column("group", pyarrow.array(number))
    members = members.append_column(TO, pyarrow.array(frame.spread(home)))
    bodies = texts_of(tables["texts"], group)
    return {
        "edges": edges.append_column(TO, pyarrow.array(frame.spread(of_edge))),
        "members": members.drop_columns(["local"]).filter(pyarrow.array(chosen)),
        "bodies": bodies.append_column(TO, pyarrow.array(frame.spread(component))),
    }


def stories(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """The clusters of the components of this bucket; to each leaf what became of its documents."""
    # Documents in their order, groups in theirs: so the outcome is that of one batch over all.
    members = tables["members"].sort_by("document")
    numbers = column(members, "group")
    known, number = np.unique(numbers, return_inverse=True)
    by_group = np.lexsort((column(members, "place"), number))
    starts = np.flatnonzero(np.diff(number[by_group], prepend=-1))
    groups = Groups(by_group, starts, number[by_group])
    edges = tables["edges"]
    pairs = np.stack([np.searchsorted(known, column(edges, it)) for it in "ab"], axis=1)
    read = _reading(tables["bodies"])

    def doubt(asked: Sequence[Pair]) -> list[tuple[float, float]]:
        found = judge(lambda rows: read(known[rows]), np.array(asked, dtype=np.int64))
        return list(zip(found.confidence.tolist(), found.known.tolist(), strict=True))

    found = concluded(
        Asked(frame.copies.threshold, frame.copies.kinds),
        shelf_of(members),
        groups,
        as_verdicts(edges, pairs.astype(np.int64)),
        (doubt, None),
    )
    ids, documents = members.column("id").to_pylist(), column(members, "document").tolist()
    return told(frame, found, dict(zip(ids, documents, strict=True)))


def told(frame: Frame, found: Duplicates, documents: dict[str, int]) -> Tables:
    """The clusters, their matches, and the fates of their documents, as tables."""
    matches = [_match(it, home.keep) for home in found.clusters for it in home.matches]
    fates = []
    for name, it in placed(found).items():
        kind, likeness = (it.match.kind.value, it.match.likeness) if it.match else (None, None)
        number = documents[name]
        leaf = int(frame.leaf_of(np.array([number]))[0])
        fates.append((number, it.cluster, it.is_kept, kind, likeness, leaf))
    return {
        "clusters": _rows(CLUSTERS, [(it.keep, it.members, it.why) for it in found.clusters]),
        "matches": _rows(MATCHES, [*matches, *(_match(it, None) for it in found.parts)]),
        "fates": _rows(FATES, fates),
    }


def _match(it: Match, cluster: str | None) -> tuple[Any, ...]:
    return (cluster, it.a, it.b, it.kind.value, it.likeness, it.confidence)


def _rows(schema: Any, rows: Sequence[tuple[Any, ...]]) -> Any:
    columns = zip(*rows, strict=True) if rows else [[] for _ in schema]
    arrays = [pyarrow.array(list(it), kind.type) for it, kind in zip(columns, schema, strict=True)]
    return pyarrow.table(arrays, schema=schema)


def place(frame: Frame, leaf: int, tables: Tables) -> Tables:
    """The rows of a leaf that stand for a story; and what became of those that do not."""
    it, fates, again = tables["leaf"], tables["fates"], tables["again"]
    start = frame.leaves[leaf]
    known = {row["document"] - start: row for row in fates.to_pylist()}
    gone = {int(row) - start for row in column(again, "document")}
    columns: dict[str, list[Any]] = {name: [] for name in PLACED}
    for row, name in enumerate(it.column("id").to_pylist()):
        fate = known.get(row)
        columns["cluster"].append(fate["cluster"] if fate else name)
        columns["keep"].append(row not in gone and (fate is None or fate["keep"]))
        columns["match"].append(SAME if row in gone else fate and fate["match"])
        columns["likeness"].append(fate and fate["likeness"])
    for name in PLACED:
        it = it.append_column(name, pyarrow.array(columns[name], FATES.field(name).type))
    keep = it.column("keep")
    gone_rows = it.select(["id", *PLACED]).filter(pyarrow.compute.invert(keep))
    return {"stories": it.filter(keep), "copies": gone_rows}
