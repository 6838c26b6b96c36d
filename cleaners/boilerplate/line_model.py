"""The learned rule: a small network over the lines of a text, from what plain text shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from math import exp
from pathlib import Path

import numpy as np

from cleaners.blocks import Block
from cleaners.boilerplate.features import features_of_all
from cleaners.boilerplate.joined import joined_logits
from cleaners.boilerplate.looks import Looks, look
from cleaners.boilerplate.network import Floats, Network, load
from cleaners.boilerplate.phrase_book import phrase_book
from cleaners.boilerplate.phrases import Found, find_phrases
from cleaners.errors import BadData
from cleaners.labels import Label, Vote

MODELS = Path(__file__).parent.parent / "data" / "models"
MODEL, WORDS = MODELS / "line.npz", MODELS / "line-words.npz"

RULE = "model.line"
# What the model may say for a block: it may speak against a weak rule, but not silence a sure one.
_SUREST_KEEP = 0.87
# The share of story among the lines that it learned from, the mean of extractors. That much its
# word for content says of any line, and ``decide`` presumes it already: it counts once.
_STORY_SHARE = 0.7
# A page has at least some prose that is its story.
_LOST_SHARE = 0.8
# Texts with some residue, shares of the words that are likely to be residue, and how many log-odds
# are added there. Chosen with training/line_model.py --try: from what resiliparse left goes an
# eighth more of the residue (F1 .948 to .950), while clean texts and trafilatura's stay so.
_SURE, _SOME, _MUCH, _BOLDNESS = 0.8, 0.05, 0.2, 0.8
# Below, no boldness makes a line more likely residue than not: the odds grow by e**0.8.
_FAINTEST = 0.3
# Of 2,000 sentences of invented stories in scripts without capitals none is as likely residue; one
# has .91. In a text of so few lines a sentence of so few words has little to be compared with: of
# eight such texts that were written for it seven lost one. Real outputs are longer.
_SURE_OF_SENTENCE = 0.95
_FEW_LINES, _FEW_WORDS = 30, 25
_HOURS = 3
_HOUR = re.compile(r"\d{1,2}[:.h]\d{2}(?: ?[aApP]\.?[mM]\.?)?")
# What goes on from a heading to the lines under it.
_RUNS_ON = frozenset(
    {Label.RELATED, Label.COMMENT, Label.AUTHOR_BIO, Label.FOOTER, Label.LEGAL, Label.SHARING}
)


def line_model(blocks: Sequence[Block], /) -> list[Vote]:
    """A vote on each block that is more likely residue than content."""
    looks = look(blocks)
    return line_votes(looks, list(find_phrases(looks, phrase_book())), ())


def line_votes(looks: Looks, found: Sequence[Found], others: Iterable[Vote]) -> list[Vote]:
    """The same where looks and phrases are there already, and the votes of the other rules.

    The model sees that a block is residue; what it is, the other rules know better if they said
    so, here or on the block above. It is silent on what is called a headline or a dateline: the
    texts that it learned from leave those out. What it takes for content and nobody doubts needs
    no vote.
    """
    return line_votes_on_all([looks], [found], [tuple(others)])[0]


def line_votes_on_all(
    looks: Sequence[Looks], found: Sequence[Sequence[Found]], others: Sequence[Sequence[Vote]]
) -> list[list[Vote]]:
    """The same votes on many texts; several times as fast as one by one."""
    likely = residue_likelihoods(looks, found)
    return [list(_voted(*it)) for it in zip(looks, likely, others, strict=True)]


def _voted(looks: Looks, likely: list[float], others: Sequence[Vote]) -> Iterator[Vote]:
    doubted = {it.block for it in others}
    if not doubted and max(likely, default=0.0) < _FAINTEST:
        return
    likely = _emboldened(likely, looks)
    named = _surest(others)
    is_lost, hours = _is_lost(looks, likely), _hours(looks)
    run: Label | None = None
    for at, share in enumerate(likely):
        index = looks.blocks.index(at)
        if share < 0.5 and index not in doubted:
            run = None
            continue
        if (is_lost and looks.is_prose(at)) or at in hours:
            continue
        if share < _SURE_OF_SENTENCE and _is_sentence(looks, at, is_named=index in named):
            run = None
            continue
        label = named.get(index)
        if label is not None and label.is_kept:
            run = None
        elif share < 0.5:
            run = None
            yield Vote(
                index, Label.CONTENT, RULE, _beyond_presumed(1 - share), f"p={1 - share:.2f}"
            )
        else:
            label = label or run or _guess(looks, at)
            run = label if label in _RUNS_ON else None
            yield Vote(index, label, RULE, share, f"p={share:.2f}")


def _beyond_presumed(likely: float) -> float:
    """What a probability of content says of this line beyond what is presumed of any."""
    sure = min(_SUREST_KEEP, likely)
    odds = sure / (1 - sure) * (1 - _STORY_SHARE) / _STORY_SHARE
    return odds / (1 + odds)


def _emboldened(likely: list[float], looks: Looks) -> list[float]:
    """What is likely of a line, given how much of the text is residue for sure.

    A text with some residue has more of it than the model dares to say, which learned from marks
    that are often wrong; a clean text has none, and of a whole page it knows enough. Sentences
    before the story has ended, and scripts that it has seen little of, are left as they were.
    """
    if max(likely, default=0.0) <= _SURE:
        return likely
    pairs = [(it, max(1, length)) for it, length in zip(likely, looks.lengths, strict=True)]
    share = sum(length for it, length in pairs if it > _SURE) / sum(length for _, length in pairs)
    some = min(1.0, share / _SOME) * max(0.0, 1 - max(0.0, share - _MUCH) / _MUCH)
    if not some:
        return likely
    bolder, end = exp(_BOLDNESS * some), looks.story[1]
    found = []
    for at, it in enumerate(likely):
        if (at >= end or not looks.closed[at]) and _has_capitals(looks.blocks.texts[at]):
            odds = it / max(1 - it, 1e-6) * bolder
            it = odds / (1 + odds)
        found.append(it)
    return found


def _is_sentence(looks: Looks, at: int, *, is_named: bool) -> bool:
    """Whether the model has to be sure of a block: a sentence or more in a script without capitals,
    of which it has seen too few, or a short one in a short text, which no rule has a name for."""
    if not looks.closed[at]:
        return False
    is_short = len(looks.lengths) <= _FEW_LINES and looks.lengths[at] <= _FEW_WORDS
    return (is_short and not is_named) or not _has_capitals(looks.blocks.texts[at])


def _hours(looks: Looks) -> frozenset[int]:
    """The lines that are an hour of the day, where there are several as in a live blog: each heads
    a part of the story."""
    found = [
        at for at, it in enumerate(looks.blocks.texts) if it[:1].isdigit() and _HOUR.fullmatch(it)
    ]
    return frozenset(found) if len(found) >= _HOURS else frozenset()


def _has_capitals(text: str) -> bool:
    """Whether the first letter is of a script that has them."""
    first = next((it for it in text if it.isalpha()), "a")
    return first.lower() != first.upper()


def _is_lost(looks: Looks, likely: Sequence[float]) -> bool:
    """Whether the model would take nearly all prose of a text away.

    Then it does not understand the text (a script or a form that it has not seen), and has nothing
    to say on its paragraphs.
    """
    doubted = [at for at, share in enumerate(likely) if share >= 0.5 and looks.is_prose(at)]
    if not doubted:
        return False
    lengths = looks.lengths
    prose = sum(lengths[at] for at in range(len(likely)) if looks.is_prose(at))
    return sum(lengths[at] for at in doubted) > _LOST_SHARE * prose


def _surest(votes: Iterable[Vote]) -> dict[int, Label]:
    """The label of the surest vote on each block that has a name for it."""
    best: dict[int, Vote] = {}
    for vote in votes:
        known = best.get(vote.block)
        is_name = vote.label is not Label.CONTENT
        if is_name and (known is None or vote.confidence > known.confidence):
            best[vote.block] = vote
    return {index: vote.label for index, vote in best.items()}


def residue_likelihoods(
    looks: Sequence[Looks], found: Sequence[Sequence[Found]]
) -> list[list[float]]:
    """How likely each block of each text is residue, 0 to 1."""
    networks, words = _model()
    rows = features_of_all(looks, found, words)
    sizes = np.array([len(it.blocks) for it in looks], dtype=np.int64)
    if not len(rows):
        return [[] for _ in looks]
    said = [joined_logits(it, rows, sizes[sizes > 0])[:, 0] for it in networks]
    out = said[0] if len(said) == 1 else np.mean(said, axis=0)
    likely: list[float] = (1 / (1 + np.exp(-out))).tolist()
    ends = np.cumsum(sizes).tolist()
    return [likely[end - len(it.blocks) : end] for it, end in zip(looks, ends, strict=True)]


def _guess(looks: Looks, at: int) -> Label:
    """What a line that is no story most likely is, where nothing else says so."""
    start, end = looks.story
    if looks.closed[at] and looks.lengths[at] > 20:
        return Label.RELATED if at < end else Label.FOOTER
    if start <= at < end or looks.lengths[at] > 5:
        return Label.RELATED
    return Label.NAVIGATION


@cache
def _model() -> tuple[tuple[Network, ...], Floats]:
    """Networks and word scores; read at first use."""
    try:
        with np.load(WORDS, allow_pickle=False) as file:
            words = file["scores"].astype(np.float32)
    except (OSError, KeyError, ValueError) as error:
        raise BadData(str(WORDS), f"no word scores: {error}") from error
    return load(MODEL), words
