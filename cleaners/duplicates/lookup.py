"""Finds in an index the few documents that a text has to be compared with."""

from __future__ import annotations

from math import ceil

from cleaners.duplicates.candidates import LEAST_SHARE, LEAST_TERMS
from cleaners.duplicates.postings import Postings, keys_of
from cleaners.duplicates.shelf import Sketches
from cleaners.duplicates.store import Row, Store


def exact_of(of: Sketches, place: int) -> int:
    """What a text says, as SQLite can hold it."""
    return int(of.exact[place].astype("int64"))


def terms_of(of: Sketches, place: int) -> int:
    """How many terms a text has."""
    return int(of.first[place + 1] - of.first[place])


def look_up(
    postings: Postings, store: Store, of: Sketches, place: int
) -> tuple[list[Row], Row | None]:
    """Documents worth a closer look, by number; and the one that speaks for what is equal."""
    if not of.words[place]:
        return [], None
    found = postings.found(keys_of(of, place))
    exact = exact_of(of, place)
    speaker = None
    for row in store.rows(found.equal):
        if row.speaks and row.exact == exact:
            speaker = row
    rows = {it.number: it for it in store.rows(found.near)}
    terms = terms_of(of, place)
    for row in store.rows([it for it in found.sharing if it not in rows]):
        least = max(LEAST_TERMS, ceil(LEAST_SHARE * min(row.terms, terms)))
        if found.sharing[row.number] >= least:
            rows[row.number] = row
    known = None if speaker is None else speaker.number
    return [it for _, it in sorted(rows.items()) if it.speaks and it.number != known], speaker
