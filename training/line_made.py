"""Makes more texts to learn from: stories alone, cut, strewn with phrases or with what stands
around others, or in another script."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cleaners.boilerplate.features import NAMES
from cleaners.boilerplate.looks import look
from cleaners.boilerplate.network import Floats
from cleaners.boilerplate.phrase_book import phrase_book
from cleaners.boilerplate.phrase_rows import load_phrases
from cleaners.boilerplate.phrases import find_phrases
from cleaners.text.normalize import normalize
from cleaners.text.segment import segment
from training.line_data import Output

_AT = {name: at for at, name in enumerate(NAMES)}
# Where a sentence ends and the next begins; a mistake makes a paragraph longer or shorter.
_SENTENCES = re.compile(r"(?<=[.!?…][\"”»“]) (?=\S)|(?<=[.!?…]) (?=[^\Wa-z]|[\"“„«])")
_PARAGRAPHS = (3, 11)  # of one or two sentences each
# What stands around a story and between its paragraphs is seldom more than so many lines, or words
# in a line.
_RUN_LONGEST, _LINE_LONGEST = 12, 25
_MINGLED = 2  # texts for each page
# With fewer runs of its own language, a page gets those of any.
_FEW_RUNS = 20


def without_words(rows: Floats) -> Floats:
    """The features of the same lines in a language that no word is known of."""
    rows = rows.copy()
    rows[:, [_AT[it] for it in NAMES if it.startswith("token ")]] = 0
    return rows


def without_case(rows: Floats) -> Floats:
    """The features of the same lines in a script that has no capitals, and that no word is known
    of, such as Korean or Hindi."""
    rows = without_words(rows)
    for kind in ("share", "first", "last"):
        lower, upper = _AT[f"{kind} lower"], _AT[f"{kind} upper"]
        rows[:, _AT[f"{kind} caseless"]] += rows[:, lower] + rows[:, upper]
        rows[:, [lower, upper]] = 0
    rows[:, [_AT["capitalized"], _AT["shouted"]]] = 0
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
    """For each page five texts more: the story lines alone, a few of them, the story lines with
    lines strewn in that phrase rows give as their hits, and twice a short text of its sentences in
    the midst of what stood around other stories.

    So a text that is clean stays so, however short, a marker that returns after each paragraph
    (``Article content``) does not draw the story with it, and neither does a sign-up box the short
    sentences after it.
    """
    first = {it.id: it for it in reversed(outputs) if it.extractor != "flattened"}
    hits = [
        hit for it in load_phrases() if not it.label.is_kept and len(it.hits) for hit in it.hits
    ]
    made = []
    around = _runs(outputs)
    anybody = [run for of in around.values() for run in of]
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
        for _ in range(_MINGLED):
            own = around[_country(it)]
            mingled, marks = _mingled(lines, own if len(own) >= _FEW_RUNS else anybody, chance)
            made.append(replace(it, extractor="mingled", lines=mingled, is_story=marks))
    return made


def _country(output: Output) -> str:
    """Whose pages have residue in the same language: the country of a news page."""
    kind, rest = output.id.split("/", 1)
    country = rest.split("/")[0] if kind == "news" else "en"
    return "en" if country in ("uk", "us", "au", "ca", "ie") else country


def _runs(outputs: Sequence[Output]) -> dict[str, list[tuple[str, ...]]]:
    """Lines of residue that stood together, by country; only where a phrase says so of one of them:
    what gold texts leave out is often story."""
    runs: dict[str, dict[tuple[str, ...], None]] = defaultdict(dict)
    for it in outputs:
        if it.extractor == "flattened":
            continue
        run: list[str] = []
        for line, is_story in [*zip(it.lines, it.is_story, strict=True), ("", True)]:
            if not is_story:
                run.append(line)
                continue
            if 0 < len(run) <= _RUN_LONGEST and max(len(of.split()) for of in run) <= _LINE_LONGEST:
                runs[_country(it)][tuple(run)] = None
            run = []
    return {country: [it for it in of if _is_named(it)] for country, of in runs.items()}


def _is_named(lines: Sequence[str]) -> bool:
    looks = look(segment(normalize("\n".join(lines))))
    return any(not it.phrase.label.is_kept for it in find_phrases(looks, phrase_book()))


def _mingled(
    lines: Sequence[str], around: Sequence[Sequence[str]], chance: np.random.Generator
) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """Some sentences of the story as short paragraphs, a few runs of residue before, between and
    after them; a mark for each line."""
    # A heading or an item of a list stays a line of its own.
    paragraphs = []
    for line in lines:
        sentences = _SENTENCES.split(line)
        while sentences:
            size = int(chance.integers(1, 3))
            paragraphs.append(" ".join(sentences[:size]))
            sentences = sentences[size:]
    few = int(chance.integers(*_PARAGRAPHS))
    start = int(chance.integers(0, max(1, len(paragraphs) - few)))
    paragraphs = paragraphs[start : start + few]
    text = [(it, True) for it in paragraphs]
    for _ in range(int(chance.integers(0, 4)) if around else 0):
        at = int(chance.integers(0, len(text) + 1))
        run = around[int(chance.integers(len(around)))]
        text[at:at] = [(it, False) for it in run]
    return tuple(it for it, _ in text), tuple(mark for _, mark in text)


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
