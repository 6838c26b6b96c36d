"""Parses a page, with an end for frames that close themselves: to a parser all else is inside."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

# No "<" in it, so that each byte is looked at once however many tags are left open.
CLOSES_ITSELF: Final = re.compile(rb"<iframe\b[^<>]*/>")


def parsed(html: bytes) -> LexborHTMLParser:
    """The tree of a page, the same for all who look at it; ``prescan`` says whether it is safe."""
    return LexborHTMLParser(frames_closed(html))


def frames_closed(html: bytes) -> bytes:
    """The page with an end tag after each ``<iframe … />``; after one that has it, it is ignored.

    A browser that runs scripts never looks into the ``<noscript>`` where they stand; a parser does,
    and reads on to the end of the page as if it were the text of the frame.

    >>> frames_closed(b'<noscript><iframe src="a"/></noscript><p>All the rest')
    b'<noscript><iframe src="a"/></iframe></noscript><p>All the rest'
    """
    # To look for one takes half the time of looking for any "<iframe" and going on from there.
    if CLOSES_ITSELF.search(html) is None:
        return html
    return CLOSES_ITSELF.sub(rb"\g<0></iframe>", html)
