"""A page in, an article out: the text, what is known about it, and all that was not the story."""

from __future__ import annotations

from typing import Literal, TypeAlias

from selectolax.lexbor import LexborHTMLParser

from cleaners.clean import clean_blocks
from cleaners.labels import Cleaned
from scraper.article import Article
from scraper.errors import ExtractError, Reason
from scraper.extractors.charset import as_utf8
from scraper.extractors.choose import choose
from scraper.extractors.columns import columns
from scraper.extractors.metadata import metadata
from scraper.extractors.page_blocks import blocks
from scraper.extractors.prescan import prescan
from scraper.extractors.walk import walk

Focus: TypeAlias = Literal["balanced", "precision", "recall"]
Engine: TypeAlias = Literal["winnow", "trafilatura"]


def extract(
    html: str | bytes,
    url: str | None = None,
    *,
    focus: Focus = "balanced",
    engine: Engine = "winnow",
) -> Article:
    """The article of a page, with every block of the page accounted for.

    Bytes may be in any encoding; ``url`` is where the page was found. ``focus`` leans towards
    leaving out what may be no story ("precision") or keeping what may be ("recall"). Raises
    ``ExtractError`` with EMPTY, NOT_HTML, HOSTILE or NOTHING_TO_READ.

    >>> story = "It rained all day in Ghent, and the river Leie rose by half a metre before noon. "
    >>> extract(f"<nav><a href=/>Home</a></nav><article><p>{story * 3}</p></article>").text[:25]
    'It rained all day in Ghent'
    """
    where = url or "page"
    page_bytes = html.encode("utf-8", "replace") if isinstance(html, str) else as_utf8(html)[0]
    prescan(page_bytes, where)
    tree = LexborHTMLParser(page_bytes)
    page = columns(tree)
    if page is None:
        raise ExtractError(where, Reason.NOTHING_TO_READ, "a frame set, no body")
    segments = walk(page)
    if not segments.texts:
        raise ExtractError(where, Reason.NOTHING_TO_READ, "no text in the body")
    found = blocks(page, segments)
    votes = choose(page, segments, focus)
    body = clean_blocks(found, votes=votes)
    if not any(it for it in body.kept):
        raise ExtractError(where, Reason.NOTHING_TO_READ, f"{len(found)} blocks, none kept")
    return _article(tree, url, body)


def _article(tree: LexborHTMLParser, url: str | None, body: Cleaned) -> Article:
    known = metadata(tree, url)
    links = dict.fromkeys(
        link.href for it in body.kept if it.block.markup for link in it.block.markup.links
    )
    return Article(
        body=body,
        url=url,
        canonical=known.canonical,
        title=known.title,
        authors=known.authors,
        published=known.published,
        modified=known.modified,
        language=known.language,
        site=known.site,
        section=known.section,
        tags=known.tags,
        agency=known.agency,
        license=known.license,
        paywalled=known.paywalled,
        main_image=known.main_image,
        links=tuple(links),
        origins=known.origins,
    )
