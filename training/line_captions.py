"""What stands under the pictures of a page, read from its HTML.

The residue data count captions as residue, yet a caption reads like a sentence of the story, and no
label of the cleaner is meant for it. So a report can leave captions out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from cleaners.text.fold import fold
from training.line_data import read_page

_PLACES = "figcaption, [class*=caption], [class*=Caption], [itemprop=caption]"
_SHORTEST = 3  # words: a name alone may stand anywhere
# Of a line and a caption that hold one another, as of headlines in training/line_score.py.
_SHARE = 0.6


@cache
def captions(data: Path, page: str) -> frozenset[str]:
    """The folded texts of captions, and of pictures for those who do not see them."""
    tree = LexborHTMLParser(read_page(data, page)[0])
    texts = [it.text(separator=" ") for it in tree.css(_PLACES)]
    texts += [it.attributes.get("alt") or "" for it in tree.css("img[alt]")]
    folded = map(fold, texts)
    return frozenset(it for it in folded if len(it.split()) >= _SHORTEST)


def is_caption(line: str, known: frozenset[str]) -> bool:
    """Whether a folded line is one of the captions, or nearly all of one, or little more."""
    if line in known:
        return True
    if len(line.split()) < _SHORTEST:
        return False
    return any(
        min(len(line), len(it)) >= _SHARE * max(len(line), len(it)) and (line in it or it in line)
        for it in known
    )
