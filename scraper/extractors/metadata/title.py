"""Chooses the headline among what a page calls itself, by learned weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from math import fsum
from tomllib import loads
from typing import Final

from scraper.extractors.metadata.head import Found, one_line
from scraper.extractors.metadata.names import bare
from scraper.extractors.metadata.title_candidates import (
    LONGEST_TITLE,
    Candidate,
    candidates,
    has_seam,
)

SAME: Final = 30  # letters at the start by which two titles are told to be one
SHORT: Final = (6, 12)  # letters: few headlines are shorter
LONG: Final = 120  # characters: few are longer
LENGTHS: Final = (20, 35, 60, 90)  # characters; weighed where the page is one story
ALIKE: Final = 0.5  # below it an h1 is of something else ("Log in")
PLACES: Final = ("og", "headline", "twitter", "name", "title", "meta", "h1", "h1.later")


@dataclass(frozen=True, slots=True)
class Titles:
    """What a page calls itself: ``said`` with origins, ``shown`` in its h1 elements, the names of
    its ``sites``; ``signs`` are what tells one kind of newsroom from another (``signs_of``)."""

    said: tuple[tuple[str, str], ...]
    shown: tuple[str, ...]
    sites: tuple[str, ...]
    signs: frozenset[str] = frozenset()


def headline(titles: Titles) -> Found | None:
    """The headline and where it was found; None where the page calls itself nothing.

    The candidate with the highest sum of weights (a conditional logit, McFadden 1974). The weights
    come from ``training/title_chooser.py``; what was measured is in the file that holds them.
    """
    every = candidates(titles.said, titles.shown, titles.sites)
    if not every:
        return None
    table = weights()
    # Marks stand in no order: fsum gives the same score in whichever they come.
    scores = [fsum(table.get(it, 0.0) for it in marks) for marks in all_marks(every, titles)]
    best = every[max(range(len(every)), key=lambda it: (scores[it], -it))]
    return best.text, next(iter(best.forms.values()))


@cache
def weights() -> dict[str, float]:
    source = files("scraper.extractors").joinpath("data/title.toml").read_text("utf-8")
    return {str(name): float(value) for name, value in loads(source)["weights"].items()}


def all_marks(every: Sequence[Candidate], titles: Titles) -> Iterator[set[str]]:
    """For each candidate what is true of it, by name: what the weights are given for."""
    of_letters: dict[str, set[str]] = {}
    for it in every:
        of_letters.setdefault(it.letters, set()).update(it.forms)
    first = {form: it.letters for it in reversed(every) for form in it.forms}
    window = _bare(next((text for text, origin in titles.said if origin == "title"), ""))
    heads = [_bare(it) for it in titles.shown]
    signs = set(titles.signs - {"story"})
    if first.get("og", "")[:SAME] != window[:SAME]:
        signs.add("og-differs")
    for it in every:
        marks = set(_of_places(it, of_letters[it.letters]))
        marks.update(_of_letters(it.letters, window, heads))
        if "h1" in of_letters[it.letters] and it.letters != first.get("og", window):
            is_like = _alike(it.letters, first.get("og", window)) > ALIKE
            marks.add("h1-like-og" if is_like else "h1-unlike-og")
        marks.update(_of_text(it.text))
        if "story" in titles.signs:
            marks.update(f"from-{length}" for length in LENGTHS if len(it.text) >= length)
        for sign in signs:
            marks.update(f"{sign}/{mark}" for mark in CROSSED & marks)
        yield marks


def _alike(one: str, other: str) -> float:
    """The share of letters that stand in the same order in both."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _bare(text: str) -> str:
    return bare(one_line(text)[:LONGEST_TITLE])


# What is weighed anew for each kind of newsroom.
CROSSED: Final = {"og", "og~", "h1~", "headline~", "title~"}


def _of_places(it: Candidate, alike: set[str]) -> Iterator[str]:
    """Who says this very text (``og``), and who the same letters (``og~``)."""
    yield from it.forms
    places = {form.split(".")[0] for form in alike}
    yield from (f"{form}~" for form in alike if form in PLACES)
    if all(form.endswith((".cut", ".tail")) for form in alike):
        yield "only-part"
    if all(form.endswith(".whole") for form in alike):
        yield "only-whole"
    if places == {"title"}:
        yield "only-title"
    if alike == {"h1.later"}:
        yield "only-later"
    if "og" in alike and places & {"h1"}:
        yield "og-and-h1"


def _of_letters(letters: str, window: str, heads: list[str]) -> Iterator[str]:
    if letters and letters != window and letters in window:
        yield "starts-title" if window.startswith(letters) else "in-title"
    if any(letters != it and letters in it for it in heads):
        yield "in-h1"
    if any(it and letters != it and it in letters for it in heads):
        yield "holds-h1"
    yield from (f"under-{length}" for length in SHORT if len(letters) < length)


def _of_text(text: str) -> Iterator[str]:
    if " " not in text and text.isascii():
        yield "one-word"
    if len(text) > LONG:
        yield "long"
    if text.upper() == text:
        yield "capitals"
    if has_seam(text):
        yield "seam"
    if text.endswith(("...", "…")):
        yield "cut-short"
