"""Learns which lines return text after text from one source: house lines, disclaimers, sign-ups.

A quotation that stands in many stories is no such line: it returns in the middle of stories on
one matter, while a house line returns at the edges, or in a large share of all texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from cleaners.blocks import Block, Kind
from cleaners.boilerplate.looks import Looks, look
from cleaners.labels import Label, Vote

RULE = "repeats.line"


@dataclass(frozen=True, slots=True)
class Repeats:
    """When a line counts as one that returns.

    ``fewest``: in so many texts at least. ``share``: of the source's texts where it stands inside
    the story; ``prose_share``: there, if it is a paragraph; ``edge_share``: where it nearly always
    stands before or after it. ``most_lines``: how many different lines are remembered for all
    sources together; the rare ones go first.
    """

    fewest: int = 4
    share: float = 0.3
    prose_share: float = 0.6
    edge_share: float = 0.02
    most_lines: int = 500_000


# Of its appearances, so many must be at the edge for a line to count as an edge line.
_AT_EDGE = 0.8
# One in ten of the lines that come once more in another story is a quotation or a chance; the doubt
# shrinks with each text.
_DOUBT = 0.1
# "The Daily Ferry" is a member of the press council: a name in quotation marks is no speech.
_OPENS, _CLOSES = frozenset('"“„«»‟「『'), frozenset('"”“»«」』')
_NAME_LONGEST = 40  # characters
# What is a matter of form is no line of its own.
_NO_LINES = (Kind.CODE, Kind.TABLE)
# Blocks from either end that are edge whatever stands there.
_EDGE_BLOCKS = 2


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one text of a source as they are counted: the place and the digest of each."""

    source: str
    keys: list[tuple[int, bytes]]


@dataclass(slots=True)
class LineCounts:
    """How often lines stood in the texts of each source; a resource that grows, up to a bound.

    Memory: about 150 bytes for each line that is remembered.
    """

    settings: Repeats = field(default_factory=Repeats)
    _texts: dict[str, int] = field(default_factory=dict)
    _lines: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    _stories: set[bytes] = field(default_factory=set)

    def add(self, blocks: Sequence[Block], source: str) -> None:
        """Counts each line of a text once. A second copy of a story counts for nothing."""
        self.add_looks(look(blocks), source)

    def add_looks(self, looks: Looks, source: str) -> Lines:
        """The same where the looks are there already; the lines, for ``votes_on_lines``."""
        folded = looks.folded
        lines = _lines(looks, source, folded)
        longest = max(folded, key=len, default="")
        story = _digest(f"{source}\n{longest}".encode("utf-8", "replace"))
        if story in self._stories:
            return lines
        if len(self._stories) >= self.settings.most_lines:
            self._stories.clear()
        self._stories.add(story)
        self._texts[source] = self._texts.get(source, 0) + 1
        seen: dict[bytes, bool] = {}
        (start, end), size = looks.story, len(looks.blocks)
        start, end = max(start, _EDGE_BLOCKS), min(end, size - _EDGE_BLOCKS)
        for at, line in lines.keys:
            seen[line] = seen.get(line, False) or not start <= at < end
        for line, is_edge in seen.items():
            texts, edges = self._lines.get(line, (0, 0))
            self._lines[line] = texts + 1, edges + is_edge
        if len(self._lines) > self.settings.most_lines:
            self._forget()
        return lines

    def _forget(self) -> None:
        """Drops the rarest lines until half of the room is free (after Manku and Motwani 2002)."""
        least = 1
        while len(self._lines) > self.settings.most_lines // 2:
            self._lines = {line: it for line, it in self._lines.items() if it[0] > least}
            least += 1

    def votes(self, blocks: Sequence[Block], source: str) -> Iterator[Vote]:
        """A vote on each line of a text that returns in others of its source; the count is the
        evidence."""
        looks = look(blocks)
        yield from self.votes_on_lines(looks, _lines(looks, source, looks.folded))

    def votes_on_lines(self, looks: Looks, lines: Lines) -> Iterator[Vote]:
        """The same for lines that were added before."""
        source, blocks = lines.source, looks.blocks
        texts = self._texts.get(source, 0)
        if texts < self.settings.fewest:
            return
        for at, line in lines.keys:
            count, edges = self._lines.get(line, (0, 0))
            if count < self.settings.fewest:
                continue
            if _is_speech(blocks.texts[at]):
                continue
            is_edge = edges >= _AT_EDGE * count
            least = self.settings.prose_share if looks.is_prose(at) else self.settings.share
            if count >= texts * (self.settings.edge_share if is_edge else least):
                where = f" of {source}" if source else ""
                evidence = f"in {count} of {texts} texts{where}"
                sure = 1 - _DOUBT / count
                yield Vote(blocks.index(at), Label.REPEATED, RULE, sure, evidence)


def _is_speech(text: str) -> bool:
    """Whether somebody says the line: it opens with quotation marks, and more than a name is in
    them."""
    if text[:1] not in _OPENS:
        return False
    closes = next((at for at, char in enumerate(text) if at and char in _CLOSES), len(text))
    return closes > _NAME_LONGEST


def _lines(looks: Looks, source: str, folded: list[str]) -> Lines:
    before = f"{source}\n".encode("utf-8", "replace")
    kinds = looks.blocks.kinds
    keys = [
        (at, _digest(before + it.encode("utf-8", "replace")))
        for at, it in enumerate(folded)
        if it and kinds[at] not in _NO_LINES
    ]
    return Lines(source, keys)


def _digest(line: bytes) -> bytes:
    return blake2b(line, digest_size=8).digest()
