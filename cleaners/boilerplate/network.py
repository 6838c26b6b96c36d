"""A small convolution over a sequence of feature rows, in numpy alone: lines or blocks to logits.

It reads weights that ``training/sequence_network.py`` has learned. Cost is linear in the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from cleaners.errors import BadData

Floats: TypeAlias = NDArray[np.float32]

FORMAT = 1
# Inputs are cut off here after normalization, so that no strange page leaves what was trained on.
FARTHEST = 8.0  # standard deviations
MOST_PRODUCTS = 2**18
# So many rows are worked on at once: a page of many thousands would take much memory otherwise.
PORTION = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A dilated one-dimensional convolution with residual layers (after Bai, Kolter, Koltun 2018).

    ``shift`` and ``scale``, float32 [f], normalize the rows. ``inward`` [f, c] leads to ``c``
    channels. Layer ``i`` of ``middle`` [l, 3 c, c] looks at the row itself and at those
    ``dilations[i]`` before and after it. ``pooled`` [2 c, 2 c] turns the mean and the maximum over
    all rows into a factor and a term for each channel (FiLM, Perez et al. 2018); with c
    columns there is the term alone. ``outward``
    [c, h] leads to one logit for each of ``heads``, and ``whole`` [2 c, k] from the pooled
    channels to one for each of ``classes`` (there may be none). Each matrix has its bias.
    """

    features: tuple[str, ...]
    heads: tuple[str, ...]
    classes: tuple[str, ...]
    dilations: tuple[int, ...]
    shift: Floats
    scale: Floats
    inward: tuple[Floats, Floats]
    middle: tuple[Floats, Floats]
    pooled: tuple[Floats, Floats]
    outward: tuple[Floats, Floats]
    whole: tuple[Floats, Floats]


def logits(network: Network, rows: Floats) -> tuple[Floats, Floats]:
    """What the network says of each row, float32 [n, h], and of the whole sequence, [k].

    ``rows`` is float32 [n, f] with n >= 1, its columns in the order of ``network.features``;
    values that are not finite count as 0.
    """
    n, c = len(rows), network.inward[0].shape[1]
    x: Floats = np.empty((n, c), dtype=np.float32)
    for start in range(0, n, PORTION):
        x[start : start + PORTION] = _inward(network, rows[start : start + PORTION])
    half = len(network.dilations) // 2
    for layer, step in enumerate(network.dilations):
        if layer == half:
            mean_max = _pool(x)
            context = mean_max @ network.pooled[0] + network.pooled[1]
            if len(context) > c:
                x = x * (1 + np.tanh(context[:c]))
            x = x + np.maximum(context[-c:], 0)
        after = np.empty_like(x)
        for start in range(0, n, PORTION):
            change = _times(_around(x, start, step), network.middle[0][layer])
            change += network.middle[1][layer]
            np.maximum(change, 0, out=change)
            np.add(x[start : start + PORTION], change, out=after[start : start + PORTION])
        x = after
    of_rows = x @ network.outward[0] + network.outward[1]
    of_whole = _pool(x) @ network.whole[0] + network.whole[1]
    return as_floats(of_rows), as_floats(of_whole)


def _inward(network: Network, rows: Floats) -> Floats:
    """Rows as they are given to the first channels."""
    if not np.isfinite(rows).all():
        rows = np.nan_to_num(rows, nan=0.0, posinf=0.0, neginf=0.0)
    x: Floats = rows - network.shift
    x *= network.scale
    # np.clip, np.mean and their like cost more than the work itself on a text of thirty lines.
    np.minimum(x, FARTHEST, out=x)
    np.maximum(x, -FARTHEST, out=x)
    found = _times(x, network.inward[0]) + network.inward[1]
    np.maximum(found, 0, out=found)
    return as_floats(found)


def _around(x: Floats, start: int, step: int) -> Floats:
    """A portion of the rows from ``start`` on, each with the one ``step`` before it and after it;
    zeros where there is none."""
    n, c = x.shape
    stop = min(n, start + PORTION)
    around = np.zeros((stop - start, 3 * c), dtype=np.float32)
    around[:, c : 2 * c] = x[start:stop]
    first, last = max(start, step), min(stop, n - step)
    if first < stop:
        around[first - start :, :c] = x[first - step : stop - step]
    if last > start:
        around[: last - start, 2 * c :] = x[start + step : last + step]
    return around


