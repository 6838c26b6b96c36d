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
    if len(sizes) == 1 and len(rows) <= _PORTION:
        return _alone(network, rows)
    sequence = np.arange(len(sizes)).repeat(sizes)
    starts = sizes.cumsum() - sizes
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


def _alone(network: Network, rows: Floats) -> Floats:
    """The same of one short sequence: the same products and sums in half of the time.

    The rows lie between rows of zeros, so that what stands before and after each of them is a view
    of the same memory, and all steps write where the last one did.
    """
    n, c = len(rows), network.inward[0].shape[1]
    whole, margin = _filled(n), max(network.dilations)
    laid = np.zeros((whole + 2 * margin, c), dtype=np.float32)
    x = laid[margin : margin + n]
    np.add(_times(_normalized(network, rows), network.inward[0])[:n], network.inward[1], out=x)
    np.maximum(x, 0, out=x)
    around = np.zeros((whole, 3 * c), dtype=np.float32)
    tiles, inner = around.reshape(-1, TILE, 3 * c), around[:n].reshape(n, 3, c)
    products = np.empty((whole // TILE, TILE, c), dtype=np.float32)
    change = products.reshape(whole, c)[:n]
    wide, half = x.strides[0], len(network.dilations) // 2
    for layer, step in enumerate(network.dilations):
        if layer == half:
            factor, term = _context(network, x, np.zeros(1, dtype=np.int64), np.array([n]))
            if factor is not None:
                x *= factor
            x += term
        strides = (wide, step * wide, x.itemsize)
        inner[:] = np.ndarray(inner.shape, x.dtype, laid, (margin - step) * wide, strides)
        np.matmul(tiles, network.middle[0][layer], out=products)
        change += network.middle[1][layer]
        np.maximum(change, 0, out=change)
        x += change
    weights, bias = network.outward
    return as_floats(_times(laid[margin : margin + whole], weights)[:n] + bias)


def _portions(rows: Floats) -> list[Floats]:
    return [rows[first : first + _PORTION] for first in range(0, len(rows), _PORTION)]


def _inward(network: Network, rows: Floats) -> Floats:
    found = _times(_normalized(network, rows), network.inward[0])[: len(rows)]
    found += network.inward[1]
    np.maximum(found, 0, out=found)
    return found


def _normalized(network: Network, rows: Floats) -> Floats:
    """Whole tiles of rows as they are given to the first channels."""
    x = np.zeros((_filled(len(rows)), rows.shape[1]), dtype=np.float32)
    filled = x[: len(rows)]
    np.subtract(rows, network.shift, out=filled)
    filled *= network.scale
    np.minimum(filled, FARTHEST, out=filled)
    np.maximum(filled, -FARTHEST, out=filled)
    return x


def _in_context(
    network: Network,
    x: Floats,
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    sequence: NDArray[np.int64],
) -> Floats:
    """The rows with what their whole sequence says of each channel."""
    factor, term = _context(network, x, starts, sizes)
    if factor is not None:
        x = x * factor[sequence]
    return as_floats(x + term[sequence])


def _context(
    network: Network, x: Floats, starts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[Floats | None, Floats]:
    """What each whole sequence says of each channel: a factor where there is one, and a term."""
    c = x.shape[1]
    pooled = np.zeros((_filled(len(sizes)), 2 * c), dtype=np.float32)
    mean = np.add.reduceat(x, starts, axis=0)
    np.divide(mean, sizes[:, None].astype(np.float32), out=pooled[: len(sizes), :c])
    pooled[: len(sizes), c:] = np.maximum.reduceat(x, starts, axis=0)
    context = _times(pooled, network.pooled[0])[: len(sizes)] + network.pooled[1]
    factor = 1 + np.tanh(context[:, :c]) if context.shape[1] > c else None
    return factor, np.maximum(context[:, -c:], 0)


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
    around[is_first.nonzero()[0], :c] = 0
    around[is_last.nonzero()[0], 2 * c :] = 0
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
