"""Reads documents and puts down in columns what is needed to find copies among them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.fingerprint import BANDS, fingerprints
from cleaners.duplicates.keep import has_agency
from cleaners.duplicates.results import Document
from cleaners.duplicates.skim import skim
from cleaners.duplicates.spool import Spool
from cleaners.duplicates.terms import terms
from cleaners.duplicates.words import Hashes, Rows, Words, words
from cleaners.errors import BadDocument

Progress = Callable[[str, int], None]
Given = Document | tuple[str, str] | Mapping[str, Any]

# Characters that are read into words at once: the columns of so many stay in a core's second cache.
_PORTION: Final = 200_000


@dataclass(frozen=True, slots=True)
class Sketches:
    """What is known of n texts: ``exact`` (n), ``words`` (n), ``bands`` (n x 32), ``terms``.

    The terms of text i are ``terms[first[i]:first[i + 1]]``, ascending.
    """

    exact: Hashes
    words: Rows
    bands: NDArray[np.uint32]
    terms: NDArray[np.uint32]
    first: Rows


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known about a document besides its text."""

    published: datetime | None
    url: str | None
    canonical: str | None
    agency: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """Documents by number. ``marks`` has an entry only where something is known."""

    ids: list[str]
    lengths: array[int]
    marks: dict[int, Mark]
    sketches: Sketches

    def times(self) -> NDArray[np.float64]:
        """Seconds since 1970 when each was published; NaN where it is not known."""
        found = np.full(len(self.ids), np.nan)
        for number, mark in self.marks.items():
            if mark.published is not None:
                found[number] = seconds(mark.published)
        return found


def seconds(moment: datetime) -> float:
    """Seconds since 1970; a moment without a time zone counts as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def sketches(texts: list[str], *, with_terms: bool = True) -> Sketches:
    """The sketches of some texts; without terms where only near copies are wanted."""
    of = words(texts) if with_terms else skim(texts)
    prints = fingerprints(of)
    keys, first = terms(of) if isinstance(of, Words) else _no_terms(len(texts))
    return Sketches(prints.exact, of.counts, prints.bands, keys, first)


def nothing() -> Sketches:
    """The sketches of no text."""
    empty = np.zeros(0, dtype=np.int64)
    bands = np.zeros((0, BANDS), dtype=np.uint32)
    return Sketches(
        empty.astype(np.uint64), empty, bands, empty.astype(np.uint32), np.zeros(1, dtype=np.int64)
    )


def _no_terms(count: int) -> tuple[NDArray[np.uint32], Rows]:
    return np.zeros(0, dtype=np.uint32), np.zeros(count + 1, dtype=np.int64)


def gather(
    documents: Iterable[Given], spool: Spool, progress: Progress, *, with_terms: bool = True
) -> Shelf:
    """Reads all documents once; their texts go into the spool.

    Raises:
        BadDocument: a document without an id or a text, or two under one id.
    """
    ids: list[str] = []
    seen: set[str] = set()
    lengths = array("q")
    marks: dict[int, Mark] = {}
    parts: list[Sketches] = []
    for portion in portions(documents):
        for it in portion:
            if it.id in seen:
                raise BadDocument(it.id, "two documents have this id")
            seen.add(it.id)
            agency = has_agency(it.agency, it.text)
            if agency or it.published or it.url or it.canonical:
                marks[len(ids)] = Mark(it.published, it.url, it.canonical, agency)
            ids.append(it.id)
            lengths.append(len(it.text))
        texts = [it.text for it in portion]
        spool.add(texts)
        parts.append(sketches(texts, with_terms=with_terms))
        progress("read", len(ids))
    return Shelf(ids, lengths, marks, _joined(parts))


def portions(documents: Iterable[Given]) -> Iterator[list[Document]]:
    """Documents in lists of about 200,000 characters."""
    portion: list[Document] = []
    size = 0
    for it in documents:
        document = Document.of(it)
        portion.append(document)
        size += len(document.text) + 100
        if size > _PORTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _joined(parts: list[Sketches]) -> Sketches:
    if not parts:
        return nothing()
    first = np.append(0, np.cumsum(np.concatenate([np.diff(it.first) for it in parts])))
    exact = np.concatenate([it.exact for it in parts])
    counts = np.concatenate([it.words for it in parts])
    # The two large columns one after the other, so that never both are in memory twice.
    columns = [(it.bands, it.terms) for it in parts]
    parts.clear()
    bands = np.concatenate([it for it, _ in columns])
    terms = np.concatenate([it for _, it in columns])
    return Sketches(exact, counts, bands, terms, first)
