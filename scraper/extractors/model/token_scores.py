"""What the names in class and id, and the words of short texts, have meant on other sites."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from scraper.extractors.columns import Columns, Ints
from scraper.extractors.tags import NAME

NAME_PARTS: Final = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")
WORDS: Final = re.compile(r"[^\W\d_]+")
# Longer texts say themselves what they are.
LONGEST: Final = 160  # characters
MOST_WORDS: Final = 12
DECAY: Final = 0.7
MOST_PARTS: Final = 12
LONGEST_NAMES: Final = 400  # characters of one attribute
# Of the tokens of one element: how much the strongest says, the rest goes to their mean.
STRONGEST: Final = 0.6


@lru_cache(maxsize=50_000)
def parts_of(name: str) -> tuple[str, ...]:
    """The tokens of one name: it as a whole, the words in it, and pairs of them.

    >>> parts_of("shareBar")
    ('.sharebar', 'share', 'bar', 'share-bar')
    """
    parts = [it.lower() for it in NAME_PARTS.findall(name)[:MOST_PARTS]]
    pairs = [f"{a}-{b}" for a, b in pairwise(parts)]
    return tuple(dict.fromkeys([f".{name.lower()}", *parts, *pairs]))


def names_in(tag: str, said: Sequence[str | None]) -> tuple[str, ...]:
    """The tokens of an element: its tag, and those of all names that it is given.

    >>> names_in("div", ["big nav", None])
    ('<div', '.big', 'big', '.nav', 'nav')
    """
    tokens = [f"<{tag}"]
    for value in said:
        if value:
            for name in value[:LONGEST_NAMES].split():
                tokens += parts_of(name)
    return tuple(tokens)


def words_in(text: str) -> tuple[str, ...]:
    """The tokens of a short text: its words, and it as a whole; none of a long one.

    >>> words_in("Read more")
    ('read', 'more', '=read more')
    """
    if len(text) > LONGEST:
        return ()
    words = [it[:16] for it in WORDS.findall(text.lower())[:MOST_WORDS]]
    if words and len(words) <= 4:
        words.append("=" + " ".join(words))
    return tuple(words)


@dataclass(frozen=True, slots=True)
class Names:
    """The tokens of elements: ``keys`` [n] counts in ``tokens``, -1 where none was asked for."""

    keys: list[int]
    tokens: list[tuple[str, ...]]
    parents: list[int]


def names_of(page: Columns, texts: Ints) -> Names:
    """The names of the elements that hold one of these rows of text.

    Elements that say the same share one entry, so that each is looked up once.
    """
    known: dict[object, int] = {}
    keys = [-1] * len(page.texts)
    rows = page.holding(texts)
    for row, tag in zip(rows.tolist(), page.tag[rows].tolist(), strict=True):
        key: object = tag
        attributes = page.attributes[row]
        if attributes:
            get = attributes.get
            key = (tag, get("class"), get("id"), get("role"), get("itemprop"), get("data-testid"))
        keys[row] = known.setdefault(key, len(known))
    tokens = [
        names_in(NAME.get(key, "custom"), ())
        if isinstance(key, int)
        else names_in(NAME.get(key[0], "custom"), key[1:])  # type: ignore[index]
        for key in known
    ]
    return Names(keys, tokens, page.parent.tolist())


@dataclass(frozen=True, slots=True, eq=False)
class TokenScores:
    """Log-odds that a text is of the story where a token stands, less those of all texts.

    ``names`` are tokens of elements, ``words`` those of short texts; one that few sites use is in
    neither and says nothing.
    """

    NAMES: ClassVar[tuple[str, ...]] = (
        "names.own", "names.near", "names.all", "names.least", "names.most",
        "words.mean", "words.least", "words.most", "words.known",
        "heading.mean", "heading.least", "heading.gap",
    )  # fmt: skip

    names: Mapping[str, float]
    words: Mapping[str, float]

    def of_names(self, names: Names, box: Ints) -> NDArray[np.float32]:
        """Float32 [n, 5] for the boxes of segments: the first columns of ``NAMES``."""
        known = [self._strength(tokens) for tokens in names.tokens]
        own, near, whole, least, most = ([0.0] * len(names.keys) for _ in range(5))
        for row, key in enumerate(names.keys):
            if key < 0:
                continue
            above = names.parents[row]
            score = own[row] = known[key]
            near[row] = score + DECAY * near[above]
            whole[row] = score + whole[above]
            lowest, highest = least[above], most[above]
            least[row] = score if score < lowest else lowest
            most[row] = score if score > highest else highest
        return np.array([own, near, whole, least, most], dtype=np.float32)[:, box].T

    def _strength(self, tokens: Sequence[str]) -> float:
        found = [it for it in map(self.names.get, tokens) if it is not None]
        if not found:
            return 0.0
        return max(found, key=abs) * STRONGEST + sum(found) / len(found) * (1 - STRONGEST)

    def of_words(
        self, words: Sequence[tuple[str, ...]], is_heading: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Float32 [n, 7] for segments: the last columns of ``NAMES``, the words of each and those
        of the last heading above it."""
        found = np.zeros((len(words), 7), dtype=np.float32)
        for row, tokens in enumerate(words):
            scores = [it for it in map(self.words.get, tokens) if it is not None]
            if scores:
                mean = sum(scores) / len(scores)
                found[row, :4] = mean, min(scores), max(scores), len(scores) ** 0.5
        order = np.arange(len(words))
        above = np.maximum.accumulate(np.where(is_heading, order, -1))
        found[:, 4:6] = np.where(above[:, None] >= 0, found[above, :2], 0)
        found[:, 6] = np.log1p(order - above)
        return found
