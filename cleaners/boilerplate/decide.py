"""Weighs the votes on each block; the only file that does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log

from cleaners.blocks import Block
from cleaners.labels import Label, Labeled, Vote

# A block is content until the votes against it are together as sure as one vote of this
# confidence: to lose a sentence of the story is worse than to keep a line of residue.
_PRESUMED = 0.85
# No single vote is so sure that two good ones could not speak against it.
_SUREST = 0.995


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
    of_block: dict[int, list[Vote]] = {}
    for vote in votes:
        of_block.setdefault(vote.block, []).append(vote)
    return tuple([_weighed(it, of_block.get(it.index, ())) for it in blocks])


def _weighed(block: Block, votes: Sequence[Vote]) -> Labeled:
    if not votes:
        nobody = Vote(block.index, Label.CONTENT, "default.nobody-voted", 1.0, "nobody voted")
        return Labeled(block, nobody)
    ranked = sorted(votes, key=_rank)
    weights: dict[Label, float] = {}
    heard: set[tuple[Label, str]] = set()
    for vote in ranked:
        voice = (vote.label, vote.rule.partition(".")[0])
        if voice not in heard:
            heard.add(voice)
            weights[vote.label] = weights.get(vote.label, 0.0) + _weight(vote.confidence)
    against = sum(max(0.0, it) for label, it in weights.items() if not label.is_kept)
    kept = sum(it for label, it in weights.items() if label.is_kept) + _weight(_PRESUMED)
    if against > kept:
        winner = max((it for it in weights if not it.is_kept), key=lambda it: (weights[it], it))
        because = next(it for it in ranked if it.label is winner)
    else:
        for_keeping = [it for it in ranked if it.label.is_kept]
        named = [it for it in for_keeping if it.label is not Label.CONTENT and it.confidence >= 0.5]
        if not for_keeping:
            evidence = f"outweighed: {ranked[0].rule}"
            because = Vote(block.index, Label.CONTENT, "default.presumed", _PRESUMED, evidence)
            return Labeled(block, because, tuple(ranked))
        because = (named or for_keeping)[0]
    return Labeled(block, because, tuple(it for it in ranked if it is not because))


def _rank(vote: Vote) -> tuple[float, str, str]:
    return -vote.confidence, vote.rule, vote.evidence


def _weight(confidence: float) -> float:
    """Log-odds; 0 at one half, negative below."""
    surest = min(_SUREST, max(1 - _SUREST, confidence))
    return log(surest / (1 - surest))
