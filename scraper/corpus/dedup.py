"""Finds the copies among the rows of files and folders, and writes the rows that are left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from cleaners.duplicates import CopyKind, Document, DuplicateIndex, Duplicates, Threshold
from cleaners.duplicates import deduplicate as find_copies
from cleaners.errors import BadDocument
from scraper.corpus.reading import placed_rows

Row = dict[str, Any]
Keep = Literal["canonical", "all", "first"]
OnBad = Callable[[str, str], None]
Progress = Callable[[str, int], None]

# What a job leaves in its folder, the first that is there.
JOB_FILES = ("articles.jsonl", "articles.parquet", "articles.sqlite")
_KNOWN = ("title", "published", "host", "url", "agency", "canonical")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for. ``window``: how far apart two copies are published at most."""

    field: str = "text"
    keep: Keep = "canonical"
    threshold: Threshold = Threshold.NORMAL
    kinds: frozenset[CopyKind] = frozenset(CopyKind)
    window: timedelta | None = None
    index: Path | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a row: its cluster, whether it is kept, and how it is a copy."""

    cluster: str
    is_kept: bool
    kind: str | None = None
    likeness: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that was found. ``fates`` has rows that have copies; others are kept as they are."""

    found: Duplicates
    fates: dict[str, Fate]
    rows: int


def rows_of(inputs: Iterable[Path], on_bad: OnBad | None) -> Iterator[tuple[str, Row]]:
    """All rows of some files, folders of texts and jobs' folders, each with its place.

    Raises:
        NothingMatched: a path that is not there, or that nobody can read.
        BadDocument: a broken row, where there is no ``on_bad``.
    """
    for path in inputs:
        source = next((path / it for it in JOB_FILES if (path / it).is_file()), path)
        yield from placed_rows(source, on_bad=on_bad)


def documents_of(
    rows: Iterable[tuple[str, Row]], field: str, on_bad: OnBad | None
) -> Iterator[tuple[Document, Row]]:
    """The document of each row, with the row. A row without an id goes by its url or its place.

    Raises:
        BadDocument: no text in the field, or an id that came before; where there is no ``on_bad``.
    """
    seen: dict[str, str] = {}
    for place, row in rows:
        name = str(row.get("id") or row.get("url") or place)
        text = row.get(field)
        if not isinstance(text, str):
            problem = f"no text in the field “{field}”; the row has {', '.join(list(row)[:12])}"
        elif name in seen:
            problem = f"the id “{name}” stands at {seen[name]} already"
        else:
            seen[name] = place
            known = {key: row.get(key) for key in _KNOWN}
            yield Document.of({"id": name, "text": text, **known}), row
            continue
        if on_bad is None:
            raise BadDocument(place, problem)
        on_bad(place, problem)


def dedup(
    inputs: list[Path], asked: Asked, on_bad: OnBad | None = None, progress: Progress | None = None
) -> Outcome:
    """Reads all rows once and finds the copies among them, or among them and an index."""
    count = 0

    def documents() -> Iterator[Document]:
        nonlocal count
        for document, _ in documents_of(rows_of(inputs, on_bad), asked.field, on_bad):
            count += 1
            yield document

    if asked.index is not None:
        found, before = _indexed(documents(), asked, progress)
    else:
        found, before = _found(documents(), asked, progress), frozenset()
    return Outcome(found, dict(_fates(found, asked.keep, before)), count)


def written(inputs: list[Path], asked: Asked, outcome: Outcome, is_marked: bool) -> Iterator[Row]:
    """The rows again, with what became of them; without those that are not kept, or with a mark."""

    def passed_over(place: str, detail: str) -> None:
        return None

    for document, row in documents_of(rows_of(inputs, passed_over), asked.field, passed_over):
        fate = outcome.fates.get(document.id)
        if fate is None:
            yield {**row, "cluster": None, "keep": True, "match": None, "likeness": None}
        elif fate.is_kept or is_marked:
            yield {
                **row,
                "cluster": fate.cluster,
                "keep": fate.is_kept,
                "match": fate.kind,
                "likeness": fate.likeness,
            }


def _found(documents: Iterator[Document], asked: Asked, progress: Progress | None) -> Duplicates:
    told = progress or (lambda stage, done: None)
    return find_copies(
        documents,
        threshold=asked.threshold,
        kinds=asked.kinds,
        window=asked.window,
        evidence=False,
        progress=told,
    )


def _indexed(
    documents: Iterator[Document], asked: Asked, progress: Progress | None
) -> tuple[Duplicates, frozenset[str]]:
    """Clusters over all that the index holds; and which of their members it held before."""
    with DuplicateIndex(asked.index, threshold=asked.threshold, evidence=False) as index:
        fresh: set[str] = set()

        def unknown() -> Iterator[Document]:
            for it in documents:
                if it.id not in index:
                    fresh.add(it.id)
                    yield it

        for done, _ in enumerate(index.extend(unknown()), 1):
            if progress and done % 1000 == 0:
                progress("added", done)
        found = index.duplicates()
    members = {it for cluster in found.clusters for it in cluster.members}
    return found, frozenset(members - fresh)


def _fates(found: Duplicates, keep: Keep, before: frozenset[str]) -> Iterator[tuple[str, Fate]]:
    for cluster in found.clusters:
        # What an earlier run has written cannot be taken back: it stands for the story.
        earlier = [it for it in cluster.members if it in before]
        first = earlier[0] if earlier else cluster.members[0]
        kept = first if earlier or keep == "first" else cluster.keep
        for name in cluster.members:
            links = [it for it in cluster.matches if name in (it.a, it.b)]
            link = max(
                links,
                key=lambda it: (kept in (it.a, it.b), it.confidence, it.a, it.b),
                default=None,
            )
            is_kept = keep == "all" or name == kept
            if link is None or name == kept:
                yield name, Fate(kept, is_kept)
            else:
                yield name, Fate(kept, is_kept, link.kind.value, link.likeness)
