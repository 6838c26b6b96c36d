"""Collects what a page's head and its marked-up elements say, once, before anyone weighs it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import SplitResult, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extractors.metadata.linked_data import LinkedData, linked_data

Found: TypeAlias = tuple[str, str]  # a value and where it stood

# The largest page of the WCXB and news sets has 331 meta elements.
MOST_METAS = 2_000
_BREAKS = re.compile("[\u00ad\u200b\u2060\ufeff]")
LONGEST_VALUE = 2_000  # characters; a description may be long, a name is not


# All that is asked of the tree, in one pass over it: a pass costs a fifth of the parse. An element
# is given as often as it is asked for.
_ASKED = (
    "title,meta,link[rel],script[type*='ld+json' i],h1,h2,p,a[href='/'],a[rel~=author],"
    "a[rel~=license][href],[itemprop~=author],[itemprop~=datePublished],time[pubdate]"
)
MOST_MARKED = 300  # elements of one kind that are kept


@dataclass(frozen=True, slots=True)
class Head:
    """``metas`` has lower-case names (name, property, itemprop, http-equiv) and their contents,
    ``marked`` the elements of the body that tell something, by a name for each kind."""

    metas: Mapping[str, tuple[str, ...]]
    links: Mapping[str, str]  # rel, lower case → the first href, made absolute
    title: str | None
    lang: str | None
    linked: LinkedData
    url: str | None
    marked: Mapping[str, list[LexborNode]]

    @property
    def host(self) -> str:
        return (_split(self.url).hostname or "") if self.url else ""

    @property
    def path(self) -> str | None:
        """The path of the address; None where no address is known."""
        return _split(self.url).path if self.url else None

    def first(self, *names: str) -> tuple[str, str] | None:
        """The first content among the names in their order, and the name it stood under."""
        for name in names:
            for value in self.metas.get(name, ()):
                if value:
                    return value, name
        return None

    def all(self, name: str) -> tuple[str, ...]:
        return self.metas.get(name, ())

    def absolute(self, address: str | None) -> str | None:
        """A web address made whole, or None where it is none."""
        if not address:
            return None
        try:
            whole = urljoin(self.url or "", address.strip())
            parts = urlsplit(whole)
        except ValueError:
            return None
        return whole if parts.scheme in ("http", "https") and parts.netloc else None


def asked(tree: LexborHTMLParser) -> list[LexborNode]:
    """The elements of a page that say something of it."""
    return tree.css(_ASKED)


def read_head(
    tree: LexborHTMLParser, url: str | None, nodes: Iterable[LexborNode] | None = None
) -> Head:
    """What ``nodes`` say, which are those ``asked`` of the tree; ``url`` is the page's address."""
    metas: dict[str, list[str]] = {}
    links: dict[str, str] = {}
    scripts: list[str] = []
    title: str | None = None
    marked: dict[str, list[LexborNode]] = {}
    seen = 0
    for node in asked(tree) if nodes is None else nodes:
        tag = node.tag
        marks = node.attributes
        if tag == "p":
            paragraphs = marked.setdefault("p", [])
            if len(paragraphs) < MOST_MARKED:
                paragraphs.append(node)
            if "itemprop" not in marks:
                continue
        if tag in _OF_HEAD:
            seen += 1
            if seen > 2 * MOST_METAS:
                continue
        if tag == "meta":
            _note(metas, marks)
        elif tag == "script":
            scripts.append(node.text())
        elif tag == "link":
            href = marks.get("href")
            for rel in (marks.get("rel") or "").lower().split():
                if href:
                    links.setdefault(rel, href)
        elif tag == "title" and title is None and _in_head(node):
            title = one_line(node.text()) or None
        if tag in _OF_HEAD and "itemprop" not in marks:
            continue
        for kind in _kinds(tag or "", marks):
            of_kind = marked.setdefault(kind, [])
            if len(of_kind) < MOST_MARKED:
                of_kind.append(node)
    root = tree.root
    lang = root.attributes.get("lang") or root.attributes.get("xml:lang") if root else None
    known = (url, links.get("canonical"), *metas.get("og:url", ())[:1])
    return Head(
        metas={name: tuple(values) for name, values in metas.items()},
        links=links,
        title=title,
        lang=lang,
        linked=linked_data(scripts, known),
        url=url
        or _whole(links.get("canonical"))
        or _whole(next(iter(metas.get("og:url", ())), None)),
        marked=marked,
    )


_OF_HEAD = frozenset({"title", "meta", "link", "script"})


def _kinds(tag: str, marks: Mapping[str, str | None]) -> Iterator[str]:
    """What an element that was asked for may tell."""
    if tag in ("h1", "h2"):
        yield tag
    elif tag == "a":
        if marks.get("href") == "/":
            yield "home"
        rel = (marks.get("rel") or "").split()
        if "author" in rel:
            yield "rel=author"
        if "license" in rel:
            yield "rel=license"
    elif tag == "time" and "pubdate" in marks:
        yield "pubdate"
    said = marks.get("itemprop")
    if said:
        props = said.split()
        if "author" in props:
            yield "author"
        if "datePublished" in props:
            yield "datePublished"


def _split(address: str) -> SplitResult:
    """An address that is none has neither host nor path."""
    try:
        parts = urlsplit(address)
        _ = parts.hostname
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def one_line(text: str | None) -> str:
    """Text with its spaces put in order and without what only tells where a line may break.

    >>> one_line(" a \\n b\u00adc ")
    'a bc'
    """
    if not text:
        return ""
    return " ".join((text if text.isascii() else _BREAKS.sub("", text)).split())


def texts(nodes: Iterable[LexborNode], most: int = 20) -> list[str]:
    """The visible texts of some nodes, the empty ones left out."""
    found = []
    for node in nodes:
        text = one_line(node.text(separator=" "))
        if text:
            found.append(text)
        if len(found) == most:
            break
    return found


def _note(metas: dict[str, list[str]], marks: Mapping[str, str | None]) -> None:
    content = marks.get("content")
    if not content:
        return
    value = one_line(content[:LONGEST_VALUE])
    for key in ("property", "name", "itemprop", "http-equiv"):
        name = marks.get(key)
        if name:
            held = metas.setdefault(name.strip().lower(), [])
            if len(held) < 100:
                held.append(value)


def _in_head(node: LexborNode) -> bool:
    """A title inside an inline SVG is the picture's."""
    parent = node.parent
    return parent is not None and parent.tag != "svg" and parent.tag != "symbol"


def _whole(address: str | None) -> str | None:
    return address if address and address.startswith(("http://", "https://")) else None
