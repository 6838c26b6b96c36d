"""What a batch puts aside while it searches comes back as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaners.duplicates.candidates as candidates
import cleaners.duplicates.sheets as module
from cleaners.duplicates import Document, deduplicate
from cleaners.duplicates.candidates import packed, sharing, sharing_parts
from cleaners.duplicates.provenance import Provenance
from cleaners.duplicates.sheets import Sheets
from cleaners.duplicates.spool import Spool
from cleaners.errors import BadDocument


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=8), st.integers(0, 2**32))
def test_bands_and_terms_come_back(sizes: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    bands, terms, owners = [], [], []
    with pytest.MonkeyPatch.context() as patch, Sheets() as sheets:
        patch.setattr(module, "_TEXTS", 50)
        for size in sizes:
            counts = random.integers(0, 5, size)
            bands.append(random.integers(0, 2**32, (size, 32), dtype=np.uint32))
            terms.append(random.integers(0, 2**32, counts.sum(), dtype=np.uint32))
            owners.append(np.repeat(np.arange(size), counts) + sum(map(len, bands[:-1])))
            sheets.add(bands[-1], terms[-1], counts)
        for band in (0, 7, 31):
            column = np.concatenate([it[:, band] for it in bands]) if bands else np.zeros(0)
            assert sheets.band(band).tolist() == column.tolist()
        found = [np.sort(it) for it in sheets.by_term()]
        assert len(found) == 64
        wanted = packed(*map(np.concatenate, (terms, owners))) if terms else np.zeros(0)
        # Parts follow each other, so that no term stands in two of them.
        assert np.concatenate(found).tolist() == wanted.tolist()
        assert sheets.terms == len(wanted)


def test_pairs_do_not_depend_on_the_parts_in_which_they_are_counted() -> None:
    random = np.random.default_rng(5)
    keys = random.integers(0, 900, 30_000).astype(np.uint32)
    column = packed(keys, random.integers(0, 2000, len(keys)))
    column = column[np.append(True, column[1:] != column[:-1])]
    counts = np.bincount((column & np.uint64(0xFFFFFFFF)).astype(np.int64), minlength=2000)
    at_once = np.sort(np.concatenate(list(sharing(column, counts))))
    assert len(at_once) > 100
    edges = np.searchsorted(column >> np.uint64(32), np.array([100, 500], dtype=np.uint64))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_ROWS", 700)
        patch.setattr(candidates, "_BLOCK", 3000)
        parts = sharing_parts(np.split(column, edges), len(column), counts)
        in_parts = np.sort(np.concatenate(list(parts)))
    assert (at_once == in_parts).all()


def test_what_is_known_of_a_document_comes_back() -> None:
    moments = [
        None,
        datetime(2026, 3, 1, 12, 30, 59, 123456, tzinfo=UTC),
        datetime(2026, 3, 1),
        datetime.min,
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=12))),
    ]
    documents = [Document(f"{at}", "Rain.", published=it) for at, it in enumerate(moments)]
    documents.append(Document("b", "Rain.", url="u\n\x00", canonical="ü", agency="dpa"))
    with Spool() as spool:
        known = Provenance(spool)
        known.add(documents)
        assert known.get(0).published is None
        assert known.get(1).published == moments[1]
        assert known.get(2).published == datetime(2026, 3, 1, tzinfo=UTC)
        for far in (3, 4, 5):
            assert known.get(far).published is not None
        last = known.get(6)
        assert (last.url, last.canonical, last.agency) == ("u\n\x00", "ü", True)
        assert np.isnan(known.times()).tolist() == [True, *[False] * 5, True]


def test_an_id_that_comes_twice_is_named() -> None:
    with pytest.raises(BadDocument, match="two documents") as caught:
        deduplicate([("a", "Rain."), ("b", "Snow."), ("b", "Sun.")])
    assert caught.value.where == "b"
