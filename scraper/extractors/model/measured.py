"""What several features of segments are computed from, once for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scraper.extractors import characters as ch
from scraper.extractors.columns import Columns, Ints
from scraper.extractors.elements import Elements
from scraper.extractors.walk import Segments

# A text so long, with so few links, is prose wherever it stands.
PROSE_CHARS: Final = 80
PROSE_LINKS: Final = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """``n`` segments. ``counts`` [8, n] are characters by class, ``length`` [n] all of them,
    ``chars`` [n] the same with a letter of Chinese counted for more, ``links`` [n] the share that
    stands in links, ``prose`` [n] the characters of what is prose; ``sums`` [3, n + 1] are those
    of characters, linked characters and prose up to each segment. ``ends`` [3, n] are the classes
    of the first, the last but one, and the last character. ``upto`` [rows + 1] counts the segments
    before each row."""

    page: Columns
    segments: Segments
    elements: Elements
    n: int
    counts: NDArray[np.int32]
    length: NDArray[np.int64]
    chars: NDArray[np.float64]
    links: NDArray[np.float64]
    prose: NDArray[np.float64]
    sums: NDArray[np.float64]
    ends: NDArray[np.uint8]
    upto: Ints

    def span(self, rows: Ints) -> tuple[Ints, Ints]:
        """The segments that stand in these elements, from and to."""
        return self.upto[rows], self.upto[self.page.end[rows]]


def measured(page: Columns, segments: Segments, elements: Elements) -> Measured:
    """Counts and sums over the segments of a page; there must be at least one."""
    sorts, starts, length = ch.sorts(segments.texts)
    counts = ch.counted(sorts, starts, length)
    stops = starts + length
    ends = sorts[np.array([starts, np.maximum(stops - 2, starts), stops - 1])]
    # A letter of Chinese says as much as two or three of English.
    chars = length + 1.5 * counts[ch.WIDE]
    links = linked_chars(segments, elements, length) / length
    is_prose = (chars >= PROSE_CHARS) & (links < PROSE_LINKS)
    prose = np.where(is_prose, chars * (1 - links), 0.0)
    n = len(length)
    sums = np.zeros((3, n + 1))
    np.cumsum([chars, chars * links, prose], axis=1, out=sums[:, 1:])
    return Measured(
        page, segments, elements, n, counts, length, chars, links, prose, sums, ends,
        page.upto(segments.first),
    )  # fmt: skip


def linked_chars(
    segments: Segments, elements: Elements, length: NDArray[np.int64]
) -> NDArray[np.float64]:
    """How many characters of each segment stand in links, white space left out."""
    linked = np.flatnonzero((elements.link >= 0) & segments.solid)
    chars = np.zeros(len(segments.pieces))
    chars[linked] = [len(" ".join(segments.pieces[at].split())) for at in linked.tolist()]
    sums = np.concatenate([[0.0], np.cumsum(chars)])
    found: NDArray[np.float64] = np.minimum(sums[segments.stop] - sums[segments.start], length)
    return found


def alike(values: NDArray[np.generic]) -> NDArray[np.intp]:
    """A number for each value, from 0 on by their size, the same for equal ones, [n], n >= 1.

    ``np.unique`` takes three times as long on as few as a page has.

    >>> alike(np.array([7.5, 2.0, 7.5])).tolist()
    [1, 0, 1]
    """
    order = values.argsort()
    ranked = values[order]
    found = np.empty(len(values), dtype=np.intp)
    found[order[0]] = 0
    found[order[1:]] = np.cumsum(ranked[1:] != ranked[:-1])
    return found
