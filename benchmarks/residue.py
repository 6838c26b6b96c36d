"""Tells what kinds of residue stay in cleaned texts, by where their lines stand in the page.

    python benchmarks/residue.py ../shared/data [--held-back]

A line that the gold text does not have is looked up in the HTML of its page: under a picture, in
the page's description, a table, a list, a link, an element whose class names comments, related
stories or authors, a paragraph. Prints for each kind how many words of it stay and how many there
were. A paragraph of a story that the gold text leaves out counts as residue in the data, and most
of what stays is that. Publishers that are tuned on, unless ``--held-back``; the line model has
learned from them.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from selectolax.lexbor import LexborHTMLParser

from cleaners.clean import clean
from cleaners.text.fold import fold
from training.line_captions import captions, is_caption
from training.line_data import Output, read_outputs, read_page
from training.line_score import is_title

EXTRACTORS = ("trafilatura", "resiliparse", "newspaper4k")
DESCRIPTION = "meta[name=description],meta[property='og:description']"
# The first that holds names the kind.
PLACES = (
    ("table", "td,th"),
    ("code", "pre,code"),
    ("comment", "[class*=comment],[id*=comment]"),
    ("link", "a"),
    ("byline, date, author", "[class*=byline],[class*=author],[rel=author],[class*=date],time"),
    ("related, aside", "[class*=related],[class*=recommend],[class*=promo],[class*=teaser],aside"),
    ("menu, head, foot", "nav,footer,header,[class*=footer],[class*=menu]"),
    ("heading", "h1,h2,h3,h4,h5,h6"),
    ("list", "li"),
    ("paragraph", "p,blockquote"),
)
DECK_SHORTEST = 25  # characters


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--held-back", action="store_true")
    options = parser.parse_args()
    words: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    pages: dict[str, Counter[str]] = defaultdict(Counter)
    for it in read_outputs(options.data):
        if it.extractor in EXTRACTORS and it.is_held_back is options.held_back:
            count(options.data, it, words, pages[it.extractor])
    print(f"{'words of residue, left and all':<32}" + "".join(f"{it:>18}" for it in EXTRACTORS))
    for kind in sorted(words, key=lambda it: -words[it]["trafilatura", False]):
        cells = []
        for extractor in EXTRACTORS:
            left = words[kind][extractor, False]
            cells.append(f"{left:>9} {left + words[kind][extractor, True]:>8}")
        print(f"{kind:<32}{''.join(cells)}")
    for extractor, of in pages.items():
        half, pages_in_half = of.total() / 2, 0
        for _, left in of.most_common():
            if half <= 0:
                break
            half, pages_in_half = half - left, pages_in_half + 1
        print(f"{extractor}: half of what is left is on {pages_in_half} of {len(of)} pages")


def count(
    data: Path,
    output: Output,
    words: dict[str, Counter[tuple[str, bool]]],
    pages: Counter[str],
) -> None:
    """Adds the words of each line of residue to those of its kind."""
    gone = Counter(fold(it.block.text) for it in clean("\n".join(output.lines)).removed)
    title = fold(output.title)
    pages[output.id] += 0
    for line, is_story in zip(output.lines, output.is_story, strict=True):
        folded = fold(line)
        size = len(folded.split())
        if is_story or not size:
            continue
        is_gone = gone[folded] > 0
        gone[folded] -= is_gone
        kind = "headline" if is_title(folded, title) else kind_of(data, output.id, folded, line)
        words[kind][output.extractor, is_gone] += size
        if kind != "headline" and not is_gone:
            pages[output.id] += size


def kind_of(data: Path, page: str, folded: str, line: str) -> str:
    if is_caption(folded, captions(data, page)):
        return "caption"
    description, places = read_places(data, page)
    if len(folded) > DECK_SHORTEST and folded in description:
        return "description"
    if line.startswith("|"):
        return "table"
    return next((kind for kind, of in places if folded in of), "elsewhere")


@cache
def read_places(data: Path, page: str) -> tuple[str, tuple[tuple[str, frozenset[str]], ...]]:
    """The folded description, and for each kind what its elements and their lines say, folded."""
    tree = LexborHTMLParser(read_page(data, page)[0])
    found = []
    for kind, selector in PLACES:
        texts: set[str] = set()
        for it in tree.css(selector):
            texts.add(fold(it.text(separator=" ")))
            texts.update(fold(line) for line in it.text(separator="\n").split("\n"))
        found.append((kind, frozenset(texts)))
    said = [it.attributes.get("content") or "" for it in tree.css(DESCRIPTION)]
    return fold(" ".join(said)), tuple(found)


if __name__ == "__main__":
    main()
