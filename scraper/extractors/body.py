"""Labels all blocks of a page's body: the model has voted, the rules for texts decide."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from functools import cache
from itertools import accumulate
from typing import Final

from cleaners.blocks import Block
from cleaners.clean import clean_blocks
from cleaners.labels import Cleaned, Label, Labeled, Laid, Vote
from scraper.article import PageType
from scraper.extractors.metadata.agency import credits_below
from scraper.extractors.model.removed_labels import About, byline_votes, removed_votes, wall_votes
from scraper.extractors.model.votes import Votes
from scraper.extractors.page_blocks import Layout
from scraper.extractors.walk import KINDS

# The rules for texts look at so much of a story, the rest is what the model says.
MOST_RULED: Final = 5_000  # blocks
MOST_RULED_CHARS: Final = 1_000_000
# All that benchmarks/labels.py finds on the fixture sites are credits; so sure that one may err.
CREDITED: Final = 0.95
# On a list of stories the rules for one story take what belongs to the cards.
OF_CARDS: Final = frozenset({Label.BYLINE, Label.UPDATE_STAMP})
HEAD: Final = 6  # blocks of a story among which its byline may stand


def body_of(
    layout: Layout, votes: Votes, kept: list[int], about: About, page_type: PageType
) -> Cleaned:
    """All blocks, as the model voted and, of those that it kept, as the rules for texts decided.

    What exactly a removed block is follows when the first of them is looked at.
    """
    texts, tight = layout.segments.texts, layout.segments.tight.tolist()
    # What is left by now is what the rules for texts were made for; they cost more than all before.
    # They look at text and kind alone, which spares the markup of blocks that nobody asks for.
    kinds = layout.segments.kind.tolist()

    def bare(at: int) -> Block:
        return Block(at, KINDS[kinds[at]], texts[at], None, tight[at])

    story = list(map(bare, kept))
    ends = list(accumulate([len(it.text) for it in story[:MOST_RULED]]))
    ruled = bisect_right(ends, MOST_RULED_CHARS)
    cleaned = clean_blocks(story[:ruled], votes=map(votes.vote, kept[:ruled]), rules=())
    decided = {it.block.index: it for it in cleaned.blocks}
    # A line of nothing but the authors' names is no guess, nor is the heading of a wall.
    for vote in (*byline_votes(story[:HEAD], about), *wall_votes(story, votes.labels)):
        it = decided.get(vote.block) or Labeled(bare(vote.block), votes.vote(vote.block))
        decided[vote.block] = Labeled(it.block, vote, (it.because, *it.others))
    if page_type is PageType.LISTING:
        for at, it in decided.items():
            if it.label in OF_CARDS:
                decided[at] = Labeled(it.block, votes.vote(at), (it.because, *it.others))
    # What credits an agency right below a story is of it, wherever it stands.
    left = [at for at in kept[ruled:] if at not in decided]
    left += [at for at, it in decided.items() if it.label.is_kept]
    last = max(left, default=len(texts))
    for at, name in credits_below(texts, last):
        if at not in decided and votes.labels[at] is not Label.PHOTO_CREDIT:
            credit = Vote(at, Label.CREDIT, "credit.below-story", CREDITED, name)
            decided[at] = Labeled(bare(at), credit, (votes.vote(at),))
    labels = votes.labels.copy()
    for at, it in decided.items():
        labels[at] = it.label

    @cache
    def exact() -> dict[int, tuple[Vote, ...]]:
        every = list(map(bare, range(len(texts))))
        found = removed_votes(every, votes.labels, {*kept, *decided}, about)
        for at, cast in found.items():
            labels[at] = cast[0].label
        return found

    def labeled(at: int) -> Labeled:
        it = decided.get(at)
        if it is not None:
            return Labeled(layout.block(at), it.because, it.others)
        because, *others = (*exact().get(at, ()), votes.vote(at))
        return Labeled(layout.block(at), because, tuple(others))

    return replace(cleaned, blocks=Laid(labels, texts, tight, labeled))
