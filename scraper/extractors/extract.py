"""A page in, an article out: the text, what is known about it, and all that was not the story."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from cleaners.blocks import Block, Kind, Markup
from cleaners.clean import clean_blocks
from cleaners.labels import Cleaned
from scraper.article import Article, Image, PageType
from scraper.errors import ExtractError, Reason
from scraper.extractors.body import body_of
from scraper.extractors.charset import as_utf8
from scraper.extractors.columns import columns
from scraper.extractors.elements import elements
from scraper.extractors.frames import parsed
from scraper.extractors.images import images, rows_of
from scraper.extractors.metadata.agency import agency_of
from scraper.extractors.metadata.head import asked
from scraper.extractors.metadata.metadata import metadata
from scraper.extractors.model.by_type import by_type
from scraper.extractors.model.choose import Focus, choose, weights, without_repeats
from scraper.extractors.model.measured import measured
from scraper.extractors.model.page_model import PageModel, page_model, read, rows
from scraper.extractors.model.place_labels import place_labels
from scraper.extractors.model.removed_labels import About
from scraper.extractors.model.votes import model_votes, state_votes
from scraper.extractors.page_blocks import Layout
from scraper.extractors.prescan import prescan
from scraper.extractors.said import Said, said
from scraper.extractors.site.profile import SiteProfile
from scraper.extractors.site.rules import SiteRules
from scraper.extractors.site.votes import mark, overruled, site_votes, with_rules
from scraper.extractors.state import LEAST_PROSE, story_in_state
from scraper.extractors.walk import walk

Engine: TypeAlias = Literal["winnow", "trafilatura"]
# With so many, what is kept of each line adds up to 150 MB; the largest pages of the WCXB and news
# sets have 2,600.
MOST_LINES: Final = 50_000
# What is laid out from a script has no place in the body.
NOWHERE: Final = Markup(("script",), 0)


@dataclass(frozen=True, slots=True)
class How:
    """How a page is read; ``extract`` says what each means. No ``model`` is the one we ship."""

    focus: Focus = "balanced"
    engine: Engine = "winnow"
    profile: SiteProfile | None = None
    rules: SiteRules | None = None
    model: PageModel | None = None
    content_type: str | None = None  # the header that came with the page's bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine makes of a page's body."""

    body: Cleaned
    page_type: PageType | None = None
    images: tuple[Image, ...] = ()
    links: tuple[str, ...] = ()
    origin: str = "body"  # or where in the scripts and the head the story stood


def extract(
    html: str | bytes,
    url: str | None = None,
    *,
    focus: Focus = "balanced",
    engine: Engine = "winnow",
    profile: SiteProfile | None = None,
    rules: SiteRules | None = None,
) -> Article:
    """The article of a page, with every block of the page accounted for.

    Bytes may be in any encoding; ``url`` is where the page was found. ``focus`` leans towards
    leaving out what may be no story ("precision") or keeping what may be ("recall"). ``profile``
    is what was learned from other pages of the site, ``rules`` what a person wrote down about it.
    Raises ``ExtractError`` with EMPTY, NOT_HTML, HOSTILE or NOTHING_TO_READ.

    >>> story = "It rained all day in Ghent, and the river Leie rose by half a metre before noon. "
    >>> extract(f"<nav><a href=/>Home</a></nav><article><p>{story * 3}</p></article>").text[:26]
    'It rained all day in Ghent'
    """
    return extract_as(html, url, How(focus, engine, profile, rules))


def extract_as(html: str | bytes, url: str | None, how: How) -> Article:
    """``extract`` with all that can be chosen in one value."""
    with _uncollected():
        return _extracted(html, url, how)


