"""Makes more texts to learn from: stories alone, cut, strewn with phrases, or in another script."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cleaners.boilerplate.features import NAMES
from cleaners.boilerplate.network import Floats
from cleaners.boilerplate.phrase_rows import load_phrases
from training.line_data import Output

_AT = {name: at for at, name in enumerate(NAMES)}


def without_case(rows: Floats) -> Floats:
    """The features of the same lines in a script that has no capitals, and that no word is known
    of, such as Korean or Hindi."""
    rows = rows.copy()
    for kind in ("share", "first", "last"):
        lower, upper = _AT[f"{kind} lower"], _AT[f"{kind} upper"]
        rows[:, _AT[f"{kind} caseless"]] += rows[:, lower] + rows[:, upper]
        rows[:, [lower, upper]] = 0
    rows[:, [_AT["capitalized"], _AT["shouted"]]] = 0
    rows[:, [_AT[it] for it in NAMES if it.startswith("token ")]] = 0
    return rows


def without_spaces(rows: Floats) -> Floats:
    """The same for a script that also writes without spaces, such as Chinese: a word is two
    characters, so that there are half as many characters, and no word is longer than three."""
    rows = without_case(rows)
    for kind in ("share", "first", "last"):
        rows[:, _AT[f"{kind} unspaced"]] += rows[:, _AT[f"{kind} caseless"]]
        rows[:, _AT[f"{kind} caseless"]] = 0
    rows[:, _AT["share unspaced"]] += rows[:, _AT["share space"]]
    rows[:, [_AT["share space"], _AT["telling"]]] = 0
    rows[:, _AT["chars"]] = np.maximum(0, rows[:, _AT["chars"]] - np.float32(np.log(2.5)))
    return rows


def made_of(outputs: Sequence[Output]) -> list[Output]:
    """For each page three texts more: the story lines alone, a few of them, and the story lines
    with lines strewn in that phrase rows give as their hits.

    So a text that is clean stays so, however short, and a marker that returns after each paragraph
    (``Article content``) does not draw the story with it.
    """
    first = {it.id: it for it in reversed(outputs) if it.extractor != "flattened"}
    hits = [
        hit for it in load_phrases() if not it.label.is_kept and len(it.hits) for hit in it.hits
    ]
    made = []
    for it in first.values():
        pairs = zip(it.lines, it.is_story, strict=True)
        lines = tuple(line for line, is_story in pairs if is_story)
        if not lines:
            continue
        chance = np.random.default_rng(zlib.crc32(it.id.encode()))
        few = int(chance.integers(1, 6))
        start = int(chance.integers(0, max(1, len(lines) - few)))
        made += [
            replace(it, extractor="clean", lines=some, is_story=(True,) * len(some))
            for some in (lines, lines[start : start + few])
        ]
        strewn, marks = _strewn(lines, hits, chance)
        made.append(replace(it, extractor="strewn", lines=strewn, is_story=marks))
    return made


def _strewn(
    lines: Sequence[str], hits: Sequence[str], chance: np.random.Generator
) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """The lines with a marker after some of them, and a few others; a mark for each."""
    marker, share = hits[chance.integers(len(hits))], chance.choice([0.05, 0.2, 0.6])
    text: list[tuple[str, bool]] = []
    for line in lines:
        text.append((line, True))
        if chance.random() < share:
            is_same = chance.random() < 0.7
            text.append((marker if is_same else hits[chance.integers(len(hits))], False))
    text += [(hits[it], False) for it in chance.integers(0, len(hits), chance.integers(0, 5))]
    return tuple(it for it, _ in text), tuple(mark for _, mark in text)
