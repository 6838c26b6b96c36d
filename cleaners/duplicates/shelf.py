"""Reads documents and puts down in columns what is needed to find copies among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.fingerprint import BANDS, fingerprints
from cleaners.duplicates.results import Document
from cleaners.duplicates.skim import skim
from cleaners.duplicates.terms import terms
from cleaners.duplicates.words import Hashes, Rows, Words, words

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


class Marked(Protocol):
    """What is known about documents that are too many for a mapping."""

    def get(self, number: int, /) -> Mark | None:
        """What is known about a document; None where nothing is."""

    def times(self) -> NDArray[np.float64]:
        """Seconds since 1970 when each was published; NaN where it is not known."""


Marks = Mapping[int, Mark] | Marked


@dataclass(frozen=True, slots=True)
class Shelf:
    """Documents by number. Of the sketches, bands and terms may be elsewhere."""

    ids: list[str]
    lengths: Sequence[int]
    marks: Marks
    sketches: Sketches

    def times(self) -> NDArray[np.float64]:
        """Seconds since 1970 when each was published; NaN where it is not known."""
        if not isinstance(self.marks, Mapping):
            return self.marks.times()
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
