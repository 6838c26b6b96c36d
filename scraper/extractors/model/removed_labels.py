"""What exactly the blocks are that a page is read without: words and places agree on a label.

The model tells story from no story, and the class names of a place what it may be; what a block
says is often plainer. It is asked only when somebody looks at what was removed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cleaners.blocks import Block, Kind
from cleaners.boilerplate.decide import decide
from cleaners.boilerplate.looks import Looks, look
from cleaners.boilerplate.phrase_book import phrase_book
from cleaners.boilerplate.phrases import find_phrases, phrase_votes
from cleaners.boilerplate.shape import shape_votes
from cleaners.labels import Label, Vote
from cleaners.text.fold import fold

# Longer texts are other stories, and so many short ones are lists; both are what their place says.
LONGEST, MOST = 400, 200  # characters, blocks
# A line with an author's name that is longer tells something about the author.
BYLINE_WORDS = 8
LONGEST_BYLINE = 90  # characters
# So much of a headline's words makes a line the headline: "Storm hits coast | The Daily Post".
HEADLINE_SHARE = 0.7
PLACE: Final = "model.page"
# How sure the class names of a place are against words; the first is seldom anything else, the last
# hold whatever stands there (benchmarks/labels.py: .61 of what places call an advert is one, .19 of
# what stands in no named place is navigation).
SURE: Final = {
    Label.COMMENT: 0.96,
    Label.RELATED: 0.75,
    Label.FOOTER: 0.6,
    Label.ADVERT: 0.6,
    Label.NAVIGATION: 0.55,
}
SURE_ELSE = 0.96
# What stands around a story and nowhere else: "Log in" is a wall there, and in a menu a link.
NEAR: Final = frozenset({Label.PAYWALL, Label.AUTHOR_BIO, Label.BYLINE, Label.COMMENT})
ABOVE, BELOW = 12, 25  # blocks
FORMS: Final = frozenset({Label.NEWSLETTER, Label.COMMENT_FORM})
# How many blocks a heading can account for.
REACH: Final = {
    Label.RELATED: 12,
    Label.COMMENT_FORM: 10,
    Label.SHARING: 8,
    Label.NEWSLETTER: 4,
    Label.AUTHOR_BIO: 2,
}


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the story that a block may repeat."""

    title: str | None = None
    authors: tuple[str, ...] = ()


def removed_votes(
    blocks: Sequence[Block], labels: Sequence[Label], kept: Collection[int], about: About
) -> dict[int, tuple[Vote, ...]]:
    """For blocks of which the words say more than the place: the vote, and the others.

    ``blocks`` are a page's in their order, ``labels`` [n] those of their places, ``kept`` where
    the story stands among them. Only labels that are removed by default are given.
    """
    asked = _asked(blocks, kept)
    first, last = min(kept, default=0), max(kept, default=0)
    # The ends of the story are enough to tell above from below.
    here = [blocks[at] for at in sorted({*asked, *({first, last} & {*kept})})]
    looks = look(here)
    book = phrase_book()
    phrases = phrase_votes(looks, list(find_phrases(looks, book)))
    trails = _trails([blocks[at] for at in asked if at < first])
    cast = [
        it
        for it in (*phrases, *trails, *shape_votes(looks), *_repeated(looks, about))
        if not it.label.is_kept
        # The button of a newsletter says what the button of a wall says.
        and (it.label is not Label.PAYWALL or labels[it.block] not in FORMS)
        and (it.label not in NEAR or first - ABOVE <= it.block <= last + BELOW)
    ]
    spoken = sorted({it.block for it in cast} - {*kept})
    placed = [
        Vote(at, labels[at], PLACE, SURE.get(labels[at], SURE_ELSE), "place") for at in spoken
    ]
    said = {
        it.block.index: _without_place((it.because, *it.others))
        for it in decide([blocks[at] for at in spoken], [*cast, *placed])
        if not it.label.is_kept and it.because.rule != PLACE
    }
    for vote in _under_headings([blocks[at] for at in asked], said, labels):
        said[vote.block] = (vote, *said.get(vote.block, ()))
    return said


def byline_votes(head: Sequence[Block], about: About) -> Iterator[Vote]:
    """For the first blocks of a story: which of them say who wrote it, and nothing else."""
    names = {word for it in about.authors for word in fold(it).split()}
    for block in head if names else ():
        words = fold(block.text).split() if len(block.text) <= LONGEST_BYLINE else []
        named = sum(it in names for it in words)
        # One more word, or two: "By", "and", a role.
        if named >= 2 and len(words) - named <= 2:
            yield Vote(block.index, Label.BYLINE, "page.author", 0.97, f"{named} words of names")


