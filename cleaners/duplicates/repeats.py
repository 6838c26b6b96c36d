"""Finds paragraphs that return in many documents of a corpus: what is no part of any one story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cleaners.duplicates.fingerprint import exact
from cleaners.duplicates.shelf import Given, portions
from cleaners.duplicates.skim import skim
from cleaners.duplicates.spool import Spool

FEWEST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Repeat:
    """A paragraph that ``documents`` documents hold, whatever its case and punctuation there.

    ``text`` is how the first of them has it; ``first`` are the ids of the first five. ``stories``
    counts documents that are copies of each other once, where that is known.
    """

    text: str
    documents: int
    words: int
    first: tuple[str, ...]
    stories: int = 0


@dataclass(frozen=True, slots=True)
class Returning:
    """A paragraph of a text that returns in ``documents``: ``text[start:end]``."""

    start: int
    end: int
    documents: int


def repeated_passages(
    documents: Iterable[Given], *, least: int = 3, story: Mapping[str, str] | None = None
) -> list[Repeat]:
    """The paragraphs of three words and more that ``least`` stories hold; most text first.

    Paragraphs are lines. ``story`` names the story of each document that has copies, by ids; a
    document that is not in it is a story of its own. Without it each document counts, and what
    three copies of one report say is taken for repeated. The texts are read once and kept in a
    temporary file meanwhile.

    Raises:
        BadDocument: a document without an id or a text.

    >>> texts = [("a", "Rain fell.\\nSign up for our letter"), ("b", "Sign up for our letter!")]
    >>> repeated_passages(texts, least=2)[0].documents
    2
    """
    ids: list[str] = []
    number_of: dict[str, int] = {}
    stories: list[int] = []
    keys, owners, places, sizes = [], [], [], []
    with Spool() as spool:
        count = 0
        for portion in portions(documents):
            lines = [line for it in portion for line in it.text.split("\n")]
            owner = np.repeat(
                np.arange(len(ids), len(ids) + len(portion)),
                [it.text.count("\n") + 1 for it in portion],
            )
            of = skim(lines)
            kept = np.flatnonzero(of.counts >= FEWEST_WORDS)
            keys.append(exact(of)[kept])
            owners.append(owner[kept])
            sizes.append(of.counts[kept])
            spool.add([lines[it] for it in kept.tolist()])
            places.append(np.arange(count, count + len(kept)))
            count += len(kept)
            for number, it in enumerate(portion, len(ids)):
                name = story.get(it.id) if story else None
                stories.append(number if name is None else number_of.setdefault(name, number))
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
        told = np.array(stories, dtype=np.int64)[who]
        run = np.repeat(np.arange(len(heads)), counts)
        apart = np.unique(np.stack([run, told]), axis=1)[0] if story else run
        stands = np.bincount(apart, minlength=len(heads))
        chosen = np.flatnonzero(stands >= least)
        chosen = chosen[np.lexsort((place[heads[chosen]], -(counts[chosen] * size[heads[chosen]])))]
        found = []
        for at in chosen.tolist():
            head, many = int(heads[at]), int(counts[at])
            (text,) = spool.texts(place[head : head + 1])
            first = tuple(ids[number] for number in who[head : head + min(many, 5)].tolist())
            found.append(Repeat(text.strip(), many, int(size[head]), first, int(stands[at])))
    return found


def returning(texts: Sequence[str], repeats: Sequence[Repeat]) -> Iterator[tuple[Returning, ...]]:
    """Of each text the paragraphs that are among the repeats, in their order.

    >>> found = repeated_passages([("a", "Sign up here"), ("b", "Sign up here!")], least=2)
    >>> next(returning(["Rain.\\n Sign up here"], found))
    (Returning(start=7, end=19, documents=2),)
    """
    known = exact(skim([it.text for it in repeats]))
    order = np.argsort(known)
    known = known[order]
    documents = np.array([it.documents for it in repeats], dtype=np.int64)[order]
    lines = [line for it in texts for line in it.split("\n")]
    keys = exact(skim(lines))
    at = np.searchsorted(known, keys)
    inside = at < len(known)
    hits = np.zeros(len(keys), dtype=np.int64)
    hits[inside] = np.where(known[at[inside]] == keys[inside], documents[at[inside]], 0)
    row = 0
    for text in texts:
        found, start = [], 0
        for line in text.split("\n"):
            if hits[row]:
                bare = line.strip()
                begin = start + line.index(bare)
                found.append(Returning(begin, begin + len(bare), int(hits[row])))
            start += len(line) + 1
            row += 1
        yield tuple(found)


def without(text: str, passages: Sequence[Returning]) -> str:
    """The text without these paragraphs and without the gaps that they leave.

    >>> without("Rain.\\n\\nSign up here\\n\\nSun.", [Returning(7, 19, 2)])
    'Rain.\\n\\nSun.'
    """
    if not passages:
        return text
    gone = {it.start for it in passages}
    kept: list[str] = []
    start, is_gap = 0, False
    for line in text.split("\n"):
        if start + len(line) - len(line.lstrip()) in gone:
            is_gap = True
        elif not (is_gap and not line.strip() and (not kept or not kept[-1].strip())):
            kept.append(line)
            is_gap = is_gap and not line.strip()
        start += len(line) + 1
    return "\n".join(kept).rstrip() if is_gap else "\n".join(kept)
