"""Reads the phrases that give a line away: ``data/phrases/<lang>.toml``, one row to a phrase."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from cleaners.errors import BadData
from cleaners.labels import Label

PHRASES = Path(__file__).parent.parent / "data" / "phrases"


class Where(StrEnum):
    """Where in the block the phrase stands, after ``fold``."""

    WHOLE = "whole"
    START = "start"
    END = "end"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row. ``any`` are the ways it is written; ``{n}`` in them stands for a number.

    ``hits`` and ``misses`` are whole texts of blocks that the row must hit, or must leave alone.
    ``opens`` says that what follows belongs to it, until the story goes on.
    """

    id: str
    label: Label
    where: Where
    any: tuple[str, ...]
    confidence: float
    hits: tuple[str, ...]
    misses: tuple[str, ...]
    max_words: int | None = None
    punct: str = ""
    upper: bool = False
    heading: bool = False
    opens: bool = False


_KNOWN = frozenset(it.name for it in fields(Phrase))


def load_phrases(folder: Path = PHRASES) -> tuple[Phrase, ...]:
    """All rows of all languages, in the order of the file names. ``BadData`` names file and row."""
    rows: list[Phrase] = []
    for path in sorted(folder.glob("*.toml")):
        rows += phrases_in(path)
    return tuple(rows)


def phrases_in(path: Path) -> list[Phrase]:
    """The rows of one file."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadData(str(path), str(error)) from error
    return [_row(path, it) for it in content.get("phrase", [])]


def _row(path: Path, row: Mapping[str, Any]) -> Phrase:
    where = f"{path.name}: {row.get('id', 'a row without id')}"
    if unknown := sorted(set(row) - _KNOWN):
        raise BadData(where, f"unknown keys: {', '.join(unknown)}")
    if missing := sorted({"id", "label", "where", "any", "confidence"} - set(row)):
        raise BadData(where, f"missing keys: {', '.join(missing)}")
    try:
        return Phrase(
            **{
                **row,
                "label": Label(row["label"]),
                "where": Where(row["where"]),
                "any": _texts(row["any"]),
                "hits": _texts(row.get("hits", ())),
                "misses": _texts(row.get("misses", ())),
            }
        )
    except ValueError as error:
        raise BadData(where, str(error)) from error


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise ValueError(f"a list of texts is expected, not the text {value!r}")
    return tuple(value)
