"""What a network says of many sequences laid end to end, each as if it stood alone.

To the last bit: all products have one shape, whatever there is to multiply, and sums run over one
sequence in the order of its rows. So a text gets the same word alone and among a hundred others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaners.boilerplate.network import FARTHEST, Floats, Network, as_floats

# Rows in each product. A product with the widest matrix stays below the size from which OpenBLAS
# wakes its threads (cleaners.boilerplate.network.MOST_PRODUCTS).
TILE = 24
# Rows that are worked on at once, so that they stay in the cache.
_PORTION = 42 * TILE


def joined_logits(network: Network, rows: Floats, sizes: NDArray[np.int64]) -> Floats:
    """What ``network.logits`` says of the rows, float32 [n, h], for sequences of ``sizes`` rows.

    ``rows`` is float32 [n, f], finite, with n the sum of ``sizes``, each of them at least 1.
    """
    sequence = np.repeat(np.arange(len(sizes)), sizes)
    starts = np.cumsum(sizes) - sizes
    before = np.arange(len(rows)) - starts[sequence]
    after = sizes[sequence] - 1 - before
    x = as_floats(np.concatenate([_inward(network, it) for it in _portions(rows)]))
    half = len(network.dilations) // 2
    for layer, step in enumerate(network.dilations):
        if layer == half:
            x = _in_context(network, x, starts, sizes, sequence)
        change = np.empty_like(x)
        for first in range(0, len(x), _PORTION):
            some = slice(first, first + _PORTION)
            around = _around(x, some, step, before[some] < step, after[some] < step)
            change[some] = _times(around, network.middle[0][layer])[: len(x) - first]
        change += network.middle[1][layer]
        np.maximum(change, 0, out=change)
        x += change
    weights, bias = network.outward
    return as_floats(_times(_padded(x), weights)[: len(x)] + bias)


def _portions(rows: Floats) -> list[Floats]:
    return [rows[first : first + _PORTION] for first in range(0, len(rows), _PORTION)]


def _inward(network: Network, rows: Floats) -> Floats:
    x = _padded(rows - network.shift)
    x *= network.scale
    np.minimum(x, FARTHEST, out=x)
    np.maximum(x, -FARTHEST, out=x)
    found = _times(x, network.inward[0])[: len(rows)]
    found += network.inward[1]
    np.maximum(found, 0, out=found)
    return found


def _in_context(
    network: Network,
    x: Floats,
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    sequence: NDArray[np.int64],
) -> Floats:
    """The rows with what their whole sequence says of each channel."""
    c = x.shape[1]
    mean = np.add.reduceat(x, starts, axis=0) / sizes[:, None].astype(np.float32)
    pooled = np.concatenate([mean, np.maximum.reduceat(x, starts, axis=0)], axis=1)
    context = _times(_padded(pooled), network.pooled[0])[: len(sizes)] + network.pooled[1]
    if context.shape[1] > c:
        x = x * (1 + np.tanh(context[:, :c]))[sequence]
    return as_floats(x + np.maximum(context[:, -c:], 0)[sequence])


def _around(
    x: Floats,
    some: slice,
    step: int,
    is_first: NDArray[np.bool_],
    is_last: NDArray[np.bool_],
) -> Floats:
    """A portion of the rows, each with the one ``step`` before it and after it in its sequence;
    zeros where there is none. Filled up with zeros to whole tiles."""
    n, c = x.shape
    start, stop = some.start, min(n, some.stop)
    around = np.zeros((_filled(stop - start), 3 * c), dtype=np.float32)
    around[: stop - start, c : 2 * c] = x[start:stop]
    first, last = max(start, step), min(stop, n - step)
    if first < stop:
        around[first - start : stop - start, :c] = x[first - step : stop - step]
    if last > start:
        around[: last - start, 2 * c :] = x[start + step : last + step]
    around[np.flatnonzero(is_first), :c] = 0
    around[np.flatnonzero(is_last), 2 * c :] = 0
    return around


def _filled(rows: int) -> int:
    return -(-rows // TILE) * TILE


def _padded(rows: Floats) -> Floats:
    whole = _filled(len(rows))
    if whole == len(rows):
        return rows
    return as_floats(
        np.concatenate([rows, np.zeros((whole - len(rows), rows.shape[1]), np.float32)])
    )


def _times(tiles: Floats, matrix: Floats) -> Floats:
    """The product of whole tiles of rows with a small matrix."""
    product = np.matmul(tiles.reshape(-1, TILE, tiles.shape[1]), matrix)
    return as_floats(product.reshape(len(tiles), matrix.shape[1]))
