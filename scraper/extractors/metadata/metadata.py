"""What is known about an article besides its text: each value with its origin or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extractors.metadata.authors import authors, is_newsroom, is_said_a_story
from scraper.extractors.metadata.dates import dates
from scraper.extractors.metadata.head import Found, Head, one_line, read_head, texts
from scraper.extractors.metadata.language import language_of
from scraper.extractors.metadata.linked_data import text_of
from scraper.extractors.metadata.names import bare
from scraper.extractors.metadata.title import Titles, headline
from scraper.extractors.metadata.title_candidates import name_in_title
from scraper.extractors.metadata.visible import lines_near


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of ``Article`` that are about it; None and () mean "not known"."""

    canonical: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    language: str | None = None
    site: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    agency: str | None = None
    license: str | None = None
    paywalled: bool | None = None
    main_image: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict)


def metadata(
    tree: LexborHTMLParser,
    url: str | None = None,
    *,
    now: datetime | None = None,
    nodes: Iterable[LexborNode] | None = None,
) -> Metadata:
    """What the page says about its article.

    ``url`` is where the page was found; ``now`` (with a time zone) is the moment that a date may
    not lie behind, by default the present one; ``nodes`` are those ``asked`` of the tree, where
    somebody has done so. Never raises on what a page says.
    """
    head = read_head(tree, url, nodes)
    origins: dict[str, str] = {}

    def noted(name: str, found: Found | None) -> str | None:
        if found is None:
            return None
        origins[name] = found[1]
        return found[0]

    found_site = _site(head)
    site = noted("site", found_site)
    sites = _names_of_site(head, found_site)
    title = noted("title", headline(_titles(head, sites)))
    near = cache(lambda: lines_near(tree, title, head))
    people, agency = authors(head, tree, sites, near, title, origins)
    published, modified = dates(head, tree, now or datetime.now(UTC), near, origins)
    return Metadata(
        canonical=noted("canonical", _canonical(head)),
        title=title,
        authors=people,
        published=published,
        modified=modified,
        language=noted("language", language_of(head, tree)),
        site=site,
        section=noted("section", _section(head, sites, title)),
        tags=_tags(head, origins),
        agency=agency,
        license=noted("license", _license(head)),
        paywalled=_paywalled(head, tree, origins),
        main_image=noted("main_image", _image(head)),
        origins=origins,
    )


def _canonical(head: Head) -> Found | None:
    for value, origin in ((head.links.get("canonical"), "link canonical"), *_all(head, "og:url")):
        whole = head.absolute(value)
        if whole:
            return whole, origin
    return None


def _all(head: Head, *names: str) -> Iterator[Found]:
    for name in names:
        for value in head.all(name):
            yield value, f"meta {name}"


def _site(head: Head) -> Found | None:
    for called in head.all("og:site_name"):
        if not called.startswith(("http:", "https:")):
            return called, "meta og:site_name"
    for owner in head.linked.follow(head.linked.article.get("publisher")):
        name = text_of(owner)
        if name and not name.startswith("http"):
            return name, "json-ld publisher"
    for it in head.linked.sites:
        name = text_of(it.get("name"))
        if name:
            return name, "json-ld website"
    said = head.first("application-name", "publisher", "dc.publisher", "twitter:app:name:iphone")
    if said:
        return said[0], f"meta {said[1]}"
    shown = name_in_title(head.title or "", head.host)
    return (shown, "title") if shown else None


def _names_of_site(head: Head, site: Found | None) -> list[str]:
    # A host that is called like its owner is no reason to doubt that a person writes there.
    names = [site[0]] if site and site[1] != "title" else []
    for it in (*head.linked.sites, *head.linked.follow(head.linked.article.get("publisher"))):
        name = text_of(it.get("name") if isinstance(it, dict) else it)
        if name:
            names.append(name)
    names += [it for key in ("application-name", "publisher") for it in head.all(key)]
    host = head.host.removeprefix("www.")
    if host:
        names.append(host)
    # A page that has no other name for its site has it on the link that leads home.
    names += [it for it in texts(head.marked.get("home", ()), 3) if len(it) > 4]
    names += _called_above(head)
    return names


def _called_above(head: Head) -> list[str]:
    """What a heading that leads home says: on old blogs it is the site's name, not the story's."""
    heads = head.marked.get("h1", ())[:2]
    inside = [it for node in heads for it in islice(node.iter(), 12) if it.tag == "a"]
    if not inside:
        return []
    home = head.absolute("/")
    return texts(it for it in inside if home and head.absolute(it.attributes.get("href")) == home)


def titles_of(tree: LexborHTMLParser, url: str | None) -> Titles:
    """What a page calls itself, as the chooser is given it."""
    head = read_head(tree, url)
    return _titles(head, _names_of_site(head, _site(head)))


def _titles(head: Head, sites: list[str]) -> Titles:
    article = head.linked.article
    said: list[tuple[str | None, str]] = [
        *_all(head, "og:title"),
        (text_of(article.get("headline")), "json-ld headline"),
        *_all(head, "twitter:title"),
        (text_of(article.get("name")), "json-ld name"),
        *_all(head, "dc.title", "dcterms.title", "parsely-title", "sailthru.title"),
        (head.title, "title"),
    ]
    signs = {
        "newsroom": is_newsroom(head),
        "has-headline": "headline" in article,
        "news-keywords": bool(head.all("news_keywords")),
        "story": is_said_a_story(head),
    }
    return Titles(
        tuple((value, origin) for value, origin in said if value),
        tuple(texts(head.marked.get("h1", ()), 5)),
        tuple(sites),
        frozenset(name for name, is_so in signs.items() if is_so),
    )


