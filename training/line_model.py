"""Trains the line model: features of plain lines in, ``line.npz`` and ``line-words.npz`` out.

``python -m training.line_model --data ../shared/data`` trains on the publishers that are not held
back (``training.line_data``) and writes into ``cleaners/data/models``. ``--teacher`` takes what
``training.line_teacher`` wrote. With ``--try`` it leaves out a fifth of the publishers, for
choosing a recipe.
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
from cleaners.boilerplate.phrases import Found, find_phrases
from cleaners.text.fold import fold
from cleaners.text.normalize import normalize
from cleaners.text.segment import segment
from training.line_data import Output, flattened, read_outputs
from training.line_made import made_of, without_case, without_spaces, without_words
from training.line_score import f1, is_title
from training.sequence_network import Example, Recipe, train

RECIPE = Recipe(
    channels=40, dilations=(1, 2, 4, 8), epochs=18, batch_rows=6000, dropout=0.1, blank=0.08
)
FOLDS = 5
# A word counts once for each publisher and side, and needs some of them to say anything.
SMOOTHING = 3.0
# How much more a news page counts than one of WCXB, which has shops and forums as well.
NEWS = 3.0


# How much the teacher's word counts against the gold mark.
TAUGHT = 0.7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--teacher", type=Path, help="what training.line_teacher wrote")
    parser.add_argument("--try", dest="is_try", action="store_true")
    options = parser.parse_args()
    texts = prepare(training_outputs(options.data))
    taught = _read_teacher(options.teacher, texts) if options.teacher else None
    used = [at for at, it in enumerate(texts) if it.fold or not options.is_try]
    network, words = fit([texts[at] for at in used], taught and [taught[at] for at in used])
    save([network], MODEL)
    np.savez_compressed(WORDS, scores=words.astype(np.float16))


def training_outputs(data: Path) -> list[Output]:
    """What is trained on: publishers that are not held back, golds that are not too short."""
    outputs = [it for it in all_outputs(data) if not it.is_held_back]
    dubious = suspects(outputs)
    return [it for it in outputs if it.id not in dubious]


def _read_teacher(path: Path, texts: Sequence[Prepared]) -> list[Floats]:
    """The teacher's logits for each text."""
    with np.load(path, allow_pickle=False) as file:
        said = [file[str(at)].astype(np.float32) for at in range(len(file.files))]
    if [len(it) for it in said] != [len(it.marks) for it in texts]:
        raise SystemExit(f"{path} was written for other texts: run training.line_teacher again")
    return said


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
    return [_prepared(it) for it in [*outputs, *made_of(outputs)]]


def fit(
    texts: Sequence[Prepared], taught: Sequence[Floats] | None = None
) -> tuple[Network, Floats]:
    """The network, and the scores of the hashed words from all of the texts.

    What the network is trained on are scores from the other publishers, as it will be in use.
    ``taught`` are a teacher's logits for the lines of each text.
    """
    scores = [word_scores(it for it in texts if it.fold != k) for k in range(FOLDS)]
    examples = examples_of(texts, scores)
    if taught:
        pairs = zip(examples, taught, texts, strict=True)
        examples = [
            # Where the teacher is a network alone it is believed half as much.
            _softened(it, said, TAUGHT if is_for_trees(text) else TAUGHT / 2)
            for it, said, text in pairs
        ]
    return network_of(examples), word_scores(texts)


def examples_of(texts: Sequence[Prepared], scores: Sequence[Floats]) -> list[Example]:
    """``scores`` of the words for each fold."""
    pairs = zip(texts, importances(texts), strict=True)
    return [_example(it, scores[it.fold], importance) for it, importance in pairs]


def network_of(examples: Sequence[Example]) -> Network:
    """Trained on the examples, half of them a second time as they would look in a language of which
    no word is known, in a script without capitals, or also without spaces: the data have few such
    texts, and the forms of a page are the same in all."""
    without = [replace(it, rows=without_case(it.rows)) for it in examples[::4]]
    without += [replace(it, rows=without_spaces(it.rows)) for it in examples[1::7]]
    without += [replace(it, rows=without_words(it.rows)) for it in examples[2::6]]
    return train([*examples, *without], (NAMES, ("residue",), ()), RECIPE)


def is_for_trees(text: Prepared) -> bool:
    """Whether the teacher's trees see the text: half of the flattened pages, which are half of all
    lines, say as much as all."""
    output = text.output
    if output.extractor == "flattened":
        return zlib.crc32(output.id.encode()) % 2 == 0
    return output.extractor not in ("strewn", "mingled")


def _softened(example: Example, said: Floats, trust: float) -> Example:
    likely = 1 / (1 + np.exp(-said[:, None]))
    targets = (1 - trust) * example.targets + trust * likely
    return replace(example, targets=targets.astype(np.float32))


def importances(texts: Sequence[Prepared]) -> list[float]:
    """A page counts once, however many outputs there are of it; a news page three times."""
    pages = Counter((it.output.id, it.output.extractor == "flattened") for it in texts)
    return [
        (NEWS if it.output.id.startswith("news/") else 1.0)
        / pages[it.output.id, it.output.extractor == "flattened"]
        for it in texts
    ]


def _example(text: Prepared, scores: Floats, importance: float) -> Example:
    rows = features(text.looks, text.found, scores)
    known = ~np.isnan(text.marks)
    lengths = np.maximum(1, np.array(text.looks.lengths, dtype=np.float32))
    weights = (np.sqrt(lengths) * known).astype(np.float32)
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
