"""Which documents are one: under one id, and equal word for word."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow

from cleaners.duplicates.batch import grouped
from cleaners.duplicates.results import Document
from cleaners.duplicates.shelf import Mark, Shelf, Sketches, nothing
from scraper.scale.stages.frame import TO, Frame, Tables, bucket_of, column, table

# What is known of a document besides its text; all that the search for copies asks for.
KNOWN = ("id", "url", "canonical", "published", "exact", "words", "characters", "wire")


def names(frame: Frame, leaf: int, tables: Tables) -> Tables:
    """The documents of a leaf, each to the bucket of its id."""
    it = tables["leaf"].select(KNOWN)
    ids = it.column("id").to_pylist()
    hashes = np.array([_hash(name) for name in ids], dtype=np.uint64)
    documents = np.arange(len(ids), dtype=np.uint64) + np.uint64(frame.leaves[leaf])
    it = it.append_column("document", pyarrow.array(documents))
    return {"ids": it.append_column(TO, pyarrow.array(frame.spread(hashes)))}


def _hash(name: str) -> int:
    # FNV-1a (Fowler, Noll, Vo): Python's own hash of a text is another in every process.
    value = 0xCBF29CE484222325
    for byte in name.encode("utf-8", "surrogatepass"):
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def same(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """Of documents under one id the first goes on, to the bucket of what it says.

    The others are ``again``: to their leaves.
    """
    it = tables["ids"].sort_by("document")
    firsts: set[str] = set()
    fresh = []
    for name in it.column("id").to_pylist():
        fresh.append(name not in firsts)
        firsts.add(name)
    mask = np.array(fresh, dtype=bool)
    going, again = it.filter(pyarrow.array(mask)), it.filter(pyarrow.array(~mask))
    to = bucket_of(column(going, "exact"), frame.buckets)
    leaves = frame.leaf_of(column(again, "document"))
    return {
        "documents": going.append_column(TO, pyarrow.array(to)),
        "again": again.select(["document"]).append_column(TO, pyarrow.array(leaves)),
    }


def groups(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """The documents of a bucket in groups of equal texts, group after group.

    ``local`` counts the groups of this bucket, ``place`` its documents in that order. To each leaf
    goes which group its documents are of, and which of them speak for it.
    """
    it = tables["documents"].sort_by("document")
    found = grouped(shelf_of(it), frame.copies.window)
    ordered = it.take(pyarrow.array(found.order))
    speaks = np.zeros(len(found.order), dtype=bool)
    speaks[found.starts] = True
    documents = column(ordered, "document")
    home = table(
        document=documents,
        bucket=np.full(len(documents), bucket, dtype=np.int32),
        local=found.number.astype(np.uint32),
        speaks=speaks,
        to=frame.leaf_of(documents),
    )
    local = pyarrow.array(found.number.astype(np.uint32))
    place = pyarrow.array(np.arange(len(documents), dtype=np.uint32))
    kept = ordered.append_column("local", local).append_column("place", place)
    return {"groups": kept, "home": home}


def shelf_of(documents: Any) -> Shelf:
    """The documents of a table as a batch knows them; without bands and terms."""
    rows = documents.select(["id", "url", "canonical", "published", "wire"]).to_pylist()
    marks = {}
    for number, it in enumerate(rows):
        known = Document.of({**it, "text": ""})
        if it["wire"] or known.published or known.url or known.canonical:
            marks[number] = Mark(known.published, known.url, known.canonical, it["wire"])
    none = nothing()
    sketches = Sketches(
        column(documents, "exact"),
        column(documents, "words").astype(np.int64),
        none.bands,
        none.terms,
        np.zeros(len(rows) + 1, dtype=np.int64),
    )
    lengths = column(documents, "characters").tolist()
    return Shelf([it["id"] for it in rows], lengths, marks, sketches)
