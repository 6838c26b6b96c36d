"""Tells the language of a page: what it says of itself, checked against its paragraphs."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from cleaners.text.language import language
from scraper.extractors.metadata.head import Head, one_line

# Characters of paragraphs that are looked at; on all 1,600 pages for tuning, 300 say what 1,000 do.
ENOUGH = 400
TO_OVERRULE = 200  # characters that it takes to believe the text and not the page
LONGEST = 4_000  # characters of one paragraph, white space included
PARAGRAPH = 40  # characters; shorter ones are buttons and names

_KANA = re.compile("[\u3040-\u30ff]")
_TAG = re.compile(r"([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?![a-zA-Z])")
_OLD = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "jp": "ja",
    "cz": "cs",
    "gr": "el",
    "ua": "uk",
    "dk": "da",
}
# Languages that are told apart by more than a page of text; what the page says goes.
_NEAR = (
    frozenset({"no", "nb", "nn", "da"}),
    frozenset({"hr", "sr", "bs", "sh", "me"}),
    frozenset({"id", "ms"}),
    frozenset({"fa", "prs", "tg"}),
    frozenset({"gl", "pt"}),
    frozenset({"gsw", "de", "lb"}),
    frozenset({"zh", "yue", "wuu"}),
    frozenset({"fil", "tl"}),
)


def language_of(head: Head, tree: LexborHTMLParser) -> tuple[str, str] | None:
    """BCP 47, as short as it can be, and where it was found.

    Templates say "en" on pages in every language, so where the paragraphs are surely in another
    language, theirs it is.
    """
    said = None
    places = [(head.lang, "html lang")]
    for name in ("og:locale", "content-language", "language", "dc.language", "inlanguage"):
        places += [(value, f"meta {name}") for value in head.all(name)[:1]]
    for value, origin in places:
        tag = tag_of(value)
        if tag:
            said = (tag, origin)
            break
    sample = _sample(head, tree)
    seen = language(sample)
    if seen == "ja" and not _KANA.search(sample):
        seen = None  # the small model takes some Chinese for Japanese
    if seen is None or (said and (_is_near(said[0], seen) or len(sample) < TO_OVERRULE)):
        return said
    return (seen, "text")


def tag_of(value: str | None) -> str | None:
    """
    >>> tag_of("pt_BR"), tag_of("en-US"), tag_of("zh-Hant-TW"), tag_of("jp"), tag_of("${lang}")
    ('pt-BR', 'en', 'zh-TW', 'ja', None)
    """
    found = _TAG.match((value or "").strip())
    if found is None:
        return None
    primary, script, region = found.groups()
    primary = _OLD.get(primary.lower(), primary.lower())
    region = region.upper() if region else {"hant": "TW"}.get((script or "").lower())
    # Where the region makes it another written language; "en-US" on a page says little.
    if (primary, region) in (("pt", "BR"), ("zh", "TW"), ("zh", "HK")):
        return f"{primary}-{region}"
    return primary


def _sample(head: Head, tree: LexborHTMLParser) -> str:
    """Text of paragraphs; on old pages, which have none, of what holds text itself."""
    found: list[str] = []
    size = 0
    for nodes, is_deep in ((head.marked.get("p"), True), (None, False)):
        if nodes is None:
            nodes = [] if is_deep else tree.css("td,div,font,span,li,blockquote")[:300]
        for node in nodes:
            text = one_line(node.text(deep=is_deep)[:LONGEST])
            if len(text) >= PARAGRAPH:
                found.append(text)
                size += len(text)
                if size >= ENOUGH:
                    return " ".join(found)[:ENOUGH]
        if size >= TO_OVERRULE:
            break
    return " ".join(found)


def _is_near(said: str, seen: str) -> bool:
    one, other = said.partition("-")[0], seen.partition("-")[0]
    return one == other or any(one in group and other in group for group in _NEAR)
