"""Chooses who wrote it among what a page says, and the agency that it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extractors.metadata.bylines import shown_authors, told_authors
from scraper.extractors.metadata.given_names import has_given_name
from scraper.extractors.metadata.head import Head, texts
from scraper.extractors.metadata.linked_data import NEWS_TYPES, text_of, types
from scraper.extractors.metadata.names import bare, credited, looks_like_a_person
from scraper.extractors.metadata.visible import Line, lone_texts

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
    "citation_authors",
    "twitter:creator:name",
)


MOST_MARKED = 12


def authors(
    head: Head,
    tree: LexborHTMLParser,
    sites: list[str],
    near: Callable[[], list[Line]],
    title: str | None,
    origins: MutableMapping[str, str],
) -> tuple[tuple[str, ...], str | None]:
    """The authors in their order and the agency; notes their origins.

    The first source that names a person decides, as each further one is less careful; a later one
    is believed instead where it names the same and more, or a person where the first has a login
    name. Outside of newsrooms a line that says "By" before a name is believed before all
    fields. Where nobody is named but an agency, the agency is the author, as the page writes it.
    """
    agency = signed = None
    chosen: tuple[str, ...] = ()
    for values, origin in _values(head):
        found = credited(values, sites)
        if found.agency and agency is None:
            agency, signed = found.agency, found.signed
            origins["agency"] = origin
        is_sure = origin.startswith(("json-ld", "meta"))
        if found.people and (not chosen or (is_sure and _says_more(found.people, chosen))):
            chosen = found.people
            origins["authors"] = origin
    if (not chosen or all(map(_is_login, chosen))) and is_story(head):
        shown = shown_authors(near(), sites, title)
        if shown.people:
            chosen = shown.people
            origins["authors"] = "byline"
        if shown.agency and agency is None:
            agency, signed = shown.agency, shown.signed
            origins["agency"] = "byline"
        if not chosen and not agency and is_said_a_story(head):
            chosen = _lone_author(head, tree, sites)
            if chosen:
                origins["authors"] = "a lone author"
    elif chosen and is_story(head) and not is_newsroom(head):
        told = told_authors(near(), sites, title).people
        if any(map(has_given_name, told)) and not {*map(bare, told)} <= {*map(bare, chosen)}:
            chosen = told
            origins["authors"] = "byline"
    if not chosen and signed:
        chosen = (signed,)
        origins["authors"] = origins["agency"]
    return chosen, agency


def _lone_author(head: Head, tree: LexborHTMLParser, sites: list[str]) -> tuple[str, ...]:
    """The people that all signed places tell alike; where they differ, one may be of another."""
    told: dict[frozenset[str], tuple[str, ...]] = {}
    for text in lone_texts(tree, head):
        people = credited([text], sites).people
        if people and all(map(looks_like_a_person, people)):
            told.setdefault(frozenset(map(bare, people)), people)
    return next(iter(told.values())) if len(told) == 1 else ()


def _says_more(names: tuple[str, ...], chosen: tuple[str, ...]) -> bool:
    return len(names) > len(chosen) and {bare(it) for it in chosen} <= {bare(it) for it in names}


def _is_login(name: str) -> bool:
    """One word in small letters, or with a capital inside: nobody signs a story so."""
    return name.isascii() and " " not in name and (name[0].islower() or not name[1:].islower())


def is_story(head: Head) -> bool:
    """Whether a page may have an author and a day: no home page, and nothing that is sold."""
    kind = (head.first("og:type") or ("", ""))[0].lower()
    return not is_front(head) and "product" not in kind and not head.linked.is_product


def is_said_a_story(head: Head) -> bool:
    """Whether the page says that it is one story, and no list of many."""
    kind = (head.first("og:type") or ("", ""))[0].lower()
    return kind in ("article", "blog", "blogpost") or bool(head.linked.article)


def is_front(head: Head) -> bool:
    """Whether the address is known and names no page of the site."""
    return bool(head.url) and not (head.path or "").strip("/")


def is_newsroom(head: Head) -> bool:
    """Whether the page calls itself news."""
    return bool(types(head.linked.article) & NEWS_TYPES)


def _values(head: Head) -> Iterator[tuple[list[str], str]]:
    for key in ("author", "creator"):
        said = head.linked.follow(head.linked.article.get(key))
        yield [it for it in map(_name_of, said) if it], f"json-ld {key}"
    for name in METAS:
        values = head.all(name)
        if values:
            yield list(values), f"meta {name}"
    if is_story(head):
        yield _marked(head), "itemprop author"
        linked = dict.fromkeys(texts(head.marked.get("rel=author", ()), 10))
        yield [it for it in linked if looks_like_a_person(it)], "a rel=author"


def _marked(head: Head) -> list[str]:
    """The names in the first element that is marked as an author, and in those right beside it;
    further ones are the authors of comments, or of what a page lists."""
    authors = head.marked.get("author", [])[:MOST_MARKED]
    nodes = [it for author in authors for it in author.css("[itemprop=name]")[:MOST_MARKED]]
    places = [_above(_above(it)) for it in nodes]
    beside = [it for it, place in zip(nodes, places, strict=True) if _same(place, places[0])]
    return texts(beside, MOST_MARKED)


def _same(one: LexborNode | None, other: LexborNode | None) -> bool:
    return one is not None and other is not None and one.mem_id == other.mem_id


def _above(node: LexborNode | None) -> LexborNode | None:
    return node.parent if node is not None else None


def _name_of(value: object) -> str | None:
    """The name of a person or of whatever else; given and family name where they stand apart."""
    if isinstance(value, Mapping) and not value.get("name") and types(value) & {"person"}:
        parts = (text_of(value.get("givenName")), text_of(value.get("familyName")))
        return " ".join(it for it in parts if it) or None
    return text_of(value)
