"""Builds small corpora for tests, and reads back what stands in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.dataset

from cleaners.duplicates import Duplicates, deduplicate
from scraper.scale.build import build
from scraper.scale.commits import Done
from scraper.scale.engines.engine import Died, Engine
from scraper.scale.report import Report
from scraper.scale.settings import BuildSettings, CopySettings
from scraper.scale.steps import Task, carry_out

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"


@dataclass(slots=True)
class Watched:
    """Notes which tasks were done."""

    done_: list[tuple[str, int]] = field(default_factory=list)

    def begun(self, step: str, tasks: int, known: Mapping[int, Done]) -> None: ...

    def done(self, it: Done) -> None:
        self.done_.append((it.step, it.number))


@dataclass(frozen=True, slots=True)
class Here:
    """The smallest engine: one task after the other, in this process."""

    def each(self, tasks: Sequence[Task]) -> Iterator[Done | Died]:
        return map(carry_out, tasks)


def built(settings: BuildSettings, engine: Engine | None = None) -> Report:
    return build(settings, engine or Here(), Watched())


def rows(out: Path | str, name: str) -> list[dict[str, Any]]:
    folder = Path(out) / name
    if not folder.is_dir():
        return []
    found: list[dict[str, Any]] = pyarrow.dataset.dataset(folder).to_table().to_pylist()
    return found


def told_stories(most: int = 10_000) -> list[dict[str, Any]]:
    """The documents of ``fixtures/duplicates``, in every language."""
    found = [
        json.loads(line)
        for path in sorted((FIXTURES / "duplicates").glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return found[:: -(-len(found) // most)]


def write_lines(path: Path, values: Iterable[Mapping[str, Any]]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(it) + "\n" for it in values), "utf-8")
    return str(path)


def expected(documents: Iterable[Mapping[str, Any]], of: CopySettings | None = None) -> Duplicates:
    of = of or CopySettings()
    return deduplicate(
        documents, threshold=of.threshold, kinds=of.kinds, window=of.window, evidence=False
    )


Match = tuple[str, str, str, float, float]


def said(found: Duplicates) -> tuple[dict[Any, Any], list[Match], list[str]]:
    """Clusters with members, keep, why and matches; parts; the ids that are kept."""

    def plain(it: Any) -> Match:
        return (it.a, it.b, it.kind.value, it.likeness, it.confidence)

    clusters = {
        it.keep: (it.members, it.why, sorted(map(plain, it.matches))) for it in found.clusters
    }
    return clusters, sorted(map(plain, found.parts)), list(found.unique)


def stands(out: Path | str) -> tuple[dict[Any, Any], list[Match], list[str]]:
    """The same of a corpus that was built."""
    matches: dict[str | None, list[Match]] = {}
    for it in rows(out, "matches"):
        one = (it["a"], it["b"], it["kind"], it["likeness"], it["confidence"])
        matches.setdefault(it["cluster"], []).append(one)
    clusters = {
        it["cluster"]: (tuple(it["members"]), it["why"], sorted(matches.get(it["cluster"], [])))
        for it in rows(out, "clusters")
    }
    kept = [it["id"] for it in rows(out, "stories")]
    return clusters, sorted(matches.get(None, [])), kept
