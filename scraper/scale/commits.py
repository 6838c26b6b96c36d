"""What is finished: one small file for each task, written when all that the task made is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import orjson

from scraper.errors import OutputError
from scraper.scale.store import Store

WORK: Final = "build"  # the folder of what is there only while a corpus is built


@dataclass(frozen=True, slots=True)
class Done:
    """A finished task. ``counts`` are rows and bytes by name; ``cpu`` is CPU seconds."""

    step: str
    number: int
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    cpu: float = 0.0
    notes: Mapping[str, Any] = field(default_factory=dict)


def commit(store: Store, done: Done) -> None:
    """From now on nobody does this task again. Raises OutputError."""
    store.write(_name(done.step, done.number), orjson.dumps(asdict(done)))


def committed(store: Store, step: str) -> dict[int, Done]:
    """The finished tasks of a step by number. Raises OutputError where one cannot be read."""
    return {it.number: it for it in _found(store, step)}


def _found(store: Store, step: str) -> Iterator[Done]:
    for name in store.names(f"{WORK}/{step}"):
        if name.endswith(".json"):
            content = store.read(f"{WORK}/{step}/{name}")
            try:
                yield Done(**orjson.loads(content or b""))
            except (orjson.JSONDecodeError, TypeError) as error:
                where = store.where(f"{WORK}/{step}/{name}")
                raise OutputError(where, f"says nothing of a finished task: {error}") from error


def _name(step: str, number: int) -> str:
    return f"{WORK}/{step}/{number:06}.json"


def file_of(step: str, number: int, name: str) -> str:
    """Where the rows lie that a task has for others."""
    return f"{WORK}/{step}/{number:06}.{name}.arrow"
