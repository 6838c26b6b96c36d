"""What the names in class and id, and the words of short texts, have meant on other sites."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from scraper.extractors.columns import Attributes, Columns, Ints
from scraper.extractors.tags import NAME, TEXT

NAME_PARTS: Final = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")
WORDS: Final = re.compile(r"[^\W\d_]+")
# Longer texts say themselves what they are.
LONGEST: Final = 160  # characters
MOST_WORDS: Final = 12
DECAY: Final = 0.7
SAID_IN: Final = ("class", "id", "role", "itemprop", "data-testid", "data-component")
# Of the tokens of one element: how much the strongest says, the rest goes to their mean.
STRONGEST: Final = 0.6


def names_in(tag: str, attributes: Attributes) -> tuple[str, ...]:
    """The tokens of an element: its tag, its class names whole, the words in them, and pairs.

    >>> names_in("div", {"class": "shareBar js-x", "id": None})
    ('<div', '.sharebar', '.js-x', 'share', 'bar', 'js', 'share-bar', 'bar-js')
    """
    said = " ".join([value for name in SAID_IN if (value := attributes.get(name))])[:400]
    if not said:
        return (f"<{tag}",)
    whole = [f".{it.lower()}" for it in said.split()[:12]]
    parts = [it.lower() for it in NAME_PARTS.findall(said)[:24]]
    pairs = [f"{a}-{b}" for a, b in pairwise(parts)]
    return tuple(dict.fromkeys([f"<{tag}", *whole, *parts, *pairs]))


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
    """The tokens of a page's elements: ``keys`` [n] counts in ``tokens``, -1 on texts."""

    keys: list[int]
    tokens: list[tuple[str, ...]]
    parents: list[int]


def names_of(page: Columns) -> Names:
    """Elements that say the same share one entry, so that each is looked up once."""
    known: dict[tuple[object, ...], int] = {}
    tokens: list[tuple[str, ...]] = []
    keys = []
    for tag, attributes in zip(page.tag.tolist(), page.attributes, strict=True):
        if tag == TEXT:
            keys.append(-1)
            continue
        key: tuple[object, ...] = (tag,)
        if attributes:
            key = (tag, *[attributes.get(name) for name in SAID_IN])
        place = known.get(key)
        if place is None:
            place = known[key] = len(tokens)
            tokens.append(names_in(NAME.get(tag, "custom"), attributes))
        keys.append(place)
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
        n = len(names.keys)
        near, whole, least, most = ([0.0] * n for _ in range(4))
        own = [known[key] if key >= 0 else 0.0 for key in names.keys]
        for row, (key, above) in enumerate(zip(names.keys, names.parents, strict=True)):
            if key < 0:
                continue
            score = own[row]
            near[row] = score + DECAY * near[above]
            whole[row] = score + whole[above]
            least[row] = min(score, least[above])
            most[row] = max(score, most[above])
        return np.array([own, near, whole, least, most], dtype=np.float32)[:, box].T

    def _strength(self, tokens: Sequence[str]) -> float:
        found = [score for it in tokens if (score := self.names.get(it)) is not None]
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
            scores = [score for it in tokens if (score := self.words.get(it)) is not None]
            if scores:
                mean = sum(scores) / len(scores)
                found[row, :4] = mean, min(scores), max(scores), len(scores) ** 0.5
        order = np.arange(len(words))
        above = np.maximum.accumulate(np.where(is_heading, order, -1))
        found[:, 4:6] = np.where(above[:, None] >= 0, found[above, :2], 0)
        found[:, 6] = np.log1p(order - above)
        return found
