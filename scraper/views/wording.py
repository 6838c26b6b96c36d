"""Two sentences word by word: what both have, what only one has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

# A word, or one letter of a script that writes without spaces, or one of whatever else there is,
# each with the space after it.
_TOKEN: Final = re.compile(
    r"(?:[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]"
    r"|[^\W\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+|[^\w\s])\s*|\s+"
)
# The comparison takes time with the square of the words, more where they repeat: two sentences
# longer than this are shown as they are.
MOST: Final = 160  # tokens

Piece = tuple[bool, str]  # whether the other sentence has it as well, and the text


def compared(a: str, b: str) -> tuple[list[Piece], list[Piece]]:
    """Both sentences in pieces.

    >>> compared("12 people were hurt", "14 people were hurt")[1]
    [(False, '14 '), (True, 'people were hurt')]
    """
    left, right = _TOKEN.findall(a), _TOKEN.findall(b)
    if len(left) > MOST or len(right) > MOST:
        same = a == b
        return [(same, a)], [(same, b)]
    matcher = SequenceMatcher(None, _bare(left), _bare(right), autojunk=False)
    steps = matcher.get_opcodes()
    return (
        list(_merged((tag == "equal", "".join(left[i:j])) for tag, i, j, _, _ in steps)),
        list(_merged((tag == "equal", "".join(right[i:j])) for tag, _, _, i, j in steps)),
    )


def _bare(tokens: list[str]) -> list[str]:
    return [it.rstrip().casefold() for it in tokens]


def _merged(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Without the empty ones, neighbors of one kind together."""
    held: Piece | None = None
    for it in pieces:
        if held is not None and held[0] == it[0]:
            held = (held[0], held[1] + it[1])
        elif it[1]:
            if held is not None:
                yield held
            held = it
    if held is not None:
        yield held
