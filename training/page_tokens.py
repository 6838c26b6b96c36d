"""Tokens to compare texts by: words, and single characters where a script puts no space between."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

# Thai, Lao, Burmese, Khmer, kana, Han: one token a character. Everything else: one a word.
WIDE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TOKEN = re.compile(rf"[{WIDE}]|[^\W_{WIDE}]+")


def tokens(text: str) -> list[str]:
    """Lower-case words of a text, or characters.

    >>> tokens("Rain in 北京, again")
    ['rain', 'in', '北', '京', 'again']
    """
    return TOKEN.findall(text.lower())


def overlap(found: Iterable[str], wanted: Iterable[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of one bag of tokens against another; 1 where both are empty."""
    a, b = Counter(found), Counter(wanted)
    both = sum((a & b).values())
    all_a, all_b = sum(a.values()), sum(b.values())
    if not all_a and not all_b:
        return 1.0, 1.0, 1.0
    return both / max(1, all_a), both / max(1, all_b), 2 * both / (all_a + all_b)
