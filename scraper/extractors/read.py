"""Reads a fetched page: its article and where it goes on, or what stands in an article's place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scraper.article import Article
from scraper.errors import ExtractError, Reason
from scraper.extractors.charset import as_utf8
from scraper.extractors.extract import Engine, How, extract_as
from scraper.extractors.frames import parsed
from scraper.extractors.model.choose import Focus
from scraper.extractors.parts import next_part
from scraper.extractors.site.profiles import profile_for
from scraper.extractors.site.rules import rules_for
from scraper.extractors.wall import STORY, what_it_is
from scraper.page import Page

# No later page of an article can be linked without one of these; most pages are not parsed twice.
_PAGER: Final = re.compile(rb"""rel\s*=\s*["']?next|class\s*=\s*["']?[^"'>]*(?:pag|next)""", re.I)


@dataclass(frozen=True, slots=True)
class HowToRead:
    """``rules``: a folder of site rules beside those that come along; ``profiles``: one of what
    ``winnow sites learn`` has learned."""

    engine: Engine = "winnow"
    focus: Focus = "balanced"
    rules: Path | None = None
    profiles: Path | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    article: Article
    next_part: str | None = None


def read(page: Page, how: HowToRead, first: str | None = None) -> Reading:
    """The article of a page; ``first`` is where it begins, if this is a later page of it.

    Raises ExtractError with the reason for a page that is none: challenge, consent_wall, soft_404,
    index_page, needs_browser, paywall, or what ``extract`` raises.
    """
    rules = rules_for(page.url, how.rules)
    try:
        content_type = page.headers.get("content-type")
        profile = profile_for(page.url, how.profiles)
        chosen = How(how.focus, how.engine, profile, rules, content_type=content_type)
        article = extract_as(page.html, page.url, chosen)
    except ExtractError as error:
        if error.reason is Reason.NOTHING_TO_READ:
            refuse(page, "")
        raise
    # Whoever has this much to say is read, whatever the page looks like.
    if len(article.text) < STORY:
        refuse(page, article.text)
        if article.paywalled:
            detail = f"{len(article.text)} characters before the paywall"
            raise ExtractError(page.url, Reason.PAYWALL, detail)
    following = None
    selector = rules.next_page if rules else None
    if selector or _PAGER.search(page.html):
        following = next_part(parsed(page.html), page.url, first, selector)
    return Reading(article, following)


def refuse(page: Page, text: str) -> None:
    """Raises ExtractError where the page is something else in an article's place."""
    tree = parsed(as_utf8(page.html, page.headers.get("content-type"))[0])
    wall = what_it_is(tree, status=page.status, text=text, url=page.url)
    if wall is not None:
        raise ExtractError(page.url, wall.reason, wall.evidence)
