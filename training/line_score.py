"""Scores a cleaned text against the lines of it that stand in the gold text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cleaners.labels import Cleaned
from cleaners.text.fold import fold
from training.line_captions import is_caption
from training.line_data import Output


@dataclass(frozen=True, slots=True)
class Score:
    """One document; counts are words, ``before`` and ``after`` word F1 against the story lines.

    There the headline counts neither way. ``strict_before`` and ``strict_after`` count it as
    residue, as the data do; ``bare_before`` and ``bare_after`` leave out captions as well.
    """

    before: float
    after: float
    strict_before: float
    strict_after: float
    bare_before: float
    bare_after: float
    story: int
    story_lost: int
    residue: int
    residue_removed: int
    headline: int  # words of residue that are the page's title again
    headline_removed: int
    caption: int  # words of ``residue`` that stand under a picture
    caption_removed: int

    @property
    def is_clean(self) -> bool:
        return self.residue == 0 and self.headline == 0

    @property
    def is_unchanged(self) -> bool:
        return self.story_lost == 0 and self.residue_removed == 0


def score(
    output: Output, clean: Callable[[str], Cleaned], known: frozenset[str] = frozenset()
) -> Score:
    """Cleans the lines as one text and compares words; a headline is no residue and no story.

    ``known`` are the page's captions (``training.line_captions``), which are counted apart as well.
    """
    cleaned = clean("\n".join(output.lines))
    title = fold(output.title)
    story, residue, headline = Counter[str](), Counter[str](), Counter[str]()
    captions = Counter[str]()  # lines
    for line, is_story in zip(output.lines, output.is_story, strict=True):
        words = fold(line).split()
        if is_story:
            story.update(words)
        elif is_title(" ".join(words), title):
            headline.update(words)
        else:
            residue.update(words)
            if known and is_caption(line := " ".join(words), known):
                captions[line] += 1
    kept = _words(it.block.text for it in cleaned.kept)
    removed = _words(it.block.text for it in cleaned.removed)
    captions_removed = captions & Counter(fold(it.block.text) for it in cleaned.removed)
    everything = story + residue + headline
    under_pictures = _all_words(captions)
    kept_under = _all_words(captions - captions_removed)
    # A word that stands in story and residue counts as lost only where the kept text has too few.
    lost = (story - kept).total()
    return Score(
        before=f1(everything - headline, story),
        after=f1(kept - (headline - removed), story),
        strict_before=f1(everything, story),
        strict_after=f1(kept, story),
        bare_before=f1(everything - headline - under_pictures, story),
        bare_after=f1(kept - (headline - removed) - kept_under, story),
        story=story.total(),
        story_lost=lost,
        residue=residue.total(),
        residue_removed=max(0, removed.total() - lost - (headline & removed).total()),
        headline=headline.total(),
        headline_removed=(headline & removed).total(),
        caption=under_pictures.total(),
        caption_removed=_all_words(captions_removed).total(),
    )


def _all_words(lines: Counter[str]) -> Counter[str]:
    """The words of folded lines, each as often as there are such lines."""
    words = Counter[str]()
    for line, count in lines.items():
        for word in line.split():
            words[word] += count
    return words


def is_title(line: str, title: str) -> bool:
    """Whether a folded line is the folded title, or nearly all of it."""
    if not title or not line:
        return False
    return line == title or (len(line) >= 0.6 * len(title) and (line in title or title in line))


def f1(found: Counter[str], gold: Counter[str]) -> float:
    """Of words with their multiplicity; 1 where both are empty."""
    both = (found & gold).total()
    return 2 * both / max(1, found.total() + gold.total()) if found or gold else 1.0


def _words(texts: Iterable[str]) -> Counter[str]:
    counted = Counter[str]()
    for text in texts:
        counted.update(fold(text).split())
    return counted
