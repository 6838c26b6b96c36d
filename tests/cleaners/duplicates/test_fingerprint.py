"""Fingerprints: the estimate follows the true likeness."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from cleaners.duplicates.fingerprint import BANDS, fingerprints, shingles
from cleaners.duplicates.words import words


def pair(random: Random, shared: float, count: int) -> tuple[str, str]:
    vocabulary = [f"w{random.randrange(10**9)}" for _ in range(3 * count)]
    both = vocabulary[: int(count * shared)]
    a, b = vocabulary[count : 2 * count - len(both)], vocabulary[2 * count : 3 * count - len(both)]
    return " ".join(both + a), " ".join(both + b)


def truth(texts: tuple[str, str]) -> float:
    keys, first = shingles(words(texts))
    a, b = (set(keys[first[it] : first[it + 1]].tolist()) for it in (0, 1))
    return len(a & b) / len(a | b)


@pytest.mark.parametrize("count", [12, 60, 300])
def test_the_estimate_follows_the_true_jaccard(count: int) -> None:
    random = Random(count)
    errors = []
    for _ in range(120):
        texts = pair(random, random.random(), count)
        errors.append(fingerprints(words(texts)).jaccard(0, 1) - truth(texts))
    # Of 128 bins, or of as many as there are shingles: no bias, and the spread of a binomial.
    bins = min(128, count)
    assert abs(np.mean(errors)) < 3 * 0.5 / np.sqrt(bins * 120)
    assert np.std(errors) < 1.3 * 0.5 / np.sqrt(bins)


def test_equal_texts_share_all_bands_and_strangers_none() -> None:
    texts = ["It rained in Kalmora all day long.", "it RAINED in Kalmora, all day long", "No words"]
    of = fingerprints(words(texts))
    assert (of.bands[0] == of.bands[1]).sum() == BANDS
    assert of.exact[0] == of.exact[1]
    assert (of.bands[0] == of.bands[2]).sum() == 0


def test_the_order_of_words_matters() -> None:
    of = fingerprints(words(["dog bites man", "man bites dog"]))
    assert of.exact[0] != of.exact[1]


def test_texts_likelier_than_four_fifths_share_a_band() -> None:
    random = Random(7)
    missed = 0
    for _ in range(100):
        texts = pair(random, 0.93, 200)
        of = fingerprints(words(texts))
        assert truth(texts) > 0.8
        missed += not (of.bands[0] == of.bands[1]).any()
    assert missed == 0
