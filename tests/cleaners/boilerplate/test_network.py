"""The numpy network: shapes, locality, and a file that gives back what was put in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cleaners.boilerplate.network import Network, load, logits, mean_logits, save
from cleaners.errors import BadData


def network(seed: int = 0, f: int = 5, c: int = 6) -> Network:
    chance = np.random.default_rng(seed)

    def some(*shape: int) -> np.ndarray:
        return chance.normal(0, 0.3, shape).astype(np.float16).astype(np.float32)

    return Network(
        features=tuple("abcde"[:f]),
        heads=("kept", "heading"),
        classes=("article", "forum", "product"),
        dilations=(1, 2, 4, 8),
        shift=some(f),
        scale=np.ones(f, dtype=np.float32),
        inward=(some(f, c), some(c)),
        middle=(some(4, 3 * c, c), some(4, c)),
        pooled=(some(2 * c, 2 * c), some(2 * c)),
        outward=(some(c, 2), some(2)),
        whole=(some(2 * c, 3), some(3)),
    )


@pytest.mark.parametrize("n", [1, 2, 3, 8, 9, 100])
def test_any_number_of_rows_is_read(n: int) -> None:
    rows = np.random.default_rng(n).normal(size=(n, 5)).astype(np.float32)
    of_rows, of_whole = logits(network(), rows)
    assert of_rows.shape == (n, 2)
    assert of_whole.shape == (3,)
    assert np.isfinite(of_rows).all()


def test_layers_are_the_convolution_that_they_are_said_to_be() -> None:
    """The same sums, row by row in plain loops."""
    net, rows = network(), np.random.default_rng(3).normal(size=(21, 5)).astype(np.float32)
    x = np.maximum((rows - net.shift) @ net.inward[0] + net.inward[1], 0)
    c = x.shape[1]
    for layer, step in enumerate(net.dilations):
        if layer == 2:
            context = np.concatenate([x.mean(0), x.max(0)]) @ net.pooled[0] + net.pooled[1]
            x = x * (1 + np.tanh(context[:c])) + np.maximum(context[c:], 0)
        out = x.copy()
        for row in range(len(x)):
            total = net.middle[1][layer].copy()
            for part, at in enumerate((row - step, row, row + step)):
                if 0 <= at < len(x):
                    total += x[at] @ net.middle[0][layer][part * c : (part + 1) * c]
            out[row] += np.maximum(total, 0)
        x = out
    assert np.allclose(logits(net, rows)[0], x @ net.outward[0] + net.outward[1], atol=1e-4)


def test_values_that_are_no_numbers_do_no_harm() -> None:
    rows = np.full((4, 5), np.nan, dtype=np.float32)
    rows[0, 0] = np.inf
    assert np.isfinite(logits(network(), rows)[0]).all()


def test_a_file_gives_back_what_was_put_in_and_is_the_same_bytes_again(tmp_path: Path) -> None:
    nets = [network(1), network(2)]
    save(nets, tmp_path / "a.npz")
    save(nets, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    rows = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
    read = load(tmp_path / "a.npz")
    assert read[0].features == nets[0].features
    assert np.allclose(mean_logits(read, rows)[0], mean_logits(nets, rows)[0], atol=1e-5)


def test_a_file_that_is_no_network_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(b"no zip file")
    with pytest.raises(BadData, match="no network"):
        load(tmp_path / "x.npz")
