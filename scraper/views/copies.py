"""The copies of one story as a cluster file and the rows tell them, with what belongs together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from cleaners.duplicates import CopyKind, Match
from cleaners.duplicates.results import Cluster, Difference, Passage
from scraper.corpus.rows import ArticleRow
from scraper.errors import OutputError
from scraper.sources.canonical import host_of

Place = tuple[int, int]  # characters of a text, from and up to


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence of a copy. ``thread`` is one number for what tells the same in all copies."""

    start: int
    end: int
    thread: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A copy beside another one; of each passage ``a`` is the other's and ``b`` this copy's."""

    to: str
    kind: CopyKind
    likeness: float
    confidence: float
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """``compared`` is None for the copy that is kept, and where nothing links a copy to it."""

    row: ArticleRow
    is_kept: bool
    spans: tuple[Span, ...]
    compared: Compared | None

    @property
    def host(self) -> str:
        return host_of(self.row.url) or "no host"

    @property
    def moment(self) -> datetime | None:
        return moment_of(self.row.published)


@dataclass(frozen=True, slots=True)
class Story:
    """The kept copy first, then the others from the most to the least alike."""

    id: str
    why: str
    copies: tuple[Copy, ...]
    kinds: Mapping[str, int]
    threads: Mapping[int, int]  # of each thread in how many copies it stands


def moment_of(value: str | None) -> datetime | None:
    """A row's moment; where it has no time zone it is taken for UTC, to have it in one order.

    >>> moment_of("2024-05-03")
    datetime.datetime(2024, 5, 3, 0, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        found = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def read_clusters(path: Path) -> Iterator[Cluster]:
    """The clusters of a ``clusters.jsonl``. Raises OutputError where it is something else."""
    try:
        with path.open("rb") as lines:
            for line in lines:
                told = orjson.loads(line)
                yield Cluster(
                    tuple(told["members"]),
                    told["keep"],
                    told["why"],
                    tuple(_match(it) for it in told["matches"]),
                )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(str(path), f"is no file of clusters: {error!r}") from error


def _match(told: Mapping[str, Any]) -> Match:
    return Match(
        told["a"],
        told["b"],
        CopyKind(told["kind"]),
        told["likeness"],
        told["confidence"],
        tuple(
            Passage(
                tuple(it["a"]) if it["a"] else None,
                tuple(it["b"]) if it["b"] else None,
                it["likeness"],
                tuple(Difference(**each) for each in it["differs"]),
            )
            for it in told["evidence"]
        ),
    )


def story(cluster: Cluster, rows: Mapping[str, ArticleRow]) -> Story:
    """A cluster with the rows of its members; a member without a row is left out.

    From the kept copy on, each copy is compared with the one among those before it that it is most
    like, and with the kept copy itself wherever a match says how.
    """
    members = [it for it in cluster.members if it in rows]
    links: dict[str, list[Match]] = defaultdict(list)
    for match in cluster.matches:
        for it in (match.a, match.b):
            links[it].append(match)
    compared = _compare(cluster.keep, links)
    spans = _threads(cluster.keep, compared)
    order = sorted(
        (it for it in members if it != cluster.keep),
        key=lambda it: (-compared[it].likeness if it in compared else 1.0, it),
    )
    ids = [it for it in (cluster.keep, *order) if it in rows]
    copies = tuple(
        Copy(
            rows[it], it == cluster.keep, _fitting(spans[it], len(rows[it].text)), compared.get(it)
        )
        for it in ids
    )
    kinds: dict[str, int] = defaultdict(int)
    for pair in compared.values():
        kinds[pair.kind.value] += 1
    threads: dict[int, int] = defaultdict(int)
    for copy in copies:
        for thread in {span.thread for span in copy.spans}:
            threads[thread] += 1
    return Story(cluster.keep, cluster.why, copies, dict(kinds), dict(threads))


def _compare(keep: str, links: Mapping[str, Sequence[Match]]) -> dict[str, Compared]:
    """Each member by whom it is compared with, in the order in which they are reached."""
    found: dict[str, Compared] = {}
    reached = {keep}
    ring = [keep]
    while ring:
        best: dict[str, tuple[float, str, Match]] = {}
        for here in ring:
            for match in links.get(here, ()):
                there = match.b if match.a == here else match.a
                if there in reached:
                    continue
                rank = (match.likeness, here, match)
                if there not in best or rank[:2] > best[there][:2]:
                    best[there] = rank
        for there, (_, here, match) in best.items():
            passages = match.evidence if match.a == here else tuple(map(_turned, match.evidence))
            found[there] = Compared(here, match.kind, match.likeness, match.confidence, passages)
        ring = sorted(best)
        reached.update(ring)
    return found


def _turned(it: Passage) -> Passage:
    differs = tuple(Difference(each.what, each.b, each.a) for each in it.differs)
    return Passage(it.b, it.a, it.likeness, differs)


def _threads(keep: str, compared: Mapping[str, Compared]) -> dict[str, list[Span]]:
    """The aligned sentences of each copy, numbered in the order of the kept one's."""
    used = {it.to for it in compared.values()}
    starts: dict[str, set[Place]] = defaultdict(set)
    for pair in compared.values():
        starts[pair.to].update(it.a for it in pair.passages if it.a and it.b)
    numbers: dict[str, dict[Place, int]] = defaultdict(dict)
    last = 0
    for place in sorted(starts[keep]):
        last += 1
        numbers[keep][place] = last
    # In the order in which they were reached: whom a copy is compared with has its numbers by then.
    for name, pair in compared.items():
        known = numbers[pair.to]
        for it in sorted(pair.passages, key=lambda it: it.b or (0, 0)):
            if it.a is None or it.b is None:
                continue
            number = known.get(it.a) or _overlapping(it.a, known)
            if number is None:
                last += 1
                number = known[it.a] = last
            numbers[name].setdefault(it.b, number)
    return defaultdict(
        list,
        {
            name: [Span(start, end, number) for (start, end), number in sorted(places.items())]
            for name, places in numbers.items()
            if name in compared or name in used
        },
    )


def _overlapping(place: Place, known: Mapping[Place, int]) -> int | None:
    """The number of the place that this one shares most with, and at least half of itself."""
    best, number = 0, None
    for (start, end), it in known.items():
        shared = min(end, place[1]) - max(start, place[0])
        if shared > best:
            best, number = shared, it
    return number if 2 * best >= place[1] - place[0] else None


def _fitting(spans: Iterable[Span], length: int) -> tuple[Span, ...]:
    """Those that lie in the text, none over another: a row may be newer than the clusters."""
    found: list[Span] = []
    at = 0
    for it in spans:
        if at <= it.start < it.end <= length:
            found.append(it)
            at = it.end
    return tuple(found)
