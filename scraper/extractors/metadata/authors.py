"""Chooses who wrote it among what a page says, and the agency that it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping

from selectolax.lexbor import LexborHTMLParser

from scraper.extractors.metadata.head import Head, texts
from scraper.extractors.metadata.linked_data import text_of, types
from scraper.extractors.metadata.names import Credited, credited, looks_like_a_person
from scraper.extractors.metadata.visible import Line, shown_authors

# In the order of how often they are right on the halves for tuning.
METAS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "article:author_name",
    "og:article:author",
    "cxenseparse:author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "twitter:creator:name",
)


def authors(
    head: Head,
    tree: LexborHTMLParser,
    sites: list[str],
    near: Callable[[], list[Line]],
    title: str | None,
    origins: MutableMapping[str, str],
) -> tuple[tuple[str, ...], str | None]:
    """The people in their order and the agency; notes their origins. The first source that names a
    person decides, as each further one is less careful."""
    agency: str | None = None
    for values, origin in _values(head, tree):
        found = credited(values, sites)
        if found.agency and agency is None:
            agency = found.agency
            origins["agency"] = origin
        if found.people:
            origins["authors"] = origin
            return found.people, agency
    shown = shown_authors(near(), sites, title) if is_story(head) else Credited((), None)
    if shown.people:
        origins["authors"] = "byline"
    if shown.agency and agency is None:
        agency, origins["agency"] = shown.agency, "byline"
    return shown.people, agency


def is_story(head: Head) -> bool:
    """Whether a page may have an author and a day: no home page, and nothing that is sold."""
    path = (head.url or "").split("://", 1)[-1].partition("/")[2].partition("?")[0]
    kind = (head.first("og:type") or ("", ""))[0].lower()
    return (not head.url or bool(path)) and "product" not in kind and not head.linked.is_product


def _values(head: Head, tree: LexborHTMLParser) -> Iterator[tuple[list[str], str]]:
    for key in ("author", "creator"):
        said = head.linked.follow(head.linked.article.get(key))
        yield [it for it in map(_name_of, said) if it], f"json-ld {key}"
    for name in METAS:
        values = head.all(name)
        if values:
            yield list(values), f"meta {name}"
    if is_story(head):
        marked = texts(tree.css("[itemprop~=author] [itemprop=name]"), 5)
        yield marked, "itemprop author"
        linked = dict.fromkeys(texts(tree.css("a[rel~=author]"), 10))
        yield [it for it in linked if looks_like_a_person(it)], "a rel=author"


def _name_of(value: object) -> str | None:
    """The name of a person or of whatever else; given and family name where they stand apart."""
    if isinstance(value, Mapping) and not value.get("name") and types(value) & {"person"}:
        parts = (text_of(value.get("givenName")), text_of(value.get("familyName")))
        return " ".join(it for it in parts if it) or None
    return text_of(value)
