"""What several features of segments are computed from, once for a page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scraper.extractors import characters as ch
from scraper.extractors.columns import Columns, Ints
from scraper.extractors.page_blocks import link_rows
from scraper.extractors.tags import TEXT
from scraper.extractors.walk import Segments

# A text so long, with so few links, is prose wherever it stands.
PROSE_CHARS: Final = 80
PROSE_LINKS: Final = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """``n`` segments. ``counts`` [n, 8] are characters by class, ``length`` [n] all of them,
    ``chars`` [n] the same with a letter of Chinese counted for more, ``links`` [n] the share that
    stands in links, ``prose`` [n] the characters of what is prose; ``sum_…`` [n + 1] their sums
    up to each segment."""

    page: Columns
    segments: Segments
    n: int
    counts: NDArray[np.int32]
    length: NDArray[np.float64]
    chars: NDArray[np.float64]
    links: NDArray[np.float64]
    prose: NDArray[np.float64]
    sum_chars: NDArray[np.float64]
    sum_links: NDArray[np.float64]
    sum_prose: NDArray[np.float64]

    def span(self, rows: Ints) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The segments that stand in these elements, from and to."""
        start = np.searchsorted(self.segments.first, rows)
        stop = np.searchsorted(self.segments.first, self.page.end[rows])
        return start, stop


def measured(page: Columns, segments: Segments) -> Measured:
    """Counts and sums over the segments of a page; there must be at least one."""
    counts = ch.counts(segments.texts)
    length = np.array([len(it) for it in segments.texts], dtype=np.float64)
    # A letter of Chinese says as much as two or three of English.
    chars = length + 1.5 * counts[:, ch.WIDE]
    links = linked_chars(page, segments) / np.maximum(1, length)
    is_prose = (chars >= PROSE_CHARS) & (links < PROSE_LINKS)
    prose = np.where(is_prose, chars * (1 - links), 0.0)
    return Measured(
        page, segments, len(segments.texts), counts, length, chars, links, prose,
        _sums(chars), _sums(chars * links), _sums(prose),
    )  # fmt: skip


def linked_chars(page: Columns, segments: Segments) -> NDArray[np.float64]:
    """How many characters of each segment stand in links, white space left out."""
    rows = np.fromiter(chain.from_iterable(segments.lines), dtype=np.int64)
    starts = np.cumsum([0] + [len(it) for it in segments.lines[:-1]])
    linked = (link_rows(page) >= 0)[rows] & (page.tag[rows] == TEXT)
    chars = np.zeros(len(rows))
    where = np.flatnonzero(linked)
    chars[where] = [len(" ".join(page.texts[row].split())) for row in rows[where].tolist()]
    return np.minimum(np.add.reduceat(chars, starts), [len(it) for it in segments.texts])


def _sums(values: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(values)])
