"""What became of a build, as figures: for the closing table and ``stats.json``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

import orjson

from scraper.scale.commits import Done
from scraper.scale.steps import READ
from scraper.scale.store import Store

NAME: Final = "stats.json"
_SENT: Final = "_bytes"


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one step: tasks, CPU seconds of its processes, bytes that it handed to later steps.

    ``cpu`` of the reading step is without the processes in which pages are read.
    """

    tasks: int
    seconds: float
    cpu: float
    sent: int


@dataclass(frozen=True, slots=True)
class Report:
    """``same``: further documents under one id; ``pairs``: how many were looked at closely.

    ``words_removed`` is by label, ``failed`` by reason.
    """

    pages: int
    articles: int
    same: int
    texts: int
    pairs: int
    matches: int
    clusters: int
    copies: int
    stories: int
    words_kept: int
    words_removed: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    costs: Mapping[str, Cost] = field(default_factory=dict)


def report(done: Mapping[str, Mapping[int, Done]]) -> Report:
    """The figures of all tasks of a build."""

    def total(step: str, name: str) -> int:
        return sum(it.counts.get(name, 0) for it in done[step].values())

    def counted(name: str) -> dict[str, int]:
        found: Counter[str] = Counter()
        for it in done[READ].values():
            found.update(it.notes.get(name, {}))
        return dict(found.most_common())

    same = total("same", "again")
    stories = total("place", "stories")
    articles = total(READ, "articles")
    return Report(
        pages=total(READ, "pages"),
        articles=articles,
        same=same,
        texts=total("groups", "distinct"),
        pairs=total("pairs", "pairs"),
        matches=total("stories", "matches"),
        clusters=total("stories", "clusters"),
        copies=articles - same - stories,
        stories=stories,
        words_kept=total(READ, "words"),
        words_removed=counted("removed"),
        languages=counted("languages"),
        failed=counted("failed"),
        costs={name: _cost(those) for name, those in done.items()},
    )


def _cost(done: Mapping[int, Done]) -> Cost:
    those = done.values()
    return Cost(
        len(done),
        round(sum(it.seconds for it in those), 3),
        round(sum(it.cpu for it in those), 3),
        sum(many for it in those for name, many in it.counts.items() if name.endswith(_SENT)),
    )


def write_report(found: Report, store: Store) -> None:
    """Write ``stats.json``. Raises OutputError."""
    store.write(NAME, orjson.dumps(asdict(found), option=orjson.OPT_INDENT_2) + b"\n")
