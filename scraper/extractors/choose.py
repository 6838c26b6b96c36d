"""Which segments of a page are the story, as votes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from cleaners.labels import Label, Vote
from scraper.extractors.columns import Columns
from scraper.extractors.page_blocks import link_rows
from scraper.extractors.tags import TEXT, among
from scraper.extractors.walk import Segments

AROUND: Final = among("nav", "aside", "footer", "form", "button", "select", "noscript", "menu")
LEAST: Final = {"precision": 0.5, "balanced": 0.3, "recall": 0.15}


def choose(page: Columns, segments: Segments, focus: str) -> Iterator[Vote]:
    """Keeps what stands near long texts without links."""
    length = np.array([len(it) for it in segments.texts], dtype=np.float64)
    in_link = link_rows(page) >= 0
    chars = np.array([len(it.strip()) for it in page.texts]) * (page.tag == TEXT) * in_link
    linked = np.array([chars[line].sum() for line in segments.lines])
    share = np.minimum(1, linked / np.maximum(1, length))
    around = page.inside(page.rows(AROUND))[segments.first]
    weight = np.minimum(length, 600) / 200 * (1 - share) ** 2 * ~around
    near = np.convolve(weight, [0.2, 0.4, 1, 0.4, 0.2], mode="same")[: len(length)]
    score = near * (1 - share) * np.where(around, 0.1, 1)
    for index, it in enumerate(score.tolist()):
        if it < LEAST[focus]:
            yield Vote(index, Label.NAVIGATION, "shape.thin", 0.93, f"score={it:.2f}")
        else:
            yield Vote(index, Label.CONTENT, "shape.dense", 0.7, f"score={it:.2f}")