def mean_logits(networks: Sequence[Network], rows: Floats) -> tuple[Floats, Floats]:
    """The same for several networks that were trained from different seeds, averaged."""
    if len(networks) == 1:
        return logits(networks[0], rows)
    found = [logits(network, rows) for network in networks]
    of_rows = np.mean([it[0] for it in found], axis=0)
    of_whole = np.mean([it[1] for it in found], axis=0)
    return as_floats(of_rows), as_floats(of_whole)


def as_floats(values: NDArray[np.floating]) -> Floats:
    return values.astype(np.float32, copy=False)


def _times(x: Floats, matrix: Floats) -> Floats:
    """The product of many rows with a small matrix, a few rows at a time.

    OpenBLAS starts a thread for each core at a product of more than 2**18 multiplications
    (interface/gemm.c); to wait for them took up to a hundred times as long as the product itself.
    """
    n, c = x.shape
    rows = max(1, MOST_PRODUCTS // matrix.size)
    if n <= rows:
        return as_floats(x @ matrix)
    full = n // rows * rows
    out = np.empty((n, matrix.shape[1]), dtype=np.float32)
    np.matmul(
        x[:full].reshape(-1, rows, c), matrix, out=out[:full].reshape(-1, rows, matrix.shape[1])
    )
    np.matmul(x[full:], matrix, out=out[full:])
    return out


def _pool(x: Floats) -> Floats:
    mean = np.add.reduce(x, axis=0) / np.float32(len(x))
    return as_floats(np.concatenate([mean, np.maximum.reduce(x, axis=0)]))


_MATRICES = ("inward", "middle", "pooled", "outward", "whole")
_WORDS = ("features", "heads", "classes")


def save(networks: Sequence[Network], path: Path) -> None:
    """Writes networks into one ``.npz`` of plain arrays, the same bytes for the same weights."""
    arrays: dict[str, NDArray[np.generic]] = {"format": np.array([FORMAT, len(networks)])}
    for number, network in enumerate(networks):
        for name in _WORDS:
            arrays[f"{number}.{name}"] = np.array(getattr(network, name), dtype=np.str_)
        arrays[f"{number}.dilations"] = np.array(network.dilations, dtype=np.int32)
        arrays[f"{number}.shift"] = network.shift
        arrays[f"{number}.scale"] = network.scale
        for name in _MATRICES:
            weights, bias = getattr(network, name)
            arrays[f"{number}.{name}"] = weights.astype(np.float16)
            arrays[f"{number}.{name}.bias"] = bias
    # numpy stamps each member with the first day that zip files know: the bytes do not change.
    np.savez(path, allow_pickle=False, **arrays)


def load(path: Path) -> tuple[Network, ...]:
    """The networks of a file that ``save`` wrote; ``BadData`` when it is none."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            if int(arrays["format"][0]) != FORMAT:
                raise BadData(str(path), f"format {arrays['format'][0]}, expected {FORMAT}")
            return tuple(_read(arrays, str(number)) for number in range(int(arrays["format"][1])))
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise BadData(str(path), f"no network file: {error}") from error


def _read(arrays: np.lib.npyio.NpzFile, number: str) -> Network:
    def floats(name: str) -> Floats:
        return np.ascontiguousarray(arrays[f"{number}.{name}"], dtype=np.float32)

    def pair(name: str) -> tuple[Floats, Floats]:
        return floats(name), floats(f"{name}.bias")

    return Network(
        features=tuple(arrays[f"{number}.features"].tolist()),
        heads=tuple(arrays[f"{number}.heads"].tolist()),
        classes=tuple(arrays[f"{number}.classes"].tolist()),
        dilations=tuple(arrays[f"{number}.dilations"].tolist()),
        shift=floats("shift"),
        scale=floats("scale"),
        inward=pair("inward"),
        middle=pair("middle"),
        pooled=pair("pooled"),
        outward=pair("outward"),
        whole=pair("whole"),
    )
