"""The strings of a page's JSON state, each with the place that it has in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import orjson

# A place is the keys on the way to a string: "props.post.body[].text", whichever of the list it is.
Place: TypeAlias = str
# Editors keep a paragraph as the runs of one style in it: Portable Text, ProseMirror, Contentful,
# Lexical name the runs like this, Slate has them under "children".
RUNS: Final = frozenset({"text", "span"})
TYPED: Final = ("type", "_type", "nodeType")
CLOSING: Final = (".", "!", "?", "…", "”", '"', "»", "。", "！", "？", "」")
# A hostile page may nest as deep as the parser lets it; what lies deeper than this is not read.
MOST_STRINGS, LONGEST_PLACE = 100_000, 400


def strings_of(script: str) -> list[tuple[Place, str]]:
    """Of a script that is JSON, or gives some to a name, the strings in their order; else none.

    The runs of a paragraph are one string. Linear in the script, never recursive.

    >>> strings_of('window.state = {"post": {"body": ["It rained.", "All day."]}};')
    [('post.body[]', 'It rained.'), ('post.body[]', 'All day.')]
    >>> strings_of('{"is": [{"type": "text", "text": "All "}, {"type": "text", "text": "day"}]}')
    [('is', 'All day')]
    """
    start, end = script.find("{"), script.rfind("}") + 1
    listed = script.find("[")
    if 0 <= listed < start:
        start, end = listed, script.rfind("]") + 1
    if start < 0:
        return []
    try:
        value = orjson.loads(script[start:end])
    except orjson.JSONDecodeError:
        return []
    found: list[tuple[Place, str]] = []
    waiting: list[tuple[Place, object]] = [("", value)]
    while waiting and len(found) < MOST_STRINGS:
        place, it = waiting.pop()
        if isinstance(it, str):
            found.append((place, it))
        elif len(place) > LONGEST_PLACE:
            continue
        elif isinstance(it, dict):
            waiting += [(f"{place}.{key}".lstrip("."), its) for key, its in reversed(it.items())]
        elif isinstance(it, list):
            if run := _run(it, place):
                found.append((place, run))
                continue
            inside = f"{place}[]"
            waiting += [(inside, its) for its in reversed(it)]
    return found


def _run(values: list[object], place: Place) -> str:
    """The text that the values are runs of; "" where they are none, or whole paragraphs."""
    is_child = place.endswith("children")
    texts = list(map(_text, values))
    if not any(
        text and (is_child or _is_typed(it)) for text, it in zip(texts, values, strict=True)
    ):
        return ""
    if len(texts) > 1 and all(map(_is_closed, texts)):
        return ""
    return "".join(_runs(values))


def _is_closed(text: str) -> bool:
    """Whether it ends as a paragraph does, and leaves no space for what is to come."""
    return text.endswith(CLOSING) and not text[0].isspace()


def _text(value: object) -> str:
    text = value.get("text", value.get("value")) if isinstance(value, dict) else ""
    return text if isinstance(text, str) else ""


def _is_typed(value: object) -> bool:
    return isinstance(value, dict) and any(value.get(name) in RUNS for name in TYPED)


def _runs(values: list[object]) -> Iterator[str]:
    """The texts of a paragraph's runs, also of those in the links among them."""
    waiting = values[::-1]
    while waiting:
        it = waiting.pop()
        if isinstance(it, list):
            waiting += reversed(it)
        elif text := _text(it):
            yield text
        elif isinstance(it, dict):
            waiting += [its for its in reversed(it.values()) if isinstance(its, list)]
