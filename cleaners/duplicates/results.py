"""What a search for copies is given, and what it hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cleaners.errors import BadDocument


class CopyKind(StrEnum):
    """How one text is a copy of another; from the closest to the farthest."""

    EXACT = "exact"  # the same words, whatever the case, spacing and punctuation
    NEAR = "near"  # most of the words, in the same order
    CONTAINED = "contained"  # a is a part of b: trimmed, or with a lead, or inside a roundup
    REWRITTEN = "rewritten"  # the same report in other words


class Threshold(StrEnum):
    """How sure a match has to be before two texts are called copies."""

    STRICT = "strict"
    NORMAL = "normal"
    LOOSE = "loose"


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its id, and what helps to choose between copies; None means "not known"."""

    id: str
    text: str
    title: str | None = None
    published: datetime | None = None
    host: str | None = None
    url: str | None = None
    agency: str | None = None
    canonical: str | None = None

    @classmethod
    def of(cls, it: Document | tuple[str, str] | Mapping[str, Any]) -> Document:
        """The document that a pair or a mapping holds.

        ``id`` may be missing where there is a ``url``. ``published`` may be a datetime, a date, or
        text in ISO 8601; what cannot be read as a date counts as not known.

        Raises:
            BadDocument: there is no id, no text, or the text is no string.

        >>> Document.of(("a", "Rain.")) == Document.of({"id": "a", "text": "Rain."})
        True
        """
        if isinstance(it, Document):
            return it
        if isinstance(it, Mapping):
            name = it.get("id", it.get("url"))
            known = {key: it.get(key) for key in ("title", "host", "url", "agency", "canonical")}
            published = _moment(it.get("published"))
            text = it.get("text")
        else:
            name, text = it
            known, published = {}, None
        if name is None or name == "":
            raise BadDocument("document", "it has neither an id nor a url")
        if not isinstance(text, str):
            found = "missing" if text is None else f"a {type(text).__name__}, not a string"
            raise BadDocument(str(name), f"the text is {found}")
        return cls(str(name), text, published=published, **_strings(known))


def _strings(known: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value if isinstance(value, str) and value else None for key, value in known.items()
    }


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return None
    return None


@dataclass(frozen=True, slots=True)
class Difference:
    """A number or a name that two aligned sentences do not share; None where one has none."""

    what: str  # "number" or "name"
    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a and the sentence of b that tells the same.

    ``a`` and ``b`` are offsets: ``text_of_a[a[0]:a[1]]`` is what is quoted. ``a`` is None where b
    adds the sentence, ``b`` is None where b drops it. ``likeness`` is 0 to 1.
    """

    a: tuple[int, int] | None
    b: tuple[int, int] | None
    likeness: float
    differs: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Two documents of which one copies the other, or both copy a third.

    A contained match is directed: ``a`` is the part and ``b`` is the whole; in all others ``a`` is
    the smaller id. ``likeness`` is the share, 0 to 1, of the shorter text that the other tells as
    well. ``confidence`` is the measured share of such matches that are right, 0 to 1.
    """

    a: str
    b: str
    kind: CopyKind
    likeness: float
    confidence: float
    evidence: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """All copies of one story. ``why`` says why ``keep`` is the one to keep."""

    members: tuple[str, ...]
    keep: str
    why: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The outcome. ``unique`` are the ids to keep: one of each cluster, and all without a copy.

    ``matches`` are those within clusters. ``parts`` are no copies: a report, and a roundup that
    holds it next to others.
    """

    clusters: tuple[Cluster, ...]
    matches: tuple[Match, ...]
    unique: tuple[str, ...]
    parts: tuple[Match, ...] = ()
