"""Finds in an index the few documents that a text has to be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from cleaners.duplicates.candidates import LEAST_SHARE, LEAST_TERMS
from cleaners.duplicates.keys import Found, keys_of
from cleaners.duplicates.postings import Postings
from cleaners.duplicates.shelf import Sketches
from cleaners.duplicates.store import Row, Store
from cleaners.duplicates.words import Hashes


@dataclass(frozen=True, slots=True)
class Sought:
    """A text that is looked up: what stands in files under its keys, which are none of no words."""

    exact: int
    terms: int
    keys: Hashes
    found: Found | None


def sought(postings: Postings, of: Sketches) -> list[Sought]:
    """Looks some texts up in the files of an index, all at once."""
    keys = [keys_of(of, place) for place in range(len(of.exact))]
    speaking = np.flatnonzero(of.words > 0).tolist()
    found = iter(postings.found([keys[place] for place in speaking]) if speaking else [])
    counts = np.diff(of.first).tolist()
    exact = of.exact.astype(np.int64).tolist()
    has = (of.words > 0).tolist()
    return [
        Sought(exact[place], counts[place], keys[place], next(found) if has[place] else None)
        for place in range(len(keys))
    ]


def look_up(postings: Postings, store: Store, of: Sought) -> tuple[list[Row], Row | None]:
    """Documents worth a closer look, by number; and the one that speaks for what is equal."""
    if of.found is None:
        return [], None
    recent = postings.recent(of.found.useful)
    speaker = None
    for row in store.rows([*of.found.equal, *recent.equal]):
        if row.speaks and row.exact == of.exact:
            speaker = row
    rows = {it.number: it for it in store.rows([*of.found.near, *recent.near])}
    sharing = of.found.sharing | recent.sharing
    for row in store.rows([it for it in sharing if it not in rows]):
        least = max(LEAST_TERMS, ceil(LEAST_SHARE * min(row.terms, of.terms)))
        if sharing[row.number] >= least:
            rows[row.number] = row
    known = None if speaker is None else speaker.number
    return [it for _, it in sorted(rows.items()) if it.speaks and it.number != known], speaker
