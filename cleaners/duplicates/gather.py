"""Reads all documents of a batch once; what is not needed at every moment goes to the disk."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from cleaners.duplicates.provenance import Provenance
from cleaners.duplicates.sheets import Sheets
from cleaners.duplicates.shelf import Given, Progress, Shelf, Sketches, nothing, portions, sketches
from cleaners.duplicates.spool import Spool
from cleaners.errors import BadDocument


def gather(
    documents: Iterable[Given],
    texts: Spool,
    known: Provenance,
    sheets: Sheets,
    progress: Progress,
    with_terms: bool,
) -> Shelf:
    """The documents on a shelf; their texts, marks, bands and terms go where they are told to.

    Raises:
        BadDocument: a document without an id or a text, or two under one id.
    """
    ids: list[str] = []
    lengths = array("q")
    parts: list[Sketches] = []
    empty = nothing()
    for portion in portions(documents):
        bodies = [it.text for it in portion]
        of = sketches(bodies, with_terms=with_terms)
        sheets.add(of.bands, of.terms, np.diff(of.first))
        parts.append(Sketches(of.exact, of.words, empty.bands, empty.terms, np.diff(of.first)))
        texts.add(bodies)
        known.add(portion)
        ids += [it.id for it in portion]
        lengths.extend(map(len, bodies))
        progress("read", len(ids))
    _no_two_alike(ids)
    if not parts:
        return Shelf(ids, lengths, known, empty)
    first = np.append(0, np.cumsum(np.concatenate([it.first for it in parts])))
    exact = np.concatenate([it.exact for it in parts])
    words = np.concatenate([it.words for it in parts])
    return Shelf(ids, lengths, known, Sketches(exact, words, empty.bands, empty.terms, first))


def _no_two_alike(ids: list[str]) -> None:
    # At the end, when nothing large is in memory yet: it costs as much as all that is kept of them.
    if len(set(ids)) == len(ids):
        return
    seen: set[str] = set()
    for it in ids:
        if it in seen:
            raise BadDocument(it, "two documents have this id")
        seen.add(it)