def wall_votes(story: Sequence[Block], labels: Sequence[Label]) -> Iterator[Vote]:
    """For headings that speak of a subscription, right before what stands at a paywall.

    ``labels`` [n] are those of all the page's places. The place alone says too little: stories
    stand in elements called ``subscriber-only`` too.
    """
    for block in story:
        below = block.index + 1
        if block.kind is Kind.HEADING and labels[below : below + 1] == [Label.PAYWALL]:
            said = _SUBSCRIPTION.search(block.text)
            if said:
                yield Vote(block.index, Label.PAYWALL, "context.before-wall", 0.9, said.group())


_SUBSCRIPTION: Final = re.compile(
    r"subscri|sign up|abonn|suscri|assina|abbona|подпис|підпис|abone|購読|会員|구독|订阅|訂閱",
    re.IGNORECASE,
)


def _without_place(votes: tuple[Vote, ...]) -> tuple[Vote, ...]:
    return tuple([it for it in votes if it.rule != PLACE])


def _asked(blocks: Sequence[Block], kept: Collection[int]) -> list[int]:
    """The short removed blocks, those nearest to the story where there are too many."""
    short = [it.index for it in blocks if it.index not in kept and len(it.text) <= LONGEST]
    if len(short) <= MOST:
        return short
    first, last = min(kept, default=0), max(kept, default=0)
    near = sorted(short, key=lambda at: max(first - at, at - last, 0))[:MOST]
    return sorted(near)


def _trails(above: Sequence[Block]) -> Iterator[Vote]:
    """Lines above the story that lead from the front page to it."""
    for block in above:
        for mark, least in _STEPS if len(block.text) <= LONGEST_TRAIL else ():
            steps = mark.split(block.text)
            if least <= len(steps) <= 7 and all(1 <= len(it.split()) <= 5 for it in steps[:-1]):
                evidence = f"{len(steps)} steps"
                yield Vote(block.index, Label.BREADCRUMB, "page.trail", 0.9, evidence)
                break


# Marks and from how many steps on they are no chance: "Movers / Moving companies" is a title.
_STEPS: Final = ((re.compile(r"\s*[›»❯]\s*"), 2), (re.compile(r"\s+[>/→]\s+"), 3))
LONGEST_TRAIL = 160  # characters, a headline at the end included


def _repeated(looks: Looks, about: About) -> Iterator[Vote]:
    """Lines that say again what is known of the story: its title, who wrote it."""
    title = fold(about.title or "").split()
    names = [name for it in about.authors if (name := fold(it))]
    for block, folded, words in zip(looks.blocks, looks.folded, looks.words, strict=True):
        if title and words and len(words) <= 2 * len(title):
            same = len(set(title) & set(words)) / max(len(set(title)), len(set(words)))
            if same >= HEADLINE_SHARE:
                evidence = f"{same:.0%} of the title's words"
                yield Vote(block.index, Label.REPEATED_HEADLINE, "page.title", 0.99, evidence)
                continue
        if len(words) <= BYLINE_WORDS:
            named = [it for it in names if f" {it} " in f" {folded} "]
            if named:
                yield Vote(block.index, Label.BYLINE, "page.author", 0.85, ", ".join(named))


def _under_headings(
    asked: Sequence[Block], said: Mapping[int, tuple[Vote, ...]], labels: Sequence[Label]
) -> Iterator[Vote]:
    """What stands right under a heading that announces it, where the place says nothing sure."""
    label, evidence, left, before = Label.CONTENT, "", 0, -2
    for block in asked:
        at = block.index
        votes = said.get(at)
        if block.kind is Kind.HEADING:
            label = votes[0].label if votes else Label.CONTENT
            left, evidence = REACH.get(label, 0), f"under “{block.text[:40]}”"
        elif at != before + 1:
            left = 0
        elif left and votes:
            if label in FORMS and votes[0].label is Label.PAYWALL:
                yield Vote(at, label, "context.under-heading", 0.95, evidence)
        elif left and labels[at] in SURE and labels[at] is not Label.COMMENT:
            left -= 1
            yield Vote(at, label, "context.under-heading", 0.95, evidence)
        before = at
