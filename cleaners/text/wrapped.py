"""Joins the lines of a text that was broken at a fixed width, and undoes its hyphenation."""

from __future__ import annotations

import re
from itertools import pairwise

from cleaners.text.fold import is_unspaced

# Mail and terminals break between 60 and 80 characters, print between 30 and 50; beyond
# 130 a line is a paragraph.
_NARROWEST, _WIDEST = 24, 130
# Fewer breaks in the middle of a sentence are no evidence of a width.
_FEWEST_BREAKS = 3
# Share of these at which the next word had no more room; all, but for a word that was cut oddly.
_FULL_SHARE = 0.9
# Share of all breaks in the middle of a sentence; about nine of ten in running prose.
_MIDDLE_SHARE = 0.5
_ENDS_SENTENCE = re.compile(r"[.!?…:;\"'”’»)\]。！？」』]$")
_HYPHENATED = re.compile(r"[^\W\d_]+[-‐][^\W\d_]+")
_CUT = re.compile(r"([^\W\d_]+)[-‐]$")
_HYPHENS = ("-", "‐")
_REST = re.compile(r"[^\W\d_]+")
# Stops of scripts without spaces, as in cleaners.text.normalize: none stands before them either.
_TIGHT = "、。！，：；？"
_STARTS_ITEM = re.compile(r"[-*•‣◦▪●·#>|]|\(?\d{1,3}[.)] ")


def unwrap(text: str) -> str:
    """The text with the lines of each paragraph joined, where its lines were broken at a width.

    That is so where nearly all breaks in the middle of a sentence stand where the next word had no
    more room, and most breaks are such. A poem, a list or one paragraph to a line is none of it
    and stays as it was.
    """
    blank = text.count("\n\n")
    breaks = text.count("\n") - 2 * blank
    # Lines as long as paragraphs are on the mean are no lines of a width, which most texts show.
    if breaks < _FEWEST_BREAKS or (not blank and len(text) > (_WIDEST + 1) * (breaks + 1)):
        return text
    groups = [it.split("\n") for it in text.split("\n\n")]
    several = [it for it in groups if len(it) > 1]
    width = max([max(map(len, group)) for group in several])
    if not _NARROWEST <= width <= _WIDEST:
        return text
    pairs = [pair for group in several for pair in pairwise(group)]
    middle = [pair for pair in pairs if not _ENDS_SENTENCE.search(pair[0])]
    full = sum(_is_full(line, after, width) for line, after in middle)
    if len(middle) < max(_FEWEST_BREAKS, _MIDDLE_SHARE * breaks) or full < _FULL_SHARE * len(
        middle
    ):
        return text
    # In the words with a hyphen alone: all letters of a text to look at took forty times as long.
    hyphened = [it for it in text.split() if "-" in it or "‐" in it]
    whole_words = frozenset(_HYPHENATED.findall(" ".join(hyphened)))
    return "\n\n".join(
        paragraph for group in groups for paragraph in _paragraphs(group, width, whole_words)
    )


def _is_full(line: str, after: str, width: int) -> bool:
    """Whether the first word of the next line had no more room on this one."""
    if line.endswith(_HYPHENS) and after[0].islower() and _CUT.search(line):
        return True
    word = 2 if is_unspaced(after[0]) else len(after.split(" ", 1)[0])
    return len(line) + 1 + word > width


def _paragraphs(group: list[str], width: int, whole_words: frozenset[str]) -> list[str]:
    """The lines of a group joined; parted again where a paragraph may have ended."""
    all_full = all(_is_full(a, b, width) for a, b in pairwise(group))
    paragraphs: list[list[str]] = [[group[0]]]
    for line, after in pairwise(group):
        is_end = not _is_full(line, after, width) or (
            not all_full and _ENDS_SENTENCE.search(line) and not after[0].islower()
        )
        if is_end or _STARTS_ITEM.match(after):
            paragraphs.append([after])
        else:
            _join(paragraphs[-1], after, whole_words)
    return ["".join(it) for it in paragraphs]


def _join(parts: list[str], after: str, whole_words: frozenset[str]) -> None:
    cut = _CUT.search(parts[-1]) if parts[-1].endswith(_HYPHENS) else None
    rest = _REST.match(after)
    if cut and rest and after[0].islower():
        if f"{cut[1]}-{rest[0]}" not in whole_words:
            parts[-1] = parts[-1][:-1]
    elif after[0] not in _TIGHT and not (_is_wide(parts[-1][-1]) and _is_wide(after[0])):
        parts.append(" ")
    parts.append(after)


def _is_wide(char: str) -> bool:
    """Whether no space stands between this character and another such."""
    return is_unspaced(char) or char in _TIGHT
