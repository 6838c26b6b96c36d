"""Which segments of a page are in its gold text: a share from 0 to 1 for each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.page_tokens import tokens

# Sequences of so many tokens are looked up; shorter segments are looked for between neighbors.
GRAM = 3
LONG = 6  # tokens
# How far a short segment may stand from where its neighbors stand in the gold text.
NEAR = 8  # tokens


def labels(texts: Sequence[str], gold: str) -> NDArray[np.float32]:
    """Float32 [n]. Long segments by the share of their tokens in runs that the gold text has;
    short ones where they stand between their neighbors, or are a line of it. Of segments that
    repeat, only as many count as the gold text has, those among other gold segments first."""
    wanted = tokens(gold)
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in range(len(wanted) - GRAM + 1):
        places[tuple(wanted[at : at + GRAM])].append(at)
    said = [tokens(text) for text in texts]
    share = np.zeros(len(texts), dtype=np.float32)
    if not texts:
        return share
    where: list[tuple[int, int] | None] = [None] * len(texts)
    cursor = 0
    for index, words in enumerate(said):
        if len(words) < LONG:
            continue
        covered, found = _covered(words, places, cursor)
        share[index] = covered
        if covered > 0.5 and found:
            where[index] = found
            cursor = found[1]
    _short(texts, said, wanted, gold, share, where)
    _repeated(said, wanted, share)
    return share


def _covered(
    words: list[str], places: dict[tuple[str, ...], list[int]], cursor: int
) -> tuple[float, tuple[int, int] | None]:
    hit = [False] * len(words)
    starts: list[int] = []
    for at in range(len(words) - GRAM + 1):
        found = places.get(tuple(words[at : at + GRAM]))
        if found:
            hit[at] = hit[at + 1] = hit[at + 2] = True
            # The occurrence that goes on where the text before ended.
            starts.append(min(found, key=lambda it: abs(it - at - cursor)) - at)
    if not starts:
        return 0.0, None
    start = Counter(starts).most_common(1)[0][0]
    return sum(hit) / len(words), (max(0, start), start + len(words))


def _short(
    texts: Sequence[str],
    said: list[list[str]],
    wanted: list[str],
    gold: str,
    share: NDArray[np.float32],
    where: list[tuple[int, int] | None],
) -> None:
    lines = Counter(" ".join(tokens(line)) for line in gold.split("\n"))
    n = len(texts)
    before, after = [0] * n, [len(wanted)] * n
    last = -1
    for index in range(n):
        before[index] = last
        if (found := where[index]) is not None:
            last = found[1]
    following = -1
    for index in reversed(range(n)):
        after[index] = following
        if (found := where[index]) is not None:
            following = found[0]
    for index, words in enumerate(said):
        if not words or len(words) >= LONG:
            continue
        low, high = before[index], after[index]
        if low >= 0 and high >= 0 and high + NEAR >= low:
            window = wanted[max(0, low - 1) : high + 1] if high - low < 400 else []
        elif low >= 0 and high < 0:
            window = wanted[low : low + NEAR * 3]
        elif high >= 0 and low < 0:
            window = wanted[max(0, high - NEAR * 3) : high]
        else:
            window = []
        if _runs(words, window) or lines[" ".join(words)]:
            share[index] = 1.0


def _runs(words: list[str], window: list[str]) -> bool:
    return any(window[at : at + len(words)] == words for at in range(len(window) - len(words) + 1))


def _repeated(said: list[list[str]], wanted: list[str], share: NDArray[np.float32]) -> None:
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, words in enumerate(said):
        if words and share[index] > 0.5:
            groups[tuple(words)].append(index)
    # Copies cannot vouch for each other: only what stands once says where the story is.
    alone = np.ones(len(said))
    for rows in groups.values():
        if len(rows) > 1:
            alone[rows] = 0
    mass = np.array([len(words) for words in said]) * share * alone
    reach = np.convolve(np.minimum(mass, 60), np.ones(21))[10 : 10 + len(said)]
    near = reach > 0.25 * reach.max(initial=0)
    starts = defaultdict(list)
    for at, word in enumerate(wanted):
        starts[word].append(at)
    for words, rows in groups.items():
        if len(rows) < 2:
            continue
        probe = list(words[:12])
        times = sum(wanted[at : at + len(probe)] == probe for at in starts[words[0]])
        # The first copy of those that stand among the rest of the story.
        rows.sort(key=lambda row: (not near[row], row))
        for row in rows[max(1, times) :]:
            share[row] = 0.0
