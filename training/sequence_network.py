"""Trains a ``cleaners.boilerplate.network.Network`` in PyTorch; the same data give the same bytes.

PyTorch is needed here and nowhere else (``pip install 'winnow-news[training]'``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from cleaners.boilerplate.network import FARTHEST, Floats, Network


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One text or page: ``rows`` [n, f], ``targets`` 0 to 1 [n, h], ``weights`` [n, h].

    A weight of 0 leaves a row out of the loss. ``whole`` is the class of the sequence, -1 where it
    is not known. ``importance`` scales what the whole example counts for.
    """

    rows: Floats
    targets: Floats
    weights: Floats
    whole: int = -1
    importance: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. ``longest``: longer sequences are cut to a window of so many rows, anew at
    each epoch. ``overlap`` weighs a soft F1 over the rows of the first head against the
    cross entropy. ``dropout`` blanks whole columns of the input as well as channels."""

    channels: int = 40
    dilations: tuple[int, ...] = (1, 2, 4, 8)
    epochs: int = 20
    batch_rows: int = 8000
    rate: float = 3e-3
    decay: float = 1e-2
    dropout: float = 0.1
    blank: float = 0.05
    longest: int = 1200
    overlap: float = 0.0
    whole: float = 0.2
    seed: int = 1
    class_weights: tuple[float, ...] = field(default=())


class _Net(nn.Module):
    def __init__(self, f: int, h: int, k: int, recipe: Recipe) -> None:
        super().__init__()
        c = recipe.channels
        self.dilations = recipe.dilations
        self.inward = nn.Linear(f, c)
        # Three rows side by side through one matrix are a convolution, and faster than Conv1d.
        self.middle = nn.ModuleList([nn.Linear(3 * c, c) for _ in recipe.dilations])
        self.pooled = nn.Linear(2 * c, 2 * c)
        self.outward = nn.Linear(c, h)
        self.whole = nn.Linear(2 * c, max(1, k))
        self.drop = nn.Dropout(recipe.dropout)
        self.blank = recipe.blank

    def forward(self, rows: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """``rows`` [b, t, f], ``mask`` [b, t, 1]."""
        if self.training and self.blank:
            kept = torch.rand(rows.shape[0], 1, rows.shape[2]) >= self.blank
            rows = rows * kept
        x = self.drop(torch.relu(self.inward(rows))) * mask
        half = len(self.dilations) // 2
        for layer, (step, matrix) in enumerate(zip(self.dilations, self.middle, strict=True)):
            if layer == half:
                factor, term = self.pooled(_pool(x, mask))[:, None, :].chunk(2, dim=2)
                x = (x * (1 + torch.tanh(factor)) + torch.relu(term)) * mask
            wide = nn.functional.pad(x, (0, 0, step, step))
            around = torch.cat([wide[:, : -2 * step], x, wide[:, 2 * step :]], dim=2)
            change = torch.relu(matrix(around))
            x = (x + self.drop(change)) * mask
        return self.outward(x), self.whole(_pool(x, mask))


def _pool(x: Tensor, mask: Tensor) -> Tensor:
    mean = x.sum(1) / mask.sum(1).clamp(min=1)
    # Channels are never negative, so that the blanks do not reach the maximum.
    return torch.cat([mean, x.amax(1)], dim=1)


def train(
    examples: Sequence[Example],
    names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    recipe: Recipe,
) -> Network:
    """Learns from the examples; ``names`` are those of the features, heads and classes.

    Deterministic on one machine and version of PyTorch: one thread, one seed.
    """
    features, heads, classes = names
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    shift, scale = _normal(examples)
    rows = [np.clip((it.rows - shift) * scale, -FARTHEST, FARTHEST) for it in examples]
    net = _Net(len(features), len(heads), len(classes), recipe)
    optimizer = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    chance = np.random.default_rng(recipe.seed)
    steps = recipe.epochs * len(_batches(examples, recipe, np.random.default_rng(0)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.rate, total_steps=steps + recipe.epochs * 8
    )
    net.train()
    for _ in range(recipe.epochs):
        for batch in _batches(examples, recipe, chance):
            loss = _loss(
                net, [examples[it] for it in batch], [rows[it] for it in batch], recipe, chance
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            if schedule.last_epoch < schedule.total_steps - 1:
                schedule.step()
    net.eval()
    return _frozen(net, names, recipe, shift, scale)


def _normal(examples: Sequence[Example]) -> tuple[Floats, Floats]:
    """Mean and 1 / standard deviation of each column, every example counting the same."""
    means = np.mean([it.rows.mean(axis=0, dtype=np.float64) for it in examples], axis=0)
    squares = np.mean([(it.rows.astype(np.float64) ** 2).mean(axis=0) for it in examples], axis=0)
    deviation = np.sqrt(np.maximum(squares - means**2, 1e-6))
    return means.astype(np.float32), (1 / deviation).astype(np.float32)


def _batches(
    examples: Sequence[Example], recipe: Recipe, chance: np.random.Generator
) -> list[list[int]]:
    """Examples of about one length together, the batches in an order of chance."""
    lengths = np.array([min(len(it.rows), recipe.longest) for it in examples])
    order = np.argsort(lengths * chance.uniform(0.8, 1.25, len(lengths)), kind="stable")
    batches: list[list[int]] = [[]]
    widest = 0
    for it in order.tolist():
        widest = max(widest, int(lengths[it]))
        if batches[-1] and (len(batches[-1]) + 1) * widest > recipe.batch_rows:
            batches.append([])
            widest = int(lengths[it])
        batches[-1].append(it)
    return [batches[it] for it in chance.permutation(len(batches)).tolist()]


def _loss(
    net: _Net,
    batch: Sequence[Example],
    rows: Sequence[Floats],
    recipe: Recipe,
    chance: np.random.Generator,
) -> Tensor:
    width = min(recipe.longest, max(len(it) for it in rows))
    h = batch[0].targets.shape[1]
    x = np.zeros((len(batch), width, rows[0].shape[1]), dtype=np.float32)
    y, w = (np.zeros((len(batch), width, h), dtype=np.float32) for _ in range(2))
    mask = np.zeros((len(batch), width, 1), dtype=np.float32)
    for place, (it, values) in enumerate(zip(batch, rows, strict=True)):
        start = int(chance.integers(0, max(1, len(values) - width + 1)))
        n = min(width, len(values))
        x[place, :n] = values[start : start + n]
        y[place, :n] = it.targets[start : start + n]
        w[place, :n] = it.weights[start : start + n]
        mask[place, :n] = 1
    out, whole = net(torch.from_numpy(x), torch.from_numpy(mask))
    target, weight = torch.from_numpy(y), torch.from_numpy(w)
    importance = torch.tensor([it.importance for it in batch])
    entropy = nn.functional.binary_cross_entropy_with_logits(out, target, weight, reduction="none")
    # Every example counts the same, however long it is.
    share = entropy.sum((1, 2)) / weight.sum((1, 2)).clamp(min=1e-6)
    if recipe.overlap:
        likely = torch.sigmoid(out[:, :, 0]) * weight[:, :, 0]
        wanted = target[:, :, 0] * weight[:, :, 0]
        both = (torch.sigmoid(out[:, :, 0]) * wanted).sum(1)
        share = share + recipe.overlap * (
            1 - 2 * both / (likely.sum(1) + wanted.sum(1)).clamp(min=1e-6)
        )
    loss = (share * importance).sum() / importance.sum()
    known = torch.tensor([it.whole for it in batch])
    if recipe.whole and bool((known >= 0).any()):
        by_class = torch.tensor(recipe.class_weights) if recipe.class_weights else None
        loss = loss + recipe.whole * nn.functional.cross_entropy(
            whole, known, weight=by_class, ignore_index=-1
        )
    return loss


def _frozen(
    net: _Net,
    names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    recipe: Recipe,
    shift: Floats,
    scale: Floats,
) -> Network:
    def pair(layer: nn.Module) -> tuple[Floats, Floats]:
        assert isinstance(layer, nn.Linear)
        return layer.weight.detach().numpy().T.copy(), layer.bias.detach().numpy().copy()

    middle = [pair(matrix) for matrix in net.middle]
    whole = pair(net.whole)
    if not names[2]:
        whole = whole[0][:, :0], whole[1][:0]
    return Network(
        features=names[0],
        heads=names[1],
        classes=names[2],
        dilations=recipe.dilations,
        shift=shift,
        scale=scale,
        inward=pair(net.inward),
        middle=(np.stack([it[0] for it in middle]), np.stack([it[1] for it in middle])),
        pooled=pair(net.pooled),
        outward=pair(net.outward),
        whole=whole,
    )
