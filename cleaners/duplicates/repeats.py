"""Finds paragraphs that return in many documents of a corpus: what is no part of any one story."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cleaners.duplicates.fingerprint import exact
from cleaners.duplicates.shelf import Given, portions
from cleaners.duplicates.spool import Spool
from cleaners.duplicates.words import words

FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Repeat:
    """A paragraph that ``documents`` documents hold, whatever its case and punctuation there.

    ``text`` is how the first of them has it; ``first`` are the ids of the first five.
    """

    text: str
    documents: int
    words: int
    first: tuple[str, ...]


def repeated_passages(documents: Iterable[Given], *, least: int = 3) -> list[Repeat]:
    """The paragraphs of three words and more that ``least`` documents hold; most text first.

    Paragraphs are lines. The texts are read once and kept in a temporary file meanwhile.

    Raises:
        BadDocument: a document without an id or a text.

    >>> texts = [("a", "Rain fell.\\nSign up for our letter"), ("b", "Sign up for our letter!")]
    >>> repeated_passages(texts, least=2)[0].documents
    2
    """
    ids: list[str] = []
    keys, owners, places, sizes = [], [], [], []
    with Spool() as spool:
        count = 0
        for portion in portions(documents):
            lines = [line for it in portion for line in it.text.split("\n")]
            owner = np.repeat(
                np.arange(len(ids), len(ids) + len(portion)),
                [it.text.count("\n") + 1 for it in portion],
            )
            of = words(lines)
            kept = np.flatnonzero(of.counts >= FEWEST_WORDS)
            keys.append(exact(of)[kept])
            owners.append(owner[kept])
            sizes.append(of.counts[kept])
            spool.add([lines[it] for it in kept.tolist()])
            places.append(np.arange(count, count + len(kept)))
            count += len(kept)
            ids += [it.id for it in portion]
        if not count:
            return []
        key, who, place, size = (np.concatenate(it) for it in (keys, owners, places, sizes))
        # One row a paragraph and document, the first of each document first.
        order = np.lexsort((place, who, key))
        key, who, place, size = key[order], who[order], place[order], size[order]
        fresh = np.append(True, (key[1:] != key[:-1]) | (who[1:] != who[:-1]))
        key, who, place, size = key[fresh], who[fresh], place[fresh], size[fresh]
        heads = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
        counts = np.diff(np.append(heads, len(key)))
        chosen = np.flatnonzero(counts >= least)
        chosen = chosen[np.lexsort((place[heads[chosen]], -(counts[chosen] * size[heads[chosen]])))]
        found = []
        for it in chosen.tolist():
            head, many = int(heads[it]), int(counts[it])
            (text,) = spool.texts(place[head : head + 1])
            first = tuple(ids[number] for number in who[head : head + min(many, 5)].tolist())
            found.append(Repeat(text.strip(), many, int(size[head]), first))
    return found
