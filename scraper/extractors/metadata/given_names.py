"""Knows given names: they tell a person from a company where nothing else does."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from tomllib import loads
from typing import Final
from unicodedata import category, normalize

MOST_WORDS: Final = 5
# What stands before a name and is none, without its dot.
HONORIFICS: Final = frozenset({"dr", "prof", "mr", "mrs", "ms", "sir", "dame", "herr", "frau"})


def has_given_name(name: str) -> bool:
    """Whether two to five words begin with a given name of our list, which is never complete.

    >>> has_given_name("Kristina Example"), has_given_name("Quiet Light")
    (True, False)
    """
    words = name.split()
    while len(words) > 1 and words[0].rstrip(".").casefold() in HONORIFICS:
        words = words[1:]
    return 1 < len(words) <= MOST_WORDS and is_given(words[0].rstrip("."))


def is_given(word: str) -> bool:
    """Whether our list holds the word; of a name with a hyphen its first part counts."""
    return _folded(word).split("-")[0] in _given()


@cache
def _given() -> frozenset[str]:
    source = files("scraper.extractors").joinpath("data/given_names.toml").read_text("utf-8")
    return frozenset(it for names in loads(source).values() for it in names.split())


def _folded(word: str) -> str:
    plain = word.casefold().replace("ı", "i").replace("ł", "l").replace("ø", "o")
    if plain.isascii():
        return plain
    return "".join(it for it in normalize("NFKD", plain) if category(it) != "Mn")
