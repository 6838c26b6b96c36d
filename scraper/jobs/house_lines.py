"""Takes out of a job's articles what their site says in one after another.

No single page shows that a line is the house's; the job's own pages do. The ledger keeps the
articles as they were read: with more pages of a site more is known, and the files are written anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate
from typing import Final

from cleaners.blocks import Block, Kind
from cleaners.boilerplate.decide import decide
from cleaners.boilerplate.repeats import LineCounts
from cleaners.labels import Label, Labeled
from scraper.corpus.rows import ArticleRow, Removed
from scraper.sources.canonical import host_of

BREAK: Final = "\n\n"


def house_lines(rows: Iterable[ArticleRow]) -> LineCounts:
    """How often each line stands in the articles of each host."""
    counts = LineCounts()
    for it in rows:
        counts.add(paragraphs(it), host_of(it.url))
    return counts


def without_house_lines(row: ArticleRow, counts: LineCounts) -> ArticleRow:
    """The row with its host's own lines moved from ``text`` to ``removed``, as ``repeated``."""
    blocks = paragraphs(row)
    votes = list(counts.votes(blocks, host_of(row.url)))
    if not votes:
        return row
    labeled = decide(blocks, votes)
    if all(it.label is Label.REPEATED for it in labeled):
        return row  # nothing would be left: then it is no line around a story
    return moved(row, labeled)


def paragraphs(row: ArticleRow) -> list[Block]:
    return [Block(n, Kind.PARAGRAPH, it) for n, it in enumerate(row.text.split(BREAK))]


def moved(row: ArticleRow, labeled: tuple[Labeled, ...]) -> ArticleRow:
    lengths = [len(it.block.text) + len(BREAK) for it in labeled]
    starts = list(accumulate(lengths, initial=0))
    is_gone = [it.label is Label.REPEATED for it in labeled]
    # How much shorter the text has become before each paragraph.
    shrinks = (n if out else 0 for n, out in zip(lengths, is_gone, strict=True))
    gone = list(accumulate(shrinks, initial=0))
    kept = [it.block.text for it, out in zip(labeled, is_gone, strict=True) if not out]
    text = BREAK.join(kept)

    def place(at: int) -> int:
        before = sum(start <= at for start in starts[:-1]) - 1
        inside = 0 if is_gone[before] else at - starts[before]
        return min(len(text), starts[before] - gone[before] + inside)

    removed = [replace(it, at=None if it.at is None else place(it.at)) for it in row.removed]
    for it, start in zip(labeled, starts, strict=False):
        if it.label is Label.REPEATED:
            vote = it.because
            new = (vote.rule, round(vote.confidence, 4), vote.evidence, it.block.text)
            removed.append(Removed(it.label.value, *new, at=place(start)))
    in_order = sorted(removed, key=lambda it: len(text) if it.at is None else it.at)
    return replace(row, text=text, removed=tuple(in_order))
