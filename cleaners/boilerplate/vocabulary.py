"""How much the words of each block belong to the paragraphs of its text, many texts at once."""

from __future__ import annotations

from operator import sub

import numpy as np
from numpy.typing import NDArray

from cleaners.boilerplate.hashed import HashedWords
from cleaners.boilerplate.spans import Ints, Texts, begins_of

# The most frequent words of a text of some length are its function words in any language.
_FREQUENT = 25
# A word is known by the number of its text and 48 bits of its hash.
_TEXT, _HASH = np.uint64(48), np.uint64(16)
# In the other bits goes the place of a word in a text of fewer words than this.
_PLACES = 1 << 16
_PLACE_BITS = np.uint64(_PLACES - 1)


def vocabulary(
    texts: Texts, words: HashedWords, is_paragraph: NDArray[np.bool_], rows: NDArray[np.float32]
) -> None:
    """How much the words of the block belong to the paragraphs of its text."""
    if not words.lines.size:
        return
    order, is_new = _ordered(texts, words)
    lines = words.lines[order]
    begins, kind = is_new.nonzero()[0], is_new.cumsum() - 1
    # In how many paragraphs each word stands: those of a line stand side by side.
    in_story = is_paragraph[lines]
    is_once = is_new
    is_once[1:] |= lines[1:] != lines[:-1]
    is_once &= in_story
    story = np.bincount(kind[is_once], minlength=len(begins))
    frequent = _most_frequent(texts.text[lines[begins]], story)
    traits = frequent * _FREQUENTLY
    traits[kind[(texts.place == 0)[lines]]] |= _IN_HEAD

    # Counted in one go: a cell for each line and all that a word may be.
    cells = lines * len(_COUNTS)
    cells += traits[kind]
    cells += story[kind] > in_story
    cells += (words.chars > 3)[order] * _LONG
    counts = np.bincount(cells, minlength=len(rows) * len(_COUNTS)).reshape(-1, len(_COUNTS))
    shares = counts @ _COUNTS
    rows[:] = shares[:, :5] / np.maximum(1, shares[:, 5:])


# What a word may be, in bits. A long word that is not frequent is a telling one.
_SHARED, _FREQUENTLY, _LONG, _IN_HEAD = 1, 2, 4, 8


def _counted(word: int) -> list[bool]:
    """What a word counts for: words shared with the story, frequent ones, those shared of the
    telling ones, none, words of the first line; and for what each of these is a share of."""
    is_shared, is_frequent, is_in_head = (
        bool(word & it) for it in (_SHARED, _FREQUENTLY, _IN_HEAD)
    )
    is_telling = bool(word & _LONG) and not is_frequent
    shares = [is_shared, is_frequent, is_shared and is_telling, False, is_in_head]
    return [*shares, True, True, is_telling, True, True]


_COUNTS: Ints = np.array([_counted(word) for word in range(16)], dtype=np.int64)


def _ordered(texts: Texts, words: HashedWords) -> tuple[Ints, NDArray[np.bool_]]:
    """The order of words by text, hash and place, and which are the first of their kind there."""
    ends = words.lines.searchsorted(texts.last, "right").tolist()
    begins = [0, *ends[:-1]]
    size = len(words.lines)
    if max(map(sub, ends, begins)) > _PLACES:
        of = texts.text[words.lines].astype(np.uint64)
        keys = (of << _TEXT) | words.hashes >> _HASH
        order = keys.argsort(kind="stable")
        return order, begins_of(keys[order])
    # Hash and place in one number each: to sort numbers takes a third of sorting places by them.
    places = np.arange(size, dtype=np.uint64)
    keys = words.hashes >> _HASH << _HASH
    for begin, end in zip(begins, ends, strict=True):
        keys[begin:end] |= places[: end - begin]
        keys[begin:end].sort()
    order = (keys & _PLACE_BITS).astype(np.int64)
    is_new = begins_of(keys >> _HASH)
    for begin, end in zip(begins[1:], ends[1:], strict=True):
        order[begin:end] += begin
        is_new[begin : begin + 1] = True
    return order, is_new


def _most_frequent(text: Ints, story: Ints) -> NDArray[np.bool_]:
    """Which words are the most frequent ones of their text, given the text of each word, in order,
    and in how many paragraphs it stands. Ties go to the first, so that two runs agree."""
    frequent = np.zeros(len(text), dtype=np.bool_)
    some = story.nonzero()[0]
    if some.size:
        most = int(story.max()) + 1
        ranked = (text[some] * most + most - story[some]) * len(text) + some
        ranked.sort()
        word = ranked % len(text)
        if text[0] == text[-1]:
            frequent[word[:_FREQUENT]] = True
            return frequent
        rank = np.arange(len(word)) - text[word].searchsorted(text[word])
        frequent[word[rank < _FREQUENT]] = True
    return frequent