def _section(head: Head, sites: list[str], title: str | None) -> Found | None:
    value = text_of(head.linked.article.get("articleSection"))
    if value:
        return value, "json-ld articleSection"
    said = head.first("article:section", "parsely-section", "section", "cxenseparse:section")
    if said:
        return said[0], f"meta {said[1]}"
    step = _section_in(head.linked.trail, {bare(it) for it in (*sites, title or "")})
    return (step, "json-ld breadcrumb") if step else None


def _section_in(trail: tuple[str, ...], others: set[str]) -> str | None:
    """The first step of a breadcrumb below the front page, which is the first of all, and above
    the story itself, which may be the last."""
    steps = [it for it in trail[1:] if bare(it) not in others]
    is_story_last = len(trail) > 1 and bare(trail[-1]) in others
    if not is_story_last and len(steps) > 1 and len(steps[-1].split()) > LONGEST_SECTION:
        steps.pop()
    telling = [it for it in steps if bare(it) not in NO_SECTIONS] or steps
    return telling[0] if telling and len(telling[0].split()) <= LONGEST_SECTION else None


LONGEST_SECTION = 4  # words; what is longer is a headline
NO_SECTIONS = frozenset({"article", "articles", "archives", "home", "news", "all"})


def _tags(head: Head, origins: dict[str, str]) -> tuple[str, ...]:
    said = head.linked.article.get("keywords")
    values = [it for it in map(text_of, said if isinstance(said, list) else [said]) if it]
    origin = "json-ld keywords"
    if not values:
        values, origin = list(head.all("article:tag")), "meta article:tag"
    if not values:
        values, origin = list(head.all("news_keywords") or head.all("keywords")), "meta keywords"
    tags = {
        it: None for value in values for it in map(one_line, value.split(",")) if 1 < len(it) < 80
    }
    if tags:
        origins["tags"] = origin
    return tuple(tags)[:50]


def _license(head: Head) -> Found | None:
    value = text_of(head.linked.article.get("license"))
    if value:
        return value, "json-ld license"
    whole = head.absolute(head.links.get("license"))
    if whole:
        return whole, "link license"
    for node in head.marked.get("rel=license", [])[:1]:
        whole = head.absolute(node.attributes.get("href"))
        if whole:
            return whole, "a rel=license"
    return None


LONGEST_OFFER = 600  # characters; a longer text in such an element is the story behind the wall
# What is said at a wall: that this very story is for subscribers.
_OFFER = re.compile(
    r"(?:subscribe|sign up|register|log in) to (?:continue|keep|read|unlock)|for subscribers only"
    r"|subscribers? only|subscriber-only|already a subscriber|become a (?:subscriber|member) to"
    r"|(?:weiterlesen|jetzt lesen) mit|nur für abonnenten|exklusiv für abonnenten|jetzt abonnieren"
    r"|réservé aux abonnés|il vous reste .{1,20}de cet article|solo para suscriptores"
    r"|suscríbete para|exclusivo para (?:suscriptores|assinantes)|riservato agli abbonati"
    r"|abbonati per|alleen voor abonnees|tylko dla (?:subskrybentów|prenumeratorów)"
    r"|только для подписчиков|会員限定|有料会員|구독자 전용|仅限订阅",
    re.IGNORECASE,
)


# They take as long as all else that is asked of the tree: asked where the head does not say.
# What is short and loose is found in three fourths of the time of what is exact.
_WALLS = "[class*=wall i],[id*=wall i],[class*=subscriber-only i]"
_WALL = re.compile(r"paywall|regwall|subscriber-only", re.IGNORECASE)
_OF_HEAD = frozenset({"title", "meta", "link", "script"})


def _paywalled(head: Head, tree: LexborHTMLParser, origins: dict[str, str]) -> bool | None:
    said = head.linked.article.get("isAccessibleForFree")
    if said is None:
        said = head.linked.page.get("isAccessibleForFree")
    if isinstance(said, str):
        said = {"true": True, "false": False}.get(said.strip().lower().rsplit("/", 1)[-1])
    if isinstance(said, bool):
        origins["paywalled"] = "json-ld isAccessibleForFree"
        return not said
    tier = head.first("article:content_tier")
    if tier and tier[0].lower() in ("free", "metered", "locked"):
        origins["paywalled"] = "meta article:content_tier"
        return tier[0].lower() == "locked"
    walls = (it for it in tree.css(_WALLS) if it.tag not in _OF_HEAD and _is_wall(it))
    for node in islice(walls, 10):
        words = one_line(node.text(separator=" "))
        if len(words) < LONGEST_OFFER and _OFFER.search(words):
            origins["paywalled"] = f"element {node.attributes.get('class')!r}"
            return True
    return None


def _is_wall(node: LexborNode) -> bool:
    marks = node.attributes
    return any(_WALL.search(marks.get(key) or "") for key in ("class", "id"))


def _image(head: Head) -> Found | None:
    for value, origin in _all(
        head, "og:image", "og:image:url", "og:image:secure_url", "twitter:image"
    ):
        whole = head.absolute(value)
        if whole:
            return whole, origin
    for it in head.linked.follow(head.linked.article.get("image")):
        address = it.get("url") if isinstance(it, dict) else it
        whole = head.absolute(address) if isinstance(address, str) else None
        if whole:
            return whole, "json-ld image"
    return None
