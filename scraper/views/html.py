"""Builds HTML out of strings so that no text of a stranger is ever read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Final

# What the HTML standard (13.1.2) calls void: these have no end tag.
_VOID: Final = frozenset({"br", "hr", "input", "link", "meta", "wbr"})
# No character of HTML (13.1, "control or noncharacter"); NUL would end up as U+FFFD anyway.
_NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that is finished; every other string is text, and is escaped where it is put in."""

    source: str


Part = Html | str | None


def text(value: str) -> Html:
    """Text as HTML.

    >>> text("<b> & \\x00").source
    '&lt;b&gt; &amp; \\ufffd'
    """
    return Html(escape(_NO_TEXT.sub("\ufffd", value)))


def joined(parts: Iterable[Part], between: str = "") -> Html:
    """The parts one after the other; None is nothing."""
    return Html(
        between.join(
            it.source if isinstance(it, Html) else text(it).source for it in parts if it is not None
        )
    )


def el(name: str, /, *parts: Part, **attributes: str | int | float | bool | None) -> Html:
    """An element. ``class_`` and ``for_`` lose their underscore, ``aria_label`` has a hyphen.

    An attribute that is None or False is left out, one that is True stands without a value.

    >>> el("p", "a < b", class_="x", hidden=True, id=None).source
    '<p class="x" hidden>a &lt; b</p>'
    """
    head = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = key.rstrip("_").replace("_", "-")
        head.append(key if value is True else f'{key}="{text(str(value)).source}"')
    start = f"<{' '.join(head)}>"
    return Html(start if name in _VOID else f"{start}{joined(parts).source}</{name}>")
