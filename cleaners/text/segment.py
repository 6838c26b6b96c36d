"""Plain text to blocks: a line is a block, an empty line stands between two paragraphs."""

from __future__ import annotations

import re

from cleaners.blocks import Block, Columns, Kind

_HEADING = re.compile(r"#{1,6} \S")
_ITEM = re.compile(r"(?:[-*•‣◦▪●·–—] |\(?\d{1,3}[.)] )\S")
_QUOTE = re.compile(r"> ?\S")
_TABLE = re.compile(r"\|.*\|$")
_FENCE = "```"


def segment(text: str) -> tuple[Block, ...]:
    """The lines of a normalized text as blocks; ``markup`` is not known, so it is None.

    Marks of Markdown (``#``, ``-``, ``>``, ``|``) tell the kind and stay in the text: what is in
    the blocks is all there was. A block is ``tight`` where no empty line stands before it.

    >>> [it.kind.value for it in segment("# News\\n\\nIt rained.\\n- a\\n- b")]
    ['heading', 'paragraph', 'list_item', 'list_item']
    """
    return tuple(lines(text))


def lines(text: str) -> Columns:
    """The same, each block made when somebody asks for it: of most, nobody wants but the text."""
    kinds: list[Kind] = []
    texts: list[str] = []
    tight: list[bool] = []
    is_code, is_tight = False, False
    for line in text.split("\n"):
        if not line or line.isspace():
            is_tight = False
            continue
        if line[0].isalpha() and not is_code:
            kinds.append(Kind.PARAGRAPH)  # as most lines are
        else:
            is_fence = line.startswith(_FENCE)
            kinds.append(Kind.CODE if is_code or is_fence else _kind(line))
            is_code ^= is_fence
        texts.append(line)
        tight.append(is_tight)
        is_tight = True
    return Columns(kinds, texts, tight)


def _kind(line: str) -> Kind:
    if _HEADING.match(line):
        return Kind.HEADING
    if _ITEM.match(line):
        return Kind.LIST_ITEM
    if _QUOTE.match(line):
        return Kind.QUOTE
    if _TABLE.match(line):
        return Kind.TABLE
    return Kind.PARAGRAPH
