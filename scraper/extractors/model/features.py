"""What the model is told of each segment of a page: one row of numbers each, no language in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaners.labels import Label
from scraper.extractors import characters as ch
from scraper.extractors.columns import Ints
from scraper.extractors.model.measured import Measured
from scraper.extractors.model.place_labels import SUSPECTS
from scraper.extractors.model.surroundings import NAMES as AROUND
from scraper.extractors.model.surroundings import surroundings
from scraper.extractors.model.token_scores import TokenScores
from scraper.extractors.said import NAMES as MARKS
from scraper.extractors.said import Said
from scraper.extractors.tags import NUMBER
from scraper.extractors.walk import HEADING_TAGS, KINDS

Floats: TypeAlias = NDArray[np.float32]

BOX_TAGS: Final = ("p", "div", "li", "td", "h1", "h2", "h3", "h4", "span", "dd", "button", "body")
BOXES: Final = np.array([NUMBER[tag] for tag in BOX_TAGS])[:, None]
EACH_KIND: Final = np.arange(len(KINDS))[:, None]
EACH_SUSPECT: Final = np.arange(len(SUSPECTS))[:, None]
COMMENT: Final = SUSPECTS.index(Label.COMMENT)
# A longer text is no title and no description.
LONGEST_TOLD: Final = 400  # characters
BEGINNING: Final = 60  # characters


def features(it: Measured, said: Said, suspected: Ints) -> Floats:
    """Float32 [f, n], all but what the tokens say, in the order of ``names()``. Linear.

    ``suspected`` [n] are the places of the labels in ``SUSPECTS``, or -1.
    """
    size = len(names()) - len(TokenScores.NAMES)
    return filled(np.empty((size, it.n), dtype=np.float32), parts(it, said, suspected))


def parts(it: Measured, said: Said, suspected: Ints) -> Iterator[NDArray[np.generic]]:
    """The same in pieces, [k, n] or [k, 1] each, as they are made."""
    yield from _own(it)
    yield from surroundings(it)
    yield _told(it, said)
    yield said.marks[:, None]
    yield from _suspected(it, suspected)


def filled(found: Floats, pieces: Iterable[NDArray[np.generic]]) -> Floats:
    """The pieces one below the other, which costs less memory than to join them."""
    at = 0
    for piece in pieces:
        found[at : at + len(piece)] = piece
        at += len(piece)
    return found


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
    start, before_last, last = it.ends
    # A closing quote or bracket after the full stop does not count.
    closes = (last >> ch.END) | ((last >> ch.QUOTE) & (before_last >> ch.END))
    marks = np.array([closes, last >> ch.CLAUSE, start >> ch.CAPITAL, start >> ch.SIGN]) & 1
    box = page.tag[segments.box]
    depth = page.depth[segments.box]
    order = np.arange(it.n)
    logs = np.log1p([
        it.length, it.chars, it.counts[ch.SPACE], it.n - order, segments.stop - segments.start
    ])  # fmt: skip
    return [
        logs[:3], np.array([it.links, it.links > 0, segments.tight, HEADING_TAGS[box]]),
        it.counts / it.length, marks, segments.kind == EACH_KIND, box == BOXES,
        np.array([
            depth, depth - _median(depth), order / max(1, it.n - 1),
            it.sums[0, :-1] / max(1.0, float(it.sums[0, -1])),
        ]),
        logs[3:],
    ]  # fmt: skip


def _median(values: Ints) -> float:
    """As np.median's, which costs five times as much on so few."""
    ranked, size = np.sort(values), len(values)
    return float(ranked[(size - 1) // 2] + ranked[size // 2]) / 2


def _told(it: Measured, said: Said) -> NDArray[np.bool_]:
    """Where title, description and the story of the JSON-LD stand again."""
    texts = it.segments.texts
    title, description = said.title.lower(), said.description.lower()
    found = np.zeros((5, it.n), dtype=np.bool_)
    short = (it.length > 8) & (it.length <= min(len(title), LONGEST_TOLD - 1))
    places = np.flatnonzero(short)
    lower = [texts[at].lower() for at in places.tolist()]
    found[0, places] = is_told = np.array([it in title for it in lower], dtype=np.bool_)
    for at in np.flatnonzero(is_told).tolist():
        found[1, places[at]] = len(lower[at]) > 12 and title.startswith(lower[at])
    if description:
        longer = (it.length > 20) & (it.length < LONGEST_TOLD)
        places = np.flatnonzero(longer)
        found[2, places] = [texts[at][:BEGINNING].lower() in description for at in places.tolist()]
    if said.story:
        story = " ".join(said.story.split())
        found[3] = [text[:80] in story for text in texts]
        found[4] = bool(story)
    return found


def _suspected(it: Measured, suspected: Ints) -> list[NDArray[np.generic]]:
    """The place of each segment, and how much of the page's prose is comments: on a forum all of
    it is, below an article only some, and only there they are to go."""
    comments = suspected == COMMENT
    share = float((it.prose * comments).sum() / max(1.0, float(it.sums[2, -1])))
    return [
        suspected == EACH_SUSPECT,
        np.array([np.full(it.n, share), comments * (1 - share)]),
    ]
