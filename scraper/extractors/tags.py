"""What each HTML element means for the reading of a page, by lexbor's number for its tag.

The sets follow the rendering section of the HTML standard (15.3, "Non-replaced elements"): what a
browser shows as a block breaks the text, what it does not show is not read.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from selectolax.lexbor import LexborHTMLParser

TEXT: Final = 2  # lexbor's number for a text node
OTHER: Final = 0  # custom elements and whatever stands in no list below
HIGHEST: Final = 256  # lexbor numbers the tags that it knows below this

BLOCK_TAGS: Final = frozenset(
    """address article aside blockquote body button caption center dd details dialog dir div dl dt
    fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html
    iframe legend li listing main menu nav ol optgroup option p plaintext pre search section select
    summary table tbody td textarea tfoot th thead tr ul xmp video audio""".split()  # noqa: SIM905
)
UNSEEN_TAGS: Final = frozenset(
    """script style template svg iframe noembed noframes object embed video audio canvas head
    title meta link base area param source track datalist rp annotation annotation-xml""".split()  # noqa: SIM905
)
HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
CODE_TAGS: Final = frozenset({"pre", "listing", "xmp", "plaintext"})

INLINE_TAGS: Final = frozenset(
    """a abbr b bdi bdo big br cite code data del dfn em font i img input ins kbd label main mark
    math nobr noscript q ruby rt s samp small span strike strong sub sup time tt u var wbr
    picture""".split()  # noqa: SIM905
)


def _numbers() -> dict[str, int]:
    tree = LexborHTMLParser("")
    tags = BLOCK_TAGS | UNSEEN_TAGS | INLINE_TAGS
    found = {tag: tree.create_node(tag).tag_id for tag in sorted(tags)}
    return {tag: number for tag, number in found.items() if number < HIGHEST}


NUMBER: Final = _numbers()
NAME: Final = {number: tag for tag, number in NUMBER.items()}


def among(*tags: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """A table, bool [256]: whether the tag of that number is one of ``tags``."""
    table = np.zeros(HIGHEST, dtype=np.bool_)
    table[[NUMBER[tag] for tag in tags if tag in NUMBER]] = True
    return table


IS_BLOCK: Final = among(*BLOCK_TAGS)
IS_UNSEEN: Final = among(*UNSEEN_TAGS)

# Places whose inside is another matter than what is around them; the model is told of them.
PLACES: Final = {
    "nav": among("nav", "menu"), "aside": among("aside"), "header": among("header"),
    "footer": among("footer"), "form": among("form", "fieldset"), "article": among("article"),
    "main": among("main"), "section": among("section"), "table": among("table"),
    "list": among("ul", "ol"), "figure": among("figure"), "link": among("a"),
    "button": among("button", "select", "textarea", "label", "option"),
    "noscript": among("noscript"), "details": among("details"), "dialog": among("dialog"),
    "quote": among("blockquote"), "dl": among("dl"), "time": among("time"),
    "strong": among("b", "strong"), "em": among("em", "i"), "small": among("small"),
    "pre": among("pre", "code"), "heading": among(*HEADINGS),
}  # fmt: skip
# Those that only the walk asks for.
_OF_WALK: Final = {
    "unseen": IS_UNSEEN, "code": among(*CODE_TAGS), "caption": among("figcaption", "caption"),
    "item": among("li", "dt", "dd"),
}  # fmt: skip
# A bit for each place, and int32 [256]: for each tag the bits of the places that it opens.
BIT: Final = {name: 1 << at for at, name in enumerate((*PLACES, *_OF_WALK))}
OPENS: Final = sum(
    (table.astype(np.int32) << at for at, table in enumerate((PLACES | _OF_WALK).values())),
    start=np.zeros(HIGHEST, dtype=np.int32),
)
