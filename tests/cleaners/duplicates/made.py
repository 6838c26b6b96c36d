"""Texts for tests of duplicates: reports made of invented words, and ways to change them."""

from __future__ import annotations

from random import Random

SYLLABLES = ("ka", "lo", "mi", "ter", "san", "du", "vel", "ori", "bex", "um", "tal", "shu", "wa")


def word(random: Random) -> str:
    return "".join(random.choice(SYLLABLES) for _ in range(random.randint(2, 4)))


def sentence(random: Random, names: list[str]) -> str:
    words = [word(random) for _ in range(random.randint(8, 16))]
    words[random.randrange(1, len(words))] = random.choice(names)
    words[random.randrange(1, len(words))] = str(random.randint(10, 999))
    return " ".join(words).capitalize() + "."


def report(seed: int, sentences: int = 10) -> list[str]:
    """The sentences of a report that shares nothing with that of another seed."""
    random = Random(seed)
    names = [word(random).capitalize() for _ in range(4)]
    return [sentence(random, names) for _ in range(sentences)]


def text(sentences: list[str]) -> str:
    """Sentences in paragraphs of two."""
    pairs = [" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2)]
    return "\n\n".join(pairs)


def copies(seed: int) -> dict[str, str]:
    """A report and four copies of it."""
    told = report(seed)
    return {
        f"{seed}": text(told),
        f"{seed} loud": text(told).upper(),
        f"{seed} trimmed": text(told[:7]),
        f"{seed} led": text(report(seed + 10_000, 2) + told),
        f"{seed} turned": text(told[:2] + told[6:] + told[2:6]),
    }
