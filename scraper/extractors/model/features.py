"""What the model is told of each segment of a page: one row of numbers each, no language in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaners.labels import Label
from scraper.extractors import characters as ch
from scraper.extractors.columns import Columns
from scraper.extractors.model.measured import Measured, measured
from scraper.extractors.model.place_labels import SUSPECTS
from scraper.extractors.model.surroundings import NAMES as AROUND
from scraper.extractors.model.surroundings import surroundings
from scraper.extractors.model.token_scores import TokenScores
from scraper.extractors.said import NAMES as MARKS
from scraper.extractors.said import Said
from scraper.extractors.tags import NUMBER
from scraper.extractors.walk import HEADING_TAGS, KINDS, Segments

Floats: TypeAlias = NDArray[np.float32]

BOX_TAGS: Final = ("p", "div", "li", "td", "h1", "h2", "h3", "h4", "span", "dd", "button", "body")
BOXES: Final = tuple(NUMBER[tag] for tag in BOX_TAGS)
SUSPECTED: Final[dict[Label | None, int]] = {label: place for place, label in enumerate(SUSPECTS)}


def features(
    page: Columns, segments: Segments, said: Said, suspected: Sequence[Label | None]
) -> Floats:
    """Float32 [n, f], all but what the tokens say, in the order of ``names()``. Linear."""
    it = measured(page, segments)
    columns: list[NDArray[np.generic]] = []
    columns += _own(it)
    columns += surroundings(it)
    columns += _told(it, said)
    columns += [np.full(it.n, value) for value in said.marks]
    columns += _suspected(it, suspected)
    found = np.empty((len(columns), it.n), dtype=np.float32)
    for place, column in enumerate(columns):
        found[place] = column
    return found.T


def names() -> tuple[str, ...]:
    """The names of the columns that ``features`` gives."""
    own = ["log_chars", "log_wide_chars", "words", "link_share", "has_link", "tight", "level"]
    own += [f"chars.{it}" for it in ch.CLASSES] + [
        "ends.end",
        "ends.clause",
        "starts.capital",
        "starts.sign",
    ]
    own += [f"kind.{it}" for it in KINDS] + [f"box.{it}" for it in BOX_TAGS]
    own += ["depth", "depth.median", "place", "place.chars", "from_end", "pieces"]
    told = ["in_title", "title_in", "description", "story", "has_story"]
    return (
        *own, *AROUND, *told, *MARKS,
        *(f"place.{it}" for it in SUSPECTS), "comments.prose", "comments.less", *TokenScores.NAMES,
    )  # fmt: skip


def _own(it: Measured) -> list[NDArray[np.generic]]:
    page, segments = it.page, it.segments
    texts = segments.texts
    last = ch.TABLE[[min(ord(text[-1]), 0xFFFF) for text in texts]]
    # A closing quote or bracket after the full stop does not count.
    start = ch.TABLE[[min(ord(text[0]), 0xFFFF) for text in texts]]
    before_last = ch.TABLE[[min(ord(text[-2:][0]), 0xFFFF) for text in texts]]
    ends = ((last >> ch.END) & 1) | (((last >> ch.QUOTE) & 1) & ((before_last >> ch.END) & 1))
    share = it.counts / np.maximum(1, it.length)[:, None]
    depth = page.depth[segments.box]
    place = np.arange(it.n) / max(1, it.n - 1)
    total = max(1.0, float(it.sum_chars[-1]))
    box = page.tag[segments.box]
    return [
        np.log1p(it.length), np.log1p(it.chars), np.log1p(it.counts[:, ch.SPACE]),
        it.links, it.links > 0, segments.tight, HEADING_TAGS[page.tag[segments.box]],
        *share.T, ends, (last >> ch.CLAUSE) & 1, (start >> ch.CAPITAL) & 1, (start >> ch.SIGN) & 1,
        *[segments.kind == kind for kind in range(len(KINDS))],
        *[box == number for number in BOXES],
        depth, depth - np.median(depth), place, it.sum_chars[:-1] / total,
        np.log1p(it.n - np.arange(it.n)), np.log1p([len(line) for line in segments.lines]),
    ]  # fmt: skip


def _told(it: Measured, said: Said) -> list[NDArray[np.generic]]:
    texts = it.segments.texts
    title, description = said.title.lower(), said.description.lower()
    story = " ".join(said.story.split())
    lower = [text.lower() if len(text) < 400 else "" for text in texts]
    return [
        np.array([len(text) > 8 and text in title for text in lower]),
        np.array(
            [len(title) > 8 and title[: len(text)] == text and len(text) > 12 for text in lower]
        ),
        np.array([len(text) > 20 and text[:60] in description for text in lower]),
        np.array([text[:80] in story for text in texts]) if story else np.zeros(it.n),
        np.full(it.n, bool(story)),
    ]


def _suspected(it: Measured, suspected: Sequence[Label | None]) -> list[NDArray[np.generic]]:
    """The place of each segment, and how much of the page's prose is comments: on a forum all of
    it is, below an article only some, and only there they are to go."""
    places = np.array([SUSPECTED.get(label, -1) for label in suspected])
    found: list[NDArray[np.generic]] = [places == place for place in range(len(SUSPECTS))]
    comments = places == SUSPECTS.index(Label.COMMENT)
    share = float((it.prose * comments).sum() / max(1.0, float(it.sum_prose[-1])))
    return [*found, np.full(it.n, share), comments * (1 - share)]
