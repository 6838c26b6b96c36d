"""What is safe to print for a person: text of strangers with its control characters spelled out."""

from __future__ import annotations

import re
import sys

# C0 and C1 controls but tab and newline, and the bidi controls of Unicode TR 9: a title may hold
# an escape sequence that renames the window, or turn the rest of the line around.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """The text with each control character as its escape.

    >>> safe("news\\x1b]0;owned\\x07")
    'news\\\\x1b]0;owned\\\\x07'
    """
    return _UNSAFE.sub(lambda it: it.group().encode("unicode_escape").decode("ascii"), text)


def tell(message: str) -> None:
    """A message for the person at the keyboard; data goes to stdout, this to stderr."""
    print(safe(message), file=sys.stderr, flush=True)
