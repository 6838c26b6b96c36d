"""Puts a site's rules to work: which blocks they keep and drop, and what they know better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import numpy as np
from selectolax.lexbor import LexborHTMLParser, LexborNode

from cleaners.labels import Cleaned, Label, Labeled, Vote
from scraper.extractors.columns import Columns, Ints
from scraper.extractors.metadata.head import one_line
from scraper.extractors.metadata.metadata import Metadata
from scraper.extractors.metadata.moments import moment
from scraper.extractors.metadata.names import credited
from scraper.extractors.site.rules import SiteRules
from scraper.extractors.tags import TEXT

# Written on matched elements before the tree becomes columns, where its nodes have no address.
MARK: Final = "data-winnow-rule"
KEEP: Final = "site.keep"
DROP: Final = "site.drop"


def mark(tree: LexborHTMLParser, rules: SiteRules) -> None:
    """Write on the elements that the rules match which rule it was: ``columns`` must come after."""
    for node in tree.css(f"[{MARK}]"):
        del node.attrs[MARK]
    every = [("", it) for it in rules.keep] + [(label.value, it) for label, it in rules.drop]
    for label, selector in every:
        for node in tree.css(selector):
            node.attrs[MARK] = f"{label}|{selector}"


def site_votes(page: Columns, first: Ints, rules: SiteRules) -> list[Vote]:
    """A vote for each block that stands in a marked element; ``first`` [n] are the blocks' rows.

    Of nested elements the innermost speaks, but what is dropped is dropped with all that is in it.
    """
    found: dict[int, Vote] = {}
    marked = [
        (row, value)
        for row in np.flatnonzero(page.tag != TEXT).tolist()
        if (value := page.attributes(row).get(MARK))
    ]
    # Keeping first, so that dropping goes before it.
    for row, value in sorted(marked, key=lambda it: (not it[1].startswith("|"), it[0])):
        label, _, selector = value.partition("|")
        inside = np.flatnonzero((first >= row) & (first < page.end[row]))
        for block in inside.tolist():
            if label:
                found[block] = Vote(block, Label(label), DROP, 1.0, selector)
            else:
                found[block] = Vote(block, Label.CONTENT, KEEP, 1.0, selector)
    return [found[it] for it in sorted(found)]


def overruled(body: Cleaned, votes: Sequence[Vote]) -> Cleaned:
    """The body with the site's votes decided for: a person has looked at this very site.

    Every other vote stays beside them.
    """
    by_block = {it.block: it for it in votes}
    return replace(
        body,
        blocks=tuple(
            [
                Labeled(it.block, by_block[it.block.index], (it.because, *it.others))
                if it.block.index in by_block
                else it
                for it in body.blocks
            ]
        ),
    )


def with_rules(known: Metadata, tree: LexborHTMLParser, rules: SiteRules) -> Metadata:
    """What is known, and in its place what the rules find; an element that is not there, or
    holds no such value, changes nothing."""
    origins = dict(known.origins)
    found = known
    title = _text(tree, rules.title)
    if title:
        found = replace(found, title=title)
        origins["title"] = "site rule"
    if rules.author:
        values = [one_line(it.text(separator=" ")) for it in tree.css(rules.author)[:20]]
        said = credited(values, [known.site] if known.site else [])
        if said.people or said.agency:
            found = replace(found, authors=said.people, agency=said.agency or found.agency)
            origins["authors"] = "site rule"
    published = _moment(tree, rules)
    if published:
        found = replace(found, published=published)
        origins["published"] = "site rule"
    return replace(found, origins=origins)


def _moment(tree: LexborHTMLParser, rules: SiteRules) -> datetime | None:
    node = tree.css_first(rules.date) if rules.date else None
    if node is None:
        return None
    marks = node.attributes
    for value in (marks.get("datetime"), marks.get("content"), one_line(node.text(separator=" "))):
        found = moment(value, day_first=rules.day_first) if value else None
        if found:
            return found
    return None


def _text(tree: LexborHTMLParser, selector: str | None) -> str | None:
    node: LexborNode | None = tree.css_first(selector) if selector else None
    return one_line(node.text(separator=" ")) or None if node is not None else None
