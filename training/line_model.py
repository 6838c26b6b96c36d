"""Trains the line model: features of plain lines in, ``line.npz`` and ``line-words.npz`` out.

``python -m training.line_model --data ../shared/data`` trains on the publishers that are not held
back (``training.line_data``) and writes into ``cleaners/data/models``. With ``--try`` it trains on
two thirds of them and reports on the others, for choosing a recipe.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cleaners.boilerplate.features import NAMES, TOKEN_BITS, features, token
from cleaners.boilerplate.hashed import hash_words
from cleaners.boilerplate.line_model import MODEL, WORDS
from cleaners.boilerplate.looks import Looks, look
from cleaners.boilerplate.network import Floats, Network, save
from cleaners.boilerplate.phrase_book import phrase_book
from cleaners.boilerplate.phrase_rows import load_phrases
from cleaners.boilerplate.phrases import Found, find_phrases
from cleaners.text.fold import fold
from cleaners.text.normalize import normalize
from cleaners.text.segment import segment
from training.line_data import Output, flattened, read_outputs
from training.line_score import f1, is_title
from training.sequence_network import Example, Recipe, train

RECIPE = Recipe(
    channels=40, dilations=(1, 2, 4, 8), epochs=18, batch_rows=6000, dropout=0.1, blank=0.08
)
SEEDS = (1,)
FOLDS = 5
# A word counts once for each publisher and side, and needs some of them to say anything.
SMOOTHING = 3.0
# How much more a news page counts than one of WCXB, which has shops and forums as well.
NEWS = 3.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--try", dest="is_try", action="store_true")
    options = parser.parse_args()
    outputs = [it for it in all_outputs(options.data) if not it.is_held_back]
    dubious = suspects(outputs)
    outputs = [it for it in outputs if it.id not in dubious]
    if options.is_try:
        outputs = [it for it in outputs if fold_of(it.publisher) != 0]
    networks, words = fit(prepare(outputs))
    save(networks, MODEL)
    np.savez_compressed(WORDS, scores=words.astype(np.float16))


def all_outputs(data: Path) -> list[Output]:
    """The outputs of the extractors, and the same pages flattened whole."""
    outputs = [it for it in read_outputs(data) if it.extractor != "inscriptis"]
    return outputs + list(flattened(data, sorted({it.id for it in outputs})))


def suspects(outputs: Sequence[Output]) -> frozenset[str]:
    """Pages whose gold text is too short: two good extractors agree with each other, not with it.

    The rule is that of the data's README: agreement above 0.85, both below 0.7 against gold.
    """
    texts: dict[str, dict[str, tuple[Counter[str], float]]] = defaultdict(dict)
    for it in outputs:
        if it.extractor in ("trafilatura", "rs_trafilatura"):
            pairs = list(zip(it.lines, it.is_story, strict=True))
            said = Counter(fold("\n".join(it.lines)).split())
            gold = Counter(fold("\n".join(line for line, mark in pairs if mark)).split())
            texts[it.id][it.extractor] = said, f1(said, gold)
    return frozenset(
        page
        for page, of in texts.items()
        if len(of) == 2
        and f1(*(said for said, _ in of.values())) > 0.85
        and max(score for _, score in of.values()) < 0.7
    )


def fold_of(publisher: str) -> int:
    return zlib.crc32(b"fold " + publisher.encode()) % FOLDS


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the rules see of an output; ``marks`` is 1 for residue, 0 for story, NaN unknown."""

    output: Output
    looks: Looks
    found: list[Found]
    marks: Floats

    @property
    def fold(self) -> int:
        return fold_of(self.output.publisher)


def prepare(outputs: Sequence[Output]) -> list[Prepared]:
    """All outputs and, for each page, some texts made of its story."""
    return [_prepared(it) for it in [*outputs, *_made(outputs)]]


def fit(texts: Sequence[Prepared], seeds: Iterable[int] = SEEDS) -> tuple[list[Network], Floats]:
    """Networks for each seed, and the scores of the hashed words from all of the texts.

    What a network is trained on are scores from the other publishers, as it will be in use.
    """
    of_fold = [word_scores(it for it in texts if it.fold != k) for k in range(FOLDS)]
    pages = Counter((it.output.id, it.output.extractor == "flattened") for it in texts)
    examples = [
        _example(it, of_fold[it.fold], pages[it.output.id, it.output.extractor == "flattened"])
        for it in texts
    ]
    # Two in five a second time, as they would look in a script without capitals, or also without
    # spaces: the data have few such texts, and the forms of a page are the same in all.
    examples += [replace(it, rows=without_case(it.rows)) for it in examples[::4]]
    examples += [replace(it, rows=without_spaces(it.rows)) for it in examples[1 : len(texts) : 7]]
    names = (NAMES, ("residue",), ())
    networks = [train(examples, names, replace(RECIPE, seed=it)) for it in seeds]
    return networks, word_scores(texts)


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


def _example(text: Prepared, scores: Floats, copies: int) -> Example:
    """A page counts once, however many outputs there are of it; a news page three times."""
    rows = features(text.looks, text.found, scores)
    known = ~np.isnan(text.marks)
    lengths = np.maximum(1, np.array(text.looks.lengths, dtype=np.float32))
    weights = (np.sqrt(lengths) * known).astype(np.float32)
    importance = (NEWS if text.output.id.startswith("news/") else 1.0) / copies
    targets = np.nan_to_num(text.marks)
    return Example(rows, targets[:, None], weights[:, None], importance=importance)


def _prepared(output: Output) -> Prepared:
    pairs = zip(output.lines, output.is_story, strict=True)
    marks = {normalize(line): 1.0 - is_story for line, is_story in pairs}
    title = fold(output.title)
    # Gold texts leave the headline out. It is no residue, so nothing is learned from it.
    marks |= {line: np.nan for line in marks if is_title(fold(line), title)}
    blocks = segment(normalize("\n".join(output.lines)))
    looks = look(blocks)
    known = np.array([marks.get(it.text, np.nan) for it in blocks], dtype=np.float32)
    return Prepared(output, looks, list(find_phrases(looks, phrase_book())), known)


def _made(outputs: Sequence[Output]) -> list[Output]:
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


def word_scores(texts: Iterable[Prepared]) -> Floats:
    """Log-odds of each hashed word to stand in residue rather than in the story.

    Only lines of up to 20 words count: what stands in a paragraph says nothing about a line.
    """
    sides = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    for text in texts:
        words = hash_words(text.looks.folded)
        marks = np.where(np.array(text.looks.lengths) <= 20, text.marks, np.nan)[words.lines]
        for mark, side in enumerate(sides):
            for it in set(token(words)[marks == mark].tolist()):
                side[it].add(text.output.publisher)
    scores = np.zeros(1 << TOKEN_BITS, dtype=np.float32)
    for it in sides[0].keys() | sides[1].keys():
        good, bad = (len(side.get(it, ())) for side in sides)
        scores[it] = np.log((bad + SMOOTHING) / (good + SMOOTHING))
    # As they are stored, so that use and training see the same.
    return scores.astype(np.float16).astype(np.float32)


if __name__ == "__main__":
    main()
