"""From the ledger to the files that a job leaves: articles, clusters, failures."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from cleaners.duplicates import CopyKind, Duplicates, Match, Threshold, deduplicate
from cleaners.labels import Label
from scraper.corpus.atomic import failing_as_output, put_in_place, temporary, write_whole
from scraper.corpus.rows import ArticleRow
from scraper.corpus.writers import Writer, open_writer
from scraper.jobs.house_lines import house_lines, without_house_lines
from scraper.jobs.ledger import Ledger
from scraper.jobs.settings import DedupSettings, Format, JobSettings
from scraper.jobs.state import State
from scraper.sources.canonical import host_of

FILES: Final[Mapping[Format, str]] = {
    "jsonl": "articles.jsonl",
    "sqlite": "articles.sqlite",
    "csv": "articles.csv",
    "parquet": "articles.parquet",
    "markdown": "articles",
}
# What the search for copies is told of a row.
COMPARED: Final = ("id", "text", "title", "published", "url", "agency", "canonical")
# Rows between two calls of a writer: enough for Parquet to make groups of, few enough for memory.
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Results:
    """What was written, and what is in it. ``words_removed`` is by label."""

    files: tuple[Path, ...]
    articles: int
    written: int
    clusters: int
    copies: int
    words_kept: int
    words_removed: Mapping[str, int]
    languages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands among its copies; ``match`` is how it is a copy of the kept one."""

    cluster: str
    is_kept: bool
    is_first: bool
    match: Match | None


@dataclass(slots=True)
class Tally:
    """Counts while the rows go by."""

    articles: int = 0
    written: int = 0
    words_kept: int = 0
    words_removed: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def add(self, row: ArticleRow) -> None:
        self.articles += 1
        self.words_kept += len(row.text.split())
        self.languages[row.language or "unknown"] += 1
        for it in row.removed:
            self.words_removed[it.label] += len(it.text.split())


def write_results(ledger: Ledger, job: JobSettings) -> Results:
    """Write every file of the job anew, each as a whole or not at all. Raises OutputError.

    The articles are read from the ledger row by row: once to learn each site's own lines, once to
    find copies, once to write them.
    """
    articles = Articles(ledger, job)
    found = copies(articles, job.dedup)
    tally = Tally()
    files = write_articles(placed_rows(articles, placed(found)), job, tally)
    for name, lines in (
        ("clusters.jsonl", cluster_lines(found)),
        ("failures.jsonl", failure_lines(ledger)),
    ):
        write_whole(job.out / name, b"".join(orjson.dumps(it) + b"\n" for it in lines))
        files.append(job.out / name)
    return Results(
        files=tuple(files),
        articles=tally.articles,
        written=tally.written,
        clusters=len(found.clusters),
        copies=sum(len(it.members) - 1 for it in found.clusters),
        words_kept=tally.words_kept,
        words_removed=dict(tally.words_removed.most_common()),
        languages=dict(tally.languages.most_common()),
    )


class Articles:
    """The ledger's articles without the lines that their sites repeat; each ``for`` reads anew."""

    def __init__(self, ledger: Ledger, job: JobSettings) -> None:
        self._ledger = ledger
        is_kept = Label.REPEATED in job.clean.keep
        self._lines = None if is_kept else house_lines(self._rows())

    def __iter__(self) -> Iterator[ArticleRow]:
        for it in self._rows():
            yield it if self._lines is None else without_house_lines(it, self._lines)

    def _rows(self) -> Iterator[ArticleRow]:
        return map(ArticleRow.of, self._ledger.rows())


def copies(articles: Articles, settings: DedupSettings) -> Duplicates:
    """The copies among the articles; none where the job wants none found."""
    if not settings.enabled:
        return Duplicates((), (), ())
    return deduplicate(
        (
            {name: getattr(it, name) for name in COMPARED} | {"host": host_of(it.url)}
            for it in articles
        ),
        threshold=Threshold(settings.threshold),
        kinds=frozenset(map(CopyKind, settings.kinds)),
    )


def placed(found: Duplicates) -> dict[str, Place]:
    """Each member of a cluster, by the id of its row."""
    places: dict[str, Place] = {}
    for cluster in found.clusters:
        how: dict[str, Match] = {}
        for match in cluster.matches:
            for it in (match.a, match.b):
                # The match with the copy that is kept tells most; else the most alike.
                rank = (cluster.keep in (match.a, match.b), match.likeness)
                old = how.get(it)
                if old is None or rank > (cluster.keep in (old.a, old.b), old.likeness):
                    how[it] = match
        for index, it in enumerate(cluster.members):
            is_kept = it == cluster.keep
            places[it] = Place(cluster.keep, is_kept, index == 0, None if is_kept else how.get(it))
    return places


def placed_rows(
    articles: Articles, places: Mapping[str, Place]
) -> Iterator[tuple[ArticleRow, Place | None]]:
    for row in articles:
        place = places.get(row.id)
        if place is None:
            yield replace(row, cluster=row.id, keep=True), None
        else:
            match = place.match
            yield (
                replace(
                    row,
                    cluster=place.cluster,
                    keep=place.is_kept,
                    match=match.kind.value if match else None,
                    likeness=round(match.likeness, 4) if match else None,
                ),
                place,
            )


def write_articles(
    rows: Iterator[tuple[ArticleRow, Place | None]], job: JobSettings, tally: Tally
) -> list[Path]:
    """The rows in all formats of the job, and into the tally; the files that were written."""
    parts = {it: temporary(job.out / FILES[it]) for it in job.output.formats}
    writers: list[Writer] = []
    try:
        writers += [open_writer(part, it) for it, part in parts.items()]
        while batch := list(islice(rows, BATCH)):
            for row, _ in batch:
                tally.add(row)
            wanted = [row for row, place in batch if is_wanted(place, job.dedup)]
            tally.written += len(wanted)
            for writer in writers:
                writer.write(wanted)
        while writers:
            writers.pop().close()
        for it, part in parts.items():
            replace_with(part, job.out / FILES[it])
    finally:
        for writer in writers:
            writer.abandon()
        for part in parts.values():
            remove(part)
    return [job.out / FILES[it] for it in parts]


def is_wanted(place: Place | None, settings: DedupSettings) -> bool:
    if place is None or settings.keep == "all":
        return True
    return place.is_kept if settings.keep == "canonical" else place.is_first


def replace_with(part: Path, path: Path) -> None:
    """Put a finished file or folder where the old one was."""
    if part.is_dir():
        with failing_as_output(path):
            remove(path)
            part.rename(path)
    else:
        put_in_place(part, path)


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def cluster_lines(found: Duplicates) -> Iterator[dict[str, Any]]:
    for it in found.clusters:
        yield {
            "cluster": it.keep,
            "members": it.members,
            "keep": it.keep,
            "why": it.why,
            "matches": [asdict(match) for match in it.matches],
        }


def failure_lines(ledger: Ledger) -> Iterable[dict[str, Any]]:
    for asked, state, reason, detail, status in ledger.settled(State.FAILED, State.SKIPPED):
        yield {
            "asked": asked,
            "state": state,
            "reason": reason,
            "detail": detail,
            "status": status,
        }
