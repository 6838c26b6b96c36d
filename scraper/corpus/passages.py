"""Finds paragraphs that return in many rows of a corpus, and marks or removes them in each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from cleaners.duplicates import Document, Repeat, repeated_passages
from cleaners.duplicates.repeats import returning, without
from scraper.corpus.dedup import Asked, OnBad, Progress, Row, dedup, documents_of, rows_of

_AT_ONCE: Final = 200  # rows


@dataclass(frozen=True, slots=True)
class Passages:
    """What returns in ``least`` stories or more."""

    repeats: list[Repeat]
    least: int


def passages_of(
    inputs: list[Path], asked: Asked, least: int, on_bad: OnBad | None, progress: Progress
) -> Passages:
    """The paragraphs that return, the most text first.

    Copies of one story count once: all that they say returns, and is none of what is looked for.
    """
    found = dedup(inputs, asked, on_bad, progress).found
    story = {name: it.members[0] for it in found.clusters for name in it.members}
    # What is wrong with a row was told when they were read for the first time.
    documents = (it for it, _ in _documents(inputs, asked))
    return Passages(repeated_passages(documents, least=least, story=story), least)


def rows_with(inputs: list[Path], asked: Asked, of: Passages, is_removed: bool) -> Iterator[Row]:
    """The rows, each with the column ``repeated``: where in its text which paragraphs return.

    Where they are removed, their places are those in the text as it was.
    """
    rows = _documents(inputs, asked)
    while some := list(islice(rows, _AT_ONCE)):
        yield from _marked(some, asked.field, of, is_removed)


def _marked(
    some: Sequence[tuple[Document, Row]], field: str, of: Passages, is_removed: bool
) -> Iterator[Row]:
    texts = [it.text for it, _ in some]
    for (document, row), found in zip(some, returning(texts, of.repeats), strict=True):
        text = document.text
        repeated = [
            {
                "start": it.start,
                "end": it.end,
                "documents": it.documents,
                "text": text[it.start : it.end],
            }
            for it in found
        ]
        kept = without(text, found) if is_removed else text
        yield {**row, field: kept, "repeated": repeated}


def _documents(inputs: list[Path], asked: Asked) -> Iterator[tuple[Document, Row]]:
    def passed_over(place: str, detail: str) -> None:
        return None

    return documents_of(rows_of(inputs, passed_over), asked.field, passed_over)
