"""trafilatura as a second engine: its text, put onto our blocks so that the rest is there too."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Final

from cleaners.labels import Cleaned, Label, Labeled, Vote
from scraper.extractors.model.choose import Focus

RULE: Final = "engine.trafilatura"
# A block is one of trafilatura's where so many of its pairs of words stand in its text.
LEAST: Final = 0.7


def aligned(body: Cleaned, page: bytes, url: str | None, focus: Focus) -> Cleaned:
    """Our blocks, kept where trafilatura kept their text, else with the label that they had.

    ``page`` is UTF-8. What trafilatura left out and we would have kept is navigation: it says no
    more than that.
    """
    from trafilatura import extract

    text = extract(
        page.decode("utf-8", "replace"),
        url=url,
        include_comments=False,
        favor_precision=focus == "precision",
        favor_recall=focus == "recall",
    )
    left = Counter(_pairs(text or ""))
    return replace(body, blocks=tuple([_decided(it, left) for it in body.blocks]))


def _pairs(text: str) -> list[tuple[str, str]]:
    words = ["", *text.lower().split(), ""]
    return list(pairwise(words)) if len(words) > 2 else []


def _decided(it: Labeled, left: Counter[tuple[str, str]]) -> Labeled:
    wanted = Counter(_pairs(it.block.text)[1:-1] or [("", it.block.text.lower())])
    found = wanted & left
    share = sum(found.values()) / sum(wanted.values())
    others = (it.because, *it.others)
    if share >= LEAST:
        # What is taken is used up, so that a text that stands twice is kept once.
        left.subtract(found)
        return Labeled(it.block, _vote(it, Label.CONTENT, share), others)
    label = it.label if not it.label.is_kept else Label.NAVIGATION
    return Labeled(it.block, _vote(it, label, share), others)


def _vote(it: Labeled, label: Label, share: float) -> Vote:
    # 0.95 and 0.87 are trafilatura's F1 on held-out articles and on all types of WCXB.
    return Vote(it.block.index, label, RULE, 0.9, f"words kept={share:.2f}")
