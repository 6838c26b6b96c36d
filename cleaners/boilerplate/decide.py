"""Weighs the votes on each block; the only file that does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from cleaners.blocks import Block, Columns
from cleaners.boilerplate.phrases import INSIDE
from cleaners.labels import KEPT, Label, Labeled, Laid, Vote
from cleaners.text.fold import is_unspaced

# A paragraph is long and closed; to lose one costs more, so that it keeps this much of the benefit.
# A character of an unspaced script counts as three.
_UNSPACED = 3
_CLOSING = ".!?…。！？।\"'”’»)」"
_PRESUMED_LONG = 0.7
# No single vote is so sure that two good ones could not speak against it.
_SUREST = 0.995


@dataclass(frozen=True, slots=True)
class Presumption:
    """What is presumed of a block that it is content, for the votes against it to outweigh.

    To lose a sentence of the story is worse than to keep a line of residue, so the votes have to
    be together as sure as one vote of the confidence ``innocent``. In a text of which much is
    residue for sure (a whole page, flattened) the benefit of the doubt shrinks: from the share
    ``doubt_from`` of the characters on, down to even odds at ``doubt_to``. A closed block of
    ``long`` characters keeps some of it always. No vote for keeping counts for more than
    ``surest_keep``. With ``by_rules`` only what a written rule has found makes a text doubtful:
    what a model alone takes for residue draws no other line with it.
    """

    innocent: float  # at least one half
    doubt_from: float
    doubt_to: float
    long: int
    surest_keep: float = _SUREST
    by_rules: bool = False


WITH_RULES = Presumption(0.8, 0.01, 0.10, 120)
# Of what the model of a page has kept, on which the line model is not asked. That blocks like this
# one are story is all that the model says, and all that a presumption could say again; it has not
# read the words, "READ MORE" among them, on which the rules stand. From 0.84 to 0.94 for both
# together nothing changes on held-out pages.
ON_PAGES = Presumption(0.5, 0.01, 0.10, 120, 0.9)
# Chosen on publishers that are not reported on, with what models of other publishers say of their
# lines (training/line_teacher.py): more stories alone come back unchanged, a text with some residue
# loses no less of it, and a short sentence between two lines of residue stays. From .93 on a tenth
# less of what trafilatura left goes.
WITH_LINE_MODEL = Presumption(0.9, 0.0, 0.005, 30, by_rules=True)


def decide(blocks: Sequence[Block], votes: Iterable[Vote]) -> tuple[Labeled, ...]:
    """Each block with the vote that decided and those that did not.

    The log-odds of votes add up for removing and for keeping. Rules of one family (the first part
    of their ids) look at the same thing, so only the surest of a family counts for a label. Where
    keeping wins, a label such as ``dateline`` goes before plain content. Ties go to the rule id,
    so that two runs agree. A block that nobody voted on is content.

    >>> from cleaners.blocks import Kind
    >>> vote = Vote(0, Label.SHARING, "sharing.bar.en", 0.97, "Share on")
    >>> decide([Block(0, Kind.PARAGRAPH, "Share on X")], [vote])[0].label.value
    'sharing'
    """
    return tuple(weigh(Columns.of(blocks), votes))


def weigh(blocks: Columns, votes: Iterable[Vote], presumption: Presumption = WITH_RULES) -> Laid:
    """The same; a block that nobody voted on is labeled when somebody looks at it."""
    of_block: dict[int, list[Vote]] = {}
    for vote in votes:
        of_block.setdefault(vote.block, []).append(vote)
    indices = blocks.indices if of_block else ()
    decided: dict[int, tuple[Vote, tuple[Vote, ...]]] = {}
    ballots: dict[int, _Ballot] = {}
    for at, index in enumerate(indices):
        if index in of_block:
            cast = of_block[index]
            if len(cast) == 1 and cast[0].label in KEPT:
                decided[at] = cast[0], ()  # as of most blocks of a page
            else:
                ballots[at] = _count(cast, presumption.surest_keep)
    presumed = _presumed(blocks.texts, ballots, presumption) if ballots else 0.0
    for at, it in ballots.items():
        decided[at] = _decided(indices[at], blocks.texts[at], it, presumed, presumption)
    labels = [Label.CONTENT] * len(blocks)
    for at, (because, _) in decided.items():
        labels[at] = because.label

    def make(at: int) -> Labeled:
        return Labeled(blocks[at], *decided[at]) if at in decided else _unseen(blocks[at])

    return Laid(labels, blocks.texts, blocks.tight, make)


@dataclass(frozen=True, slots=True)
class _Ballot:
    """The votes on one block, the surest first, and what they weigh together (log-odds)."""

    ranked: list[Vote]
    weights: dict[Label, float]
    against: float
    kept: float


def _count(votes: list[Vote], surest_keep: float) -> _Ballot:
    """The votes on a block; a single one speaks against it."""
    if len(votes) == 1:
        weight = _weight(votes[0].confidence)
        return _Ballot(votes, {votes[0].label: weight}, max(0.0, weight), 0.0)
    ranked = sorted(votes, key=_rank)
    weights: dict[Label, float] = {}
    heard: set[tuple[Label, str]] = set()
    for vote in ranked:
        voice = (vote.label, vote.rule.partition(".")[0])
        if voice not in heard:
            heard.add(voice)
            weights[vote.label] = weights.get(vote.label, 0.0) + _weighed(vote, surest_keep)
    against = sum(max(0.0, it) for label, it in weights.items() if not label.is_kept)
    kept = sum(max(0.0, it) for label, it in weights.items() if label.is_kept)
    return _Ballot(ranked, weights, against, kept)


def _presumed(
    texts: Sequence[str], ballots: Mapping[int, _Ballot], presumption: Presumption
) -> float:
    """What is presumed of each block (log-odds), by how much of the text is residue for sure."""
    sure = _weight(presumption.innocent)
    residue = sum(
        len(texts[at])
        for at, it in ballots.items()
        if it.against > it.kept + sure and (not presumption.by_rules or _is_found(it))
    )
    if not residue:
        return sure
    share = residue / sum(map(len, texts))
    doubt = (share - presumption.doubt_from) / (presumption.doubt_to - presumption.doubt_from)
    return sure * (1 - min(1.0, max(0.0, doubt)))


def _is_found(ballot: _Ballot) -> bool:
    """Whether a written rule speaks against the block, as surely as a phrase inside a story."""
    against = (it for it in ballot.ranked if it.confidence >= INSIDE and not it.label.is_kept)
    return any(not it.rule.startswith("model.") for it in against)


def _decided(
    index: int, text: str, ballot: _Ballot, presumed: float, presumption: Presumption
) -> tuple[Vote, tuple[Vote, ...]]:
    """The vote that decides, and the others."""
    ranked, weights = ballot.ranked, ballot.weights
    if _is_paragraph(text, presumption.long):
        presumed = max(presumed, _weight(_PRESUMED_LONG))
    if ballot.against > ballot.kept + presumed:
        winner = max((it for it in weights if not it.is_kept), key=lambda it: (weights[it], it))
        because = _speaker([it for it in ranked if it.label is winner])
    else:
        for_keeping = [it for it in ranked if it.label.is_kept]
        named = [it for it in for_keeping if it.label is not Label.CONTENT and it.confidence >= 0.5]
        if not for_keeping:
            evidence = f"not enough: {ranked[0].rule}"
            because = Vote(index, Label.CONTENT, "default.presumed", presumption.innocent, evidence)
            return because, tuple(ranked)
        because = (named or for_keeping)[0]
    return because, tuple([it for it in ranked if it is not because])


def _is_paragraph(text: str, long: int) -> bool:
    if len(text) * _UNSPACED < long or text[-1] not in _CLOSING:
        return False
    return len(text) >= long or is_unspaced(text[len(text) // 2])


def _speaker(votes: Sequence[Vote]) -> Vote:
    """The vote to show of those that agree, the surest first.

    A written rule goes before a model: what it saw can be looked up, a probability explains
    nothing.
    """
    written = (it for it in votes if not it.rule.startswith("model.") and it.confidence >= 0.5)
    return next(written, votes[0])


def _unseen(block: Block) -> Labeled:
    nobody = Vote(block.index, Label.CONTENT, "default.nobody-voted", 1.0, "nobody voted")
    return Labeled(block, nobody)


def _rank(vote: Vote) -> tuple[float, str, str, str]:
    return -vote.confidence, vote.rule, vote.label, vote.evidence


def _weighed(vote: Vote, surest_keep: float) -> float:
    return _weight(min(vote.confidence, surest_keep) if vote.label.is_kept else vote.confidence)


def _weight(confidence: float) -> float:
    """Log-odds; 0 at one half, negative below."""
    surest = min(_SUREST, max(1 - _SUREST, confidence))
    return log(surest / (1 - surest))
