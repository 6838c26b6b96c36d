"""Which languages a text may be written in, told by the function words that it is full of."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from cleaners.errors import BadData
from cleaners.text.fold import fold

FUNCTION_WORDS = Path(__file__).parent.parent / "data" / "function_words.toml"

# With fewer function words, or a smaller share of all words, nobody can be sure: an English text
# has 40 % of those that are listed, a menu or a table hardly any.
_FEWEST = 8
_LEAST_SHARE = 0.12
# Sister languages share half of these words and more; what comes so near to the first may be it.
_NEAR = 0.6


def tongues(lines: Sequence[list[str]]) -> frozenset[str]:
    """BCP 47 tags of the languages that lines of folded words may be in; empty where not known.

    Knows the languages of ``data/function_words.toml``. Linear in the words.

    >>> sorted(tongues(["the crew of the ship said that it was on the way to the port".split()]))
    ['en']
    """
    known = _function_words()
    votes: dict[str, int] = {}
    for word, count in Counter(filter(known.__contains__, chain.from_iterable(lines))).items():
        for tongue in known[word]:
            votes[tongue] = votes.get(tongue, 0) + count
    most = max(votes.values(), default=0)
    if most < _FEWEST or most < _LEAST_SHARE * sum(map(len, lines)):
        return frozenset()
    return frozenset(it for it, count in votes.items() if count >= _NEAR * most)


@cache
def _function_words() -> dict[str, tuple[str, ...]]:
    """The languages of each word."""
    try:
        lists = tomllib.loads(FUNCTION_WORDS.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadData(str(FUNCTION_WORDS), str(error)) from error
    known: dict[str, tuple[str, ...]] = {}
    for tongue, words in lists.items():
        for word in set(fold(words).split()):
            known[word] = (*known.get(word, ()), tongue)
    return known