@contextmanager
def _uncollected() -> Iterator[None]:
    """A page makes thousands of objects at once and no cycles among them; to look for some took a
    fifth of the time. They are freed as ever, by their count."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _extracted(html: str | bytes, url: str | None, how: How) -> Article:
    where = url or "page"
    page = (
        html.encode("utf-8", "replace")
        if isinstance(html, str)
        else as_utf8(html, how.content_type)[0]
    )
    prescan(page, where)
    tree = parsed(page)
    nodes = asked(tree)
    told = said(tree, page, nodes)
    # The walk looks at what the rules have marked; the tree is read before it is written on.
    known = metadata(tree, url, nodes=nodes)
    if how.rules is not None:
        known = with_rules(known, tree, how.rules)
        mark(tree, how.rules)
    found = _read(tree, told, About(known.title, known.authors), where, how)
    if how.engine == "trafilatura":
        from scraper.extractors.with_trafilatura import aligned

        body = aligned(found.body, page, url, how.focus)
        found = Found(body, found.page_type, found.images, _links(body))
    if found.body.keeping.isdisjoint(found.body.labels):
        raise ExtractError(
            where, Reason.NOTHING_TO_READ, f"{len(found.body.blocks)} blocks, none kept"
        )
    origins = {**known.origins, "body": found.origin}
    agency = known.agency
    if agency is None and (credit := agency_of(found.body)):
        agency, origins["agency"] = credit[0], f"text {credit[1]!r}"
    return Article(
        body=found.body,
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
        agency=agency,
        license=known.license,
        paywalled=known.paywalled,
        page_type=found.page_type,
        main_image=known.main_image,
        links=found.links,
        images=found.images,
        origins=origins,
    )


def _read(tree: LexborHTMLParser, told: Said, about: About, where: str, how: How) -> Found:
    page = columns(tree)
    if page is None:
        raise ExtractError(where, Reason.NOTHING_TO_READ, "a frame set, no body")
    segments = walk(page)
    texts = segments.texts
    if not texts:
        return _from_state(story_in_state(tree, told, where), (), where)
    if len(texts) > MOST_LINES:
        raise ExtractError(where, Reason.HOSTILE, f"{len(texts):,} lines, more than {MOST_LINES:,}")
    holding = elements(page, segments)
    known = measured(page, segments, holding)
    model = how.model or page_model()
    suspected = place_labels(holding)
    reading = read(model, rows(known, told, suspected, model.scores))
    story, suspected = by_type(known, told, reading, suspected)
    if how.profile is not None:
        odds = story / (1 - story) * how.profile.odds(texts)
        story = odds / (1 + odds)
    weight = weights(known.counts)
    chosen = choose(story, weight, how.focus)
    kept = without_repeats(texts, chosen)
    layout = Layout(segments, holding)
    if float((weight * kept).sum()) < LEAST_PROSE and how.rules is None:
        in_state = story_in_state(tree, told, where)
        enough = 2 * sum(len(texts[it]) for it in np.flatnonzero(kept))
        if in_state[1] != "json-ld":
            # A page that shows more than its scripts say is no shell that they are to fill.
            enough = max(enough, sum(map(len, texts)))
        if sum(map(len, in_state[0])) > enough:
            shown = tuple([layout.block(at) for at in range(len(texts))])
            from_state = _from_state(in_state, shown, where)
            if _length(from_state.body) > enough:
                return from_state
    votes = model_votes(segments.kind, story, chosen, kept, suspected)
    body = body_of(layout, votes, np.flatnonzero(kept).tolist(), about, reading.page_type)
    if how.rules is not None:
        body = overruled(body, site_votes(page, segments.first, how.rules))
    left = [at for at, label in enumerate(body.labels) if label in body.keeping]
    pictures = images(page, rows_of(segments.first, left), where)
    return Found(body, reading.page_type, pictures, layout.hrefs(left))


def _links(body: Cleaned) -> tuple[str, ...]:
    said = [it.block.markup.links for it in body.kept if it.block.markup]
    return tuple(dict.fromkeys(link.href for links in said for link in links))


def _length(body: Cleaned) -> int:
    return sum(len(it.block.text) for it in body.kept)


def _from_state(story: tuple[list[str], str], shown: tuple[Block, ...], where: str) -> Found:
    """The story from where scripts would have taken it; what the body showed is left out."""
    paragraphs, origin = story
    if not paragraphs and not shown:
        raise ExtractError(where, Reason.NOTHING_TO_READ, "no text in the body")
    laid = [
        Block(len(shown) + index, Kind.PARAGRAPH, text, NOWHERE)
        for index, text in enumerate(paragraphs)
    ]
    body = clean_blocks([*shown, *laid], votes=state_votes(shown, laid, origin), rules=())
    return Found(body, None, (), (), origin or "body")
