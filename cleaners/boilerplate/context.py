"""Votes that follow from what stands around a block, once the first votes have been weighed.

Titles under ``Related``, a bio under its heading, a form under ``Leave a reply``, what readers
wrote under ``12 comments``; what is left between two removed blocks after the story has ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaners.boilerplate.looks import Looks
from cleaners.labels import KEPT, Label, Laid, Vote

# Measured by benchmarks/rules.py, see there.
CONFIDENCE = {
    "context.under-heading": 0.95,
    "context.under-heading-inside": 0.79,
    "context.bio-text": 0.93,
    "context.between": 0.93,
    "context.comments": 0.97,
}

_BIO_LONGEST, _NAME_LONGEST = 120, 5  # words
# A heading over comments has a story above it: so many paragraphs, and more words than below, or
# still more paragraphs and a count of comments.
_STORY_FEWEST, _STORY_SURE = 3, 5  # paragraphs
# Each comment shows where it begins: a name, a date, a bullet, a number. After so many paragraphs
# without any, this is a story that goes on.
_COMMENT_LONGEST = 8  # paragraphs
_BULLETS = "•-*–@#"
# How many blocks a heading can account for.
_REACH = {
    Label.RELATED: 12,
    Label.NAVIGATION: 12,
    Label.COMMENT: 40,
    Label.COMMENT_FORM: 12,
    Label.AUTHOR_BIO: 2,
    Label.SHARING: 8,
    Label.NEWSLETTER: 4,
    Label.LEGAL: 4,
    Label.FOOTER: 20,
}
_REACH_ELSE = 3


def context_votes(looks: Looks, labeled: Laid, opening: frozenset[str]) -> Iterator[Vote]:
    """More votes on the same blocks; ``opening`` are ids of rules that announce what follows."""
    if KEPT.issuperset(labeled.labels):
        return
    end = _story_end(looks, labeled.labels)
    yield from _under_headings(looks, labeled, opening, end)
    yield from _between(looks, labeled, end)
    yield from _comments(looks, labeled, opening)


def _story_end(looks: Looks, labels: Sequence[Label]) -> int:
    """The place after the last kept paragraph."""
    for at in range(len(labels) - 1, -1, -1):
        if labels[at].is_kept and looks.is_prose(at):
            return at + 1
    return len(labels)


def _under_headings(
    looks: Looks, labeled: Laid, opening: frozenset[str], end: int
) -> Iterator[Vote]:
    for at, found in enumerate(labeled.labels, 1):
        if found.is_kept or (heading := labeled[at - 1]).because.rule not in opening:
            continue
        label, reach = heading.label, _REACH.get(heading.label, _REACH_ELSE)
        is_bio = label is Label.AUTHOR_BIO
        for place in range(at, min(at + reach, len(labeled))):
            it = labeled[place]
            if not it.label.is_kept and it.label is not label:
                if it.because.rule in opening:
                    break
                continue
            is_short = looks.stands_alone(place) or place >= end
            # The name may stand in a line of its own between the heading and the text.
            is_first = place == at or (place == at + 1 and looks.lengths[at] <= _NAME_LONGEST)
            is_text = is_bio and is_first and looks.lengths[place] <= _BIO_LONGEST
            if not (is_text and place >= end - 1) and (not is_short or looks.is_prose(place)):
                break
            rule = "context.under-heading" if place >= end else "context.under-heading-inside"
            if is_text:
                rule = "context.bio-text"
            evidence = f"under “{heading.block.text[:40]}”"
            yield Vote(it.block.index, label, rule, CONFIDENCE[rule], evidence)


def _between(looks: Looks, labeled: Laid, end: int) -> Iterator[Vote]:
    """Short blocks after the story that have a removed one above and below."""
    removed = [not it.is_kept for it in labeled.labels]
    for at in range(max(1, end), len(labeled) - 1):
        if removed[at] or not looks.stands_alone(at):
            continue
        above = next(
            (place for place in range(at - 1, max(end, at - 4) - 1, -1) if removed[place]), None
        )
        below = next(
            (place for place in range(at + 1, min(len(labeled), at + 4)) if removed[place]), None
        )
        if above is not None and below is not None:
            rule, label = "context.between", labeled.labels[above]
            evidence = f"between {label} and {labeled.labels[below]}"
            yield Vote(looks.blocks.index(at), label, rule, CONFIDENCE[rule], evidence)


def _comments(looks: Looks, labeled: Laid, opening: frozenset[str]) -> Iterator[Vote]:
    """What readers wrote, however much it looks like a story, under the first heading over it."""
    heading = _over_comments(looks, labeled, opening)
    if heading is None:
        return
    evidence, rule = f"under “{labeled[heading].block.text[:40]}”", "context.comments"
    since = _COMMENT_LONGEST
    for place in range(heading + 1, len(labeled)):
        is_begun = _is_begun(looks, place)
        if not labeled.labels[place].is_kept and not is_begun:
            continue
        since = 0 if is_begun else since + 1
        if since > _COMMENT_LONGEST:
            return
        it = labeled[place]
        if it.label.is_kept or it.because.rule.startswith("model."):
            yield Vote(looks.blocks.index(place), Label.COMMENT, rule, CONFIDENCE[rule], evidence)


def _over_comments(looks: Looks, labeled: Laid, opening: frozenset[str]) -> int | None:
    """The place of the first heading over comments that has a story above it."""
    paragraphs = above = 0
    words = sum(looks.lengths)
    for at, found in enumerate(labeled.labels):
        if not found.is_kept and paragraphs >= _STORY_FEWEST:
            it = labeled[at]
            if it.label is Label.COMMENT and it.because.rule in opening:
                is_counted = any(word[0].isdigit() for word in looks.words[at])
                if 2 * above > words or (is_counted and paragraphs >= _STORY_SURE):
                    return at
        paragraphs += looks.is_prose(at)
        above += looks.lengths[at]
    return None


def _is_begun(looks: Looks, at: int) -> bool:
    """Whether a block shows that a comment begins: a short line, a bullet, a number."""
    first = looks.blocks.texts[at][0]
    return looks.stands_alone(at) or first in _BULLETS or first.isdigit()
