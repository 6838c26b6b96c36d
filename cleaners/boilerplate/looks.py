"""What all rules want to know about the blocks of a text, found once for all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cleaners.blocks import Block, Columns, Kind
from cleaners.text.fold import fold_lines, is_unspaced

# “ closes in German and in the Slavic languages, ‘ inside of it, « in German books.
_CLOSED = re.compile(r"[.!?…。！？؟।॥。｡][\"'”’»)\]」』“‘«]*\s*$")
_STOPS = frozenset(".!?…。！？؟।॥｡")
# A heading or a menu entry is seldom longer; a sentence seldom shorter without a full stop.
_SHORT = 12  # words
_PROSE = 25  # words
# What is prose where paragraphs are shorter: in a brief, in a text of one-sentence paragraphs.
_BRIEF_PROSE = 8  # words


@dataclass(frozen=True, slots=True)
class Looks:
    """The blocks and, in the same order, how each looks.

    ``spoken`` is the text of each block, folded but for its spaces, and ``words`` its words.
    ``lengths`` counts them, two characters of an unspaced script as one word; ``closed`` says that
    the block ends as a sentence does. ``prose`` is how many words of a closed block are a paragraph
    in this text. ``story`` is the place of the first such paragraph, and the place after the last;
    all there is where there is none.
    """

    blocks: Columns
    spoken: list[str]
    words: list[list[str]]
    lengths: list[int]
    closed: list[bool]
    prose: int
    story: tuple[int, int]

    @property
    def folded(self) -> list[str]:
        """The text of each block, folded; made anew each time."""
        return [" ".join(it) for it in self.words]

    def is_prose(self, at: int) -> bool:
        """Whether the block is a paragraph of some length that ends as a sentence does."""
        return self.closed[at] and self.lengths[at] >= self.prose

    def stands_alone(self, at: int) -> bool:
        """Whether the block is a heading, or looks like one: short and without a full stop."""
        if self.blocks.kinds[at] is Kind.HEADING:
            return True
        return self.lengths[at] <= _SHORT and not self.closed[at]


def look(blocks: Sequence[Block]) -> Looks:
    """Linear in the length of all texts."""
    return look_all([Columns.of(blocks)])[0]


def look_all(pages: Sequence[Columns]) -> list[Looks]:
    """The looks of many texts, folded in one pass, which is faster than one by one."""
    texts = [it for blocks in pages for it in blocks.texts]
    spoken = fold_lines(texts)
    words = [it.split() for it in spoken]
    closed = [_is_closed(it) for it in texts]
    # Letters of ASCII are all of scripts with spaces, and most texts fold to nothing else.
    if all(map(str.isascii, spoken)):
        lengths = list(map(len, words))
    else:
        pairs = zip(spoken, words, strict=True)
        lengths = [len(own) if line.isascii() else _length(own) for line, own in pairs]
    found, end = [], 0
    for blocks in pages:
        own = slice(end, end := end + len(blocks))
        found.append(_looks(blocks, spoken[own], words[own], lengths[own], closed[own]))
    return found


def _is_closed(text: str) -> bool:
    last = text[-1:]
    return last in _STOPS or (not last.isalnum() and _CLOSED.search(text[-8:]) is not None)


def _looks(
    blocks: Columns,
    spoken: list[str],
    words: list[list[str]],
    lengths: list[int],
    closed: list[bool],
) -> Looks:
    sentences = [length for length, is_closed in zip(lengths, closed, strict=True) if is_closed]
    least = _least_prose(sentences)
    prose = [at for at, it in enumerate(lengths) if closed[at] and it >= least]
    story = (prose[0], prose[-1] + 1) if prose else (0, len(blocks))
    return Looks(blocks, spoken, words, lengths, closed, least, story)


def _least_prose(lengths: list[int]) -> int:
    """The usual length, unless shorter paragraphs than that hold most of what is said."""
    long, brief = (sum(it for it in lengths if it >= least) for least in (_PROSE, _BRIEF_PROSE))
    return _PROSE if 2 * long >= brief else _BRIEF_PROSE


def _length(words: list[str]) -> int:
    if not words or (len(words[0]) > 1 and len(words[-1]) > 1):
        return len(words)
    single = len([it for it in words if len(it) == 1 and it > "\u0dff" and is_unspaced(it)])
    return len(words) - single + (single + 1) // 2
