"""Which groups hang together: by union-find on one machine, or by joins that are iterated.

The joins alternate two steps, large star and small star (Kiveris and others, "Connected components
in MapReduce and beyond", 2014). Each hangs neighbors onto the least of them; when nothing changes,
each component is a star around its least number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaners.duplicates.words import Rows, mixed
from scraper.scale.stages.frame import Frame, Tables, column, table


def ends(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """The two groups of each verdict, to the bucket of the greater."""
    it = tables["verdicts"]
    a, b = column(it, "a"), column(it, "b")
    return {"edges": _edges(frame, np.maximum(a, b), np.minimum(a, b))}


def union(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """The component of each group, its least number; all verdicts of all buckets at once."""
    it = tables["edges"]
    return _labels(frame, *united(column(it, "u"), column(it, "v")))


def united(u: Rows, v: Rows) -> tuple[Rows, Rows]:
    """The numbers that stand in an edge, ascending, and the least that each hangs together with.

    >>> united(np.array([5, 9, 7]), np.array([2, 7, 8]))[1].tolist()
    [2, 2, 7, 7, 7]
    """
    numbers, place = np.unique(np.concatenate([u, v]), return_inverse=True)
    a, b = place[: len(u)], place[len(u) :]
    root = np.arange(len(numbers))
    while True:
        # Hang the greater root onto the lesser, then let everybody point at the root itself.
        low, high = np.minimum(root[a], root[b]), np.maximum(root[a], root[b])
        if (low == high).all():
            return numbers, numbers[root]
        np.minimum.at(root, high, low)
        while (root != root[root]).any():
            root = root[root]


def large_star(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """Hang each number's greater neighbors onto its least neighbor.

    ``both`` has each edge twice, once under either end.
    """
    u, v = _unique(tables["both"])
    least = _least(u, v)
    far = v > u
    return {"edges": _edges(frame, v[far], least[far])}


def small_star(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """Hang each number and its lesser neighbors onto the least; under the greater end."""
    u, v = _unique(tables["edges"])
    least = _least(u, v)
    heads = np.flatnonzero(np.append(True, u[1:] != u[:-1])) if len(u) else np.zeros(0, np.int64)
    one, other = np.concatenate([v, u[heads]]), np.concatenate([least, least[heads]])
    differs = one != other
    one, other = one[differs], other[differs]
    return {"edges": _edges(frame, one, other), "both": both_ways(frame, one, other)}


def doubled(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """Each edge under both of its ends."""
    return {"both": both_ways(frame, *_unique(tables["edges"]))}


def both_ways(frame: Frame, u: Rows, v: Rows) -> Any:
    return _edges(frame, np.concatenate([u, v]), np.concatenate([v, u]))


def stars(frame: Frame, bucket: int, tables: Tables) -> Tables:
    """The component of each group, when every edge leads to the least of its component."""
    u, v = _unique(tables["edges"])
    return _labels(frame, np.concatenate([u, v]), np.concatenate([v, v]))


def checksum(edges: Any) -> int:
    """The same for the same edges in whatever order; each counted once."""
    u, v = _unique(edges)
    total = mixed(mixed(u.astype(np.uint64)) + v.astype(np.uint64)).sum(dtype=np.uint64)
    return int(total >> np.uint64(1))


def _edges(frame: Frame, u: NDArray[Any], v: NDArray[Any]) -> Any:
    return table(u=u.astype(np.int64), v=v.astype(np.int64), to=frame.spread(u))


def _labels(frame: Frame, group: Rows, component: Rows) -> Tables:
    pairs = np.unique(np.stack([group, component], axis=1).reshape(-1, 2), axis=0)
    return {"labels": table(group=pairs[:, 0], component=pairs[:, 1], to=frame.home(pairs[:, 0]))}


def _unique(edges: Any) -> tuple[Rows, Rows]:
    """Each edge once, by its first end and then by its second."""
    pairs = np.stack([column(edges, "u"), column(edges, "v")], axis=1).reshape(-1, 2)
    pairs = np.unique(pairs.astype(np.int64), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _least(u: Rows, v: Rows) -> Rows:
    """For each edge the least of its first end and all of that end's neighbors."""
    if not len(u):
        return u
    heads = np.flatnonzero(np.append(True, u[1:] != u[:-1]))
    least = np.minimum(np.minimum.reduceat(v, heads), u[heads])
    found: Rows = np.repeat(least, np.diff(np.append(heads, len(u))))
    return found
