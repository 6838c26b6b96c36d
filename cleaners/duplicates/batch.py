"""Finds all copies in a batch of documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

import numpy as np

from cleaners.duplicates.fingerprint import fingerprints, shingles
from cleaners.duplicates.results import (
    Cluster,
    CopyKind,
    Document,
    Duplicates,
    Match,
    Threshold,
)
from cleaners.duplicates.words import words
from cleaners.errors import BadDocument

ALL_KINDS: Final = frozenset(CopyKind)


def deduplicate(
    documents: Iterable[Document | tuple[str, str] | Mapping[str, Any]],
    *,
    threshold: Threshold = Threshold.NORMAL,
    kinds: frozenset[CopyKind] = ALL_KINDS,
    window: timedelta | None = None,
    evidence: bool = True,
) -> Duplicates:
    """All copies among the documents, the clusters that they form, and what to keep.

    With a ``window``, two documents that were both published at a known time are compared only
    if they lie no farther apart. ``evidence=False`` saves the time and the memory for passages.

    Raises:
        BadDocument: a document without an id or a text, or two under one id.

    >>> deduplicate([("a", "It rained."), ("b", "It rained!"), ("c", "Sun.")]).unique
    ('a', 'c')
    """
    found: dict[str, Document] = {}
    for it in documents:
        document = Document.of(it)
        if document.id in found:
            raise BadDocument(document.id, "two documents have this id")
        found[document.id] = document
    return _clustered(found, _matches(list(found.values()), kinds))


def _matches(documents: list[Document], kinds: frozenset[CopyKind]) -> list[Match]:
    of = words([it.text for it in documents])
    prints, (keys, first) = fingerprints(of), shingles(of)
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, bands in enumerate(prints.bands.tolist()):
        if of.first[row] < of.first[row + 1]:
            for band, key in enumerate(bands):
                groups[band, key].append(row)
    pairs = {(a, b) for rows in groups.values() for a, b in zip(rows, rows[1:], strict=False)}
    matches = []
    for a, b in sorted(pairs):
        one, other = (np.unique(keys[first[row] : first[row + 1]]) for row in (a, b))
        shared = len(np.intersect1d(one, other, assume_unique=True))
        likeness = shared / min(len(one), len(other))
        kind = CopyKind.EXACT if prints.exact[a] == prints.exact[b] else CopyKind.NEAR
        if shared / (len(one) + len(other) - shared) >= 0.5 and kind in kinds:
            ids = sorted((documents[a].id, documents[b].id))
            matches.append(Match(ids[0], ids[1], kind, likeness, 1.0))
    return matches


def _clustered(documents: Mapping[str, Document], matches: list[Match]) -> Duplicates:
    root = {it: it for it in documents}

    def top(it: str) -> str:
        while root[it] != it:
            it = root[it]
        return it

    for match in matches:
        root[top(match.b)] = top(match.a)
    members: dict[str, list[str]] = defaultdict(list)
    for it in documents:
        members[top(it)].append(it)
    clusters = []
    for name, group in members.items():
        if len(group) > 1:
            keep = max(group, key=lambda it: len(documents[it].text))
            held = tuple(it for it in matches if top(it.a) == name)
            clusters.append(Cluster(tuple(group), keep, "most complete", held))
    dropped = {it for cluster in clusters for it in cluster.members if it != cluster.keep}
    unique = tuple(it for it in documents if it not in dropped)
    return Duplicates(tuple(clusters), tuple(matches), unique)
