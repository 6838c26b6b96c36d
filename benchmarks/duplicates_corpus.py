"""Makes a corpus of news-like texts of any size, one in ten a copy; the same for the same seed.

Words and their frequencies are those of the background texts, names and numbers are invented, so
that an index sees what it would see of real news: common words, topics, and rare names.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np

WORDS = 234
BLOCK = 2_000
COPIES = 0.1
SYLLABLES = ("ka", "lo", "mi", "ter", "san", "du", "vel", "ori", "bex", "um", "tal", "ri", "no")


def vocabulary(data: Path) -> tuple[list[str], np.ndarray]:
    """Lower-case words of the background texts and how often each comes, as running shares."""
    with gzip.open(data / "duplicates" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        texts = [it["text"] for it in rows if it["kind"] == "background"]
    counts = Counter(it for text in texts for it in text.split() if it.isalpha() and it.islower())
    known = counts.most_common(40_000)
    shares = np.cumsum([count for _, count in known], dtype=float)
    return [word for word, _ in known], shares / shares[-1]


def corpus(count: int, data: Path, seed: int = 0) -> Iterator[tuple[str, str]]:
    """``count`` documents of 234 words; one in ten copies one of the 2,000 before it.

    Of the copies, half are near (a word in fifty changed, a line added), a quarter trimmed to
    half, a quarter rewritten (a word in three replaced, sentences in another order).
    """
    plain, shares = vocabulary(data)
    random, chance = Random(seed), np.random.default_rng(seed)
    for start in range(0, count, BLOCK):
        size = min(BLOCK, count - start)
        draws = np.searchsorted(shares, chance.random((size, WORDS)))
        block: list[list[str]] = []
        for number in range(size):
            if block and random.random() < COPIES:
                told = _copy(random.choice(block), plain, random)
            else:
                told = _report([plain[it] for it in draws[number].tolist()], random)
            block.append(told)
            yield f"d{start + number}", _text(told)


def _name(random: Random) -> str:
    return "".join(random.choice(SYLLABLES) for _ in range(random.randint(2, 4))).capitalize()


def _report(words: list[str], random: Random) -> list[str]:
    names = [_name(random) for _ in range(random.randint(4, 9))]
    for _ in range(22):
        words[random.randrange(len(words))] = random.choice(names)
    for _ in range(6):
        words[random.randrange(len(words))] = str(random.randint(2, 9999))
    return [" ".join(words[at : at + 18]) for at in range(0, len(words), 18)]


def _copy(told: list[str], plain: list[str], random: Random) -> list[str]:
    kind = random.random()
    if kind < 0.5:
        return [_changed(it, 0.02, plain, random) for it in told] + ["Share this with your friends"]
    if kind < 0.75:
        return told[: max(4, len(told) // 2)]
    found = [_changed(it, 0.33, plain, random) for it in told]
    random.shuffle(found)
    return found


def _changed(sentence: str, share: float, plain: list[str], random: Random) -> str:
    return " ".join(
        random.choice(plain) if it.islower() and random.random() < share else it
        for it in sentence.split()
    )


def _text(told: list[str]) -> str:
    sentences = [f"{it[:1].upper()}{it[1:]}." for it in told]
    return "\n\n".join(" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2))
