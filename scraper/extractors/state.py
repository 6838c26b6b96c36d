"""The story of a page whose body shows none: from its JSON-LD, script state or description."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Final

import orjson
from selectolax.lexbor import LexborHTMLParser

from cleaners.blocks import Kind
from cleaners.text.fold import is_unspaced
from scraper.extractors.columns import columns
from scraper.extractors.frames import parsed
from scraper.extractors.prescan import prescan
from scraper.extractors.said import Said
from scraper.extractors.state_json import Place, strings_of
from scraper.extractors.walk import KINDS, walk

# Less prose than this in the body is a shell that a script was to fill.
LEAST_PROSE: Final = 60  # words
# What counts as prose in script state: shorter strings are labels, addresses, settings.
LEAST_CHARS: Final = 60
LEAST_SPACES: Final = 5
LEAST_STORY: Final = 200  # characters in all
STRING: Final = re.compile(r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"')
NESTED: Final = 2
# A string with so much of a script's prose is the story.
MAIN_SHARE: Final = 0.4
IS_CODE: Final = re.compile(r"[{};]\s*$|function\s*\(|=>|^\s*[.#@][\w-]+\s*\{|^https?://\S+$")


# Where a script is to put something: "$$ARTICLEAD$$", "{{ad-1}}", "[[gallery]]".
PLACEHOLDER: Final = re.compile(r"[$%{}\[\]#@_]{2,}[\w .:-]{1,60}[$%{}\[\]#@_]{2,}")
CAPTION: Final = KINDS.index(Kind.CAPTION)


def story_in_state(tree: LexborHTMLParser, said: Said, where: str) -> tuple[list[str], str]:
    """Paragraphs, and where they were: "json-ld", "state", "description"; none and "" if nowhere.

    To be asked only where the body has less than ``LEAST_PROSE``. Linear in the page. Raises
    ``ExtractError`` with HOSTILE where a script holds HTML that must not be parsed; ``where`` is
    the address for it.
    """
    if len(said.story) >= LEAST_STORY:
        return _paragraphs(said.story, where), "json-ld"
    best: list[str] = []
    for node in tree.css("script:not([src])"):
        script = node.text()
        found = list(dict.fromkeys(_prose(script, NESTED)))
        longest = max(found, key=len, default="")
        if len(longest) >= MAIN_SHARE * sum(map(len, found)):
            # The body of the story, beside which stand titles and teasers of others.
            found = [longest]
        else:
            found = _main_list(strings_of(script)) or found
        if sum(map(len, found)) > sum(map(len, best)):
            best = found
    if sum(map(len, best)) >= LEAST_STORY:
        return [it for text in best for it in _paragraphs(text, where)], "state"
    if len(said.description) >= LEAST_CHARS:
        return _paragraphs(said.description, where), "description"
    return [], ""


def _main_list(strings: Sequence[tuple[Place, str]]) -> list[str]:
    """The strings of the list that holds the most prose, short paragraphs and headings included;
    none where no list has so much that it is the story."""
    prose: Counter[Place] = Counter()
    for place, text in strings:
        if "[]" in place and _is_prose(text) and not _holds_json(text):
            prose[place] += len(text)
    if not prose:
        return []
    main, most = prose.most_common(1)[0]
    if most < MAIN_SHARE * prose.total():
        return []
    around = main[: main.rindex("[]") + 2]
    return [
        text
        for place, text in strings
        if place == main or (place.startswith(around) and _is_prose(text) and not _is_about(place))
    ]


def _is_about(place: Place) -> bool:
    """Whether a string says something of a picture or of another story."""
    return place.rpartition(".")[2].lower() in {"caption", "alt", "credit", "description", "title"}


def _prose(script: str, depth: int) -> Iterator[str]:
    """The strings in a script that read like sentences, in the order in which they stand.

    Any literal counts, so that it does not matter how a framework wraps its state. A string may
    hold JSON itself, ``depth`` times over.
    """
    for match in STRING.finditer(script):
        try:
            text = orjson.loads(match[0])
        except orjson.JSONDecodeError:
            continue
        if depth and _holds_json(text):
            yield from _prose(text, depth - 1)
        elif _is_prose(text):
            yield text


def _holds_json(text: str) -> bool:
    return text.count('":"') > 1


def _is_prose(text: str) -> bool:
    if len(text) < LEAST_CHARS // 3 or IS_CODE.search(text[:500]):
        return False
    # A character of Chinese or Japanese says as much as three of others, and no space is between.
    is_long = len(text) >= LEAST_CHARS and text.count(" ") >= LEAST_SPACES
    return is_long or is_unspaced(text[len(text) // 2])


def _paragraphs(text: str, where: str) -> list[str]:
    """Lines of plain text, or the blocks of a piece of HTML without its captions."""
    if "&lt;/" in text and "</" not in text:
        text = unescape(text)
    lines = _lines_of_html(text, where) if "</" in text else text.split("\n")
    found = [" ".join(it.split()) for it in lines]
    return [it for it in found if it and not PLACEHOLDER.fullmatch(it)]


def _lines_of_html(html: str, where: str) -> list[str]:
    fragment = html.encode("utf-8", "replace")
    prescan(fragment, where)
    page = columns(parsed(fragment))
    if page is None:
        return []
    segments = walk(page)
    boxes = segments.box.tolist()
    called = {box: (page.attributes(box).get("class") or "").lower() for box in set(boxes)}
    return [
        line
        for line, box, kind in zip(segments.texts, boxes, segments.kind.tolist(), strict=True)
        if kind != CAPTION and "caption" not in called[box]
    ]
