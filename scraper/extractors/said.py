"""What the head of a page says that the model looks for in its body, or that tells its type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import numpy as np
import orjson
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extractors.metadata.head import asked
from scraper.extractors.tags import NUMBER

# A story in JSON-LD is the longest string of its kind; deeper or more than this is no metadata.
MOST_SCRIPTS: Final = 40
MOST_THINGS: Final = 3000
# Each is looked for among the types of JSON-LD and microdata, in og:type and in generator.
TYPES: Final = (
    ("Article", "NewsArticle", "ReportageNewsArticle", "TechArticle", "ScholarlyArticle"),
    ("BlogPosting",), ("WebSite",), ("WebPage",), ("FAQPage", "HowTo"),
    ("DiscussionForumPosting", "QAPage", "Question"), ("Product", "ProductGroup"),
    ("ItemList", "CollectionPage", "OfferCatalog"), ("Organization", "LocalBusiness"), ("Recipe",),
    ("BreadcrumbList",), ("VideoObject",), ("Comment",),
)  # fmt: skip
META, LINK, SCRIPT, TITLE = NUMBER["meta"], NUMBER["link"], NUMBER["script"], NUMBER["title"]
OF_HEAD: Final = frozenset({META, LINK, SCRIPT, TITLE})
LD_JSON: Final = "application/ld+json"
# Each string of JSON that may be a type; two of them share the quotation mark between them.
QUOTED: Final = re.compile(r'"(?=([A-Z][A-Za-z]*)")')
FORUMS: Final = ("discourse", "phpbb", "vbulletin", "xenforo")
MARKS: Final = ("article", "website", "product", "published", "discourse")
NAMES: Final = (
    *(f"page.is_{group[0]}" for group in TYPES), *(f"page.says_{it}" for it in MARKS),
    "page.address", "page.address.depth", "page.address.hyphens", "page.address.digits",
    "page.address.query",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """Empty where the page is silent. ``story`` is the ``articleBody`` of its JSON-LD.

    ``marks`` are float32 [k] in the order of ``NAMES``: what it says about its type, and the shape
    of the address that it gives as its own.
    """

    title: str = ""
    description: str = ""
    story: str = ""
    marks: NDArray[np.float32] = field(default_factory=lambda: np.zeros(len(NAMES), np.float32))


def said(tree: LexborHTMLParser, html: bytes, nodes: Iterable[LexborNode] | None = None) -> Said:
    """Reads the head: ``nodes`` are those ``asked`` of the tree, where somebody has done so.

    ``html`` is the page's bytes, searched before the tree is.
    """
    titles: list[str] = []
    scripts: list[str] = []
    canonical: list[str | None] = []
    metas: dict[str, str] = {}
    # An element is given as often as it was asked for, once after the other.
    before = 0
    for node in asked(tree) if nodes is None else nodes:
        tag = node.tag_id
        if tag not in OF_HEAD:
            continue
        attributes = node.attributes
        if tag == META:
            name = attributes.get("property") or attributes.get("name")
            if name and "content" in attributes:
                metas.setdefault(name.lower(), attributes["content"] or "")
        elif tag == SCRIPT:
            if (attributes.get("type") or "").lower() == LD_JSON and node.mem_id != before:
                scripts.append(node.text())
                before = node.mem_id
        elif tag == LINK:
            if (attributes.get("rel") or "").lower() == "canonical":
                canonical.append(attributes.get("href"))
        elif not titles:
            titles.append(node.text())
    scripts = scripts[:MOST_SCRIPTS]
    story = max(_stories(scripts), key=len, default="")
    about = [metas.get(name, "") for name in ("description", "og:description")]
    address = (canonical[0] if canonical else "") or metas.get("og:url", "")
    return Said(
        titles[0] if titles else "",
        max(about, key=len),
        story,
        np.array([*_types(scripts, html), *_marks(metas), *_address(address)], dtype=np.float32),
    )


def _types(scripts: list[str], html: bytes) -> Iterator[float]:
    written = {name for script in scripts for name in QUOTED.findall(script)}
    # In microdata a type is an address, with the quotation mark that ends it.
    marked = {
        it[:40].partition(b'"')[0] for it in html.split(b"schema.org/")[1:] if b'"' in it[:40]
    }
    for group in TYPES:
        yield not written.isdisjoint(group) or group[0].encode() in marked


def _marks(metas: dict[str, str]) -> Iterator[float]:
    kind = metas.get("og:type", "").lower()
    yield "article" in kind
    yield "website" in kind
    yield "product" in kind
    yield "article:published_time" in metas
    yield any(
        it in metas.get("generator", "").lower()
        for it in ("discourse", "phpbb", "vbulletin", "xenforo")
    )


def _address(address: str) -> Iterator[float]:
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    steps = [it for it in parts.path.split("/") if it]
    last = steps[-1] if steps else ""
    yield bool(address)
    yield len(steps)
    yield last.count("-") + last.count("_")
    yield sum(it.isdigit() for it in last) / max(1, len(last))
    yield bool(parts.query)


def _stories(scripts: list[str]) -> Iterator[str]:
    for text in scripts:
        if "articleBody" not in text:
            continue
        try:
            stack = [orjson.loads(text)]
        except orjson.JSONDecodeError:
            continue
        for _ in range(MOST_THINGS):
            if not stack:
                break
            thing = stack.pop()
            if isinstance(thing, dict):
                body = thing.get("articleBody")
                if isinstance(body, str):
                    yield body
                stack += thing.values()
            elif isinstance(thing, list):
                stack += thing
