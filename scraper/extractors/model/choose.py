"""Which segments of a page are taken as its story: the set that most likely fits it best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from scraper.extractors import characters as ch
from scraper.extractors.columns import Ints

Focus: TypeAlias = Literal["balanced", "precision", "recall"]

# How many times as much recall weighs as precision (van Rijsbergen's beta, 1979). What is unsure on
# a page tends to go together, and then more of it is left out than one by one: 0.9 chooses best.
BETA: Final[dict[Focus, float]] = {"balanced": 0.9, "precision": 0.5, "recall": 2.0}
# Shorter texts may stand in a story twice.
REPEATED_CHARS: Final = 20
# A text is a repeat when so much of its runs of words has been said before.
RUN: Final = 5  # words
REPEATED_SHARE: Final = 0.8
# A repeat says the same from its beginning; the longest paragraph of the WCXB and news sets has
# 33,000 characters.
LONGEST: Final = 100_000  # characters
# Any large odd number mixes the hashes of a run's words (Dietzfelbinger 1997).
FACTOR: Final = np.int64(0x1E3779B97F4A7C15)
AT_ONCE: Final = 1 << 12  # words


def weights(counts: NDArray[np.int32]) -> NDArray[np.float64]:
    """How much each text counts: about its words, or characters where there are none.

    ``counts`` [8, n] are those of ``characters.counted``.
    """
    found: NDArray[np.float64] = counts[ch.SPACE] + counts[ch.WIDE] + 1.0
    return found


def choose(
    story: NDArray[np.float64], weight: NDArray[np.float64], focus: Focus = "balanced"
) -> NDArray[np.bool_]:
    """The set with the highest expected F measure, bool [n].

    ``story`` [n] are probabilities, ``weight`` [n] the lengths. The expectation of the ratio is
    taken as the ratio of expectations, which is close for more than a few segments; then the best
    set holds those above some probability (Lewis 1995), and going through them in order finds it.

    >>> choose(np.array([0.9, 0.1, 0.6]), np.array([50.0, 40.0, 30.0])).tolist()
    [True, False, True]
    """
    order = np.argsort(-story, kind="stable")
    likely = np.cumsum((story * weight)[order])
    taken = np.cumsum(weight[order])
    beta = BETA[focus] ** 2
    measure = (1 + beta) * likely / np.maximum(1e-9, beta * likely[-1] + taken)
    chosen = np.zeros(len(story), dtype=np.bool_)
    chosen[order[: int(np.argmax(measure)) + 1]] = True
    return chosen


def without_repeats(texts: Sequence[str], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of what was chosen and says the same, the first alone stays: pages hold their story twice,
    for another width, for print, or in an element and its parts."""
    kept = chosen.copy()
    short: set[str] = set()
    longer: list[int] = []
    size: list[int] = []
    said: list[NDArray[np.int64]] = []
    # The words that are not yet numbers; as a number a word takes a tenth of the memory.
    waiting: list[str] = []
    for place in np.flatnonzero(chosen).tolist():
        words = texts[place][:LONGEST].lower().split()
        if len(words) > RUN:
            longer.append(place)
            size.append(len(words))
            waiting += words
            if len(waiting) > AT_ONCE:
                said.append(_numbers(waiting))
                waiting.clear()
            continue
        text = " ".join(words)
        if text in short:
            kept[place] = False
        elif len(text) >= REPEATED_CHARS:
            short.add(text)
    if len(longer) > 1:
        said.append(_numbers(waiting))
        sizes = np.array(size)
        which = _same(_runs(said, sizes))
        if which is not None:
            _leave_repeats(which, sizes - RUN + 1, longer, kept)
    return kept


def _numbers(words: list[str]) -> NDArray[np.int64]:
    return np.array(list(map(hash, words)), dtype=np.int64)


def _runs(said: list[NDArray[np.int64]], size: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each run of words, from the numbers of the words of texts, which are taken out
    of ``said``; ``size`` is how many words each text has."""
    word = np.concatenate(said)
    said.clear()
    run = word[: 1 - RUN].copy()
    for step in range(1, RUN):
        run *= FACTOR
        run += word[step : len(word) - RUN + 1 + step]
    # A run ends in the text that it began in.
    is_whole = np.ones(len(word), dtype=np.bool_)
    ends = size.cumsum()
    for step in range(1, RUN):
        is_whole[ends - step] = False
    return run[is_whole[: len(run)]]


def _same(run: NDArray[np.int64]) -> Ints | None:
    """Equal numbers told by one from 0 on; None where no two are equal."""
    order = run.argsort()
    ranked = run.take(order)
    is_new = ranked[1:] != ranked[:-1]
    if is_new.all():
        return None
    del ranked
    which = np.zeros(len(run), dtype=np.int32)
    which[order[1:]] = is_new.cumsum(dtype=np.int32)
    return which


def _leave_repeats(
    which: Ints, size: NDArray[np.int64], places: Sequence[int], kept: NDArray[np.bool_]
) -> None:
    """Goes through texts of more than a run of words, ``size`` runs each, and marks as not kept
    those of whose runs most stand in kept ones before. ``which`` tells all runs apart at once."""
    times = np.bincount(which)
    stop = size.cumsum()
    start = stop - size
    seen = np.zeros(len(times), dtype=np.bool_)
    # Nothing follows from texts of which all is said once.
    for at in np.flatnonzero(np.logical_or.reduceat(times[which] > 1, start)).tolist():
        here = which[start[at] : stop[at]]
        if np.count_nonzero(seen[here]) >= REPEATED_SHARE * len(here):
            kept[places[at]] = False
        else:
            seen[here] = True
