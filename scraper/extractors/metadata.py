"""What is known about an article besides its text: each value with its origin, unknown when unsure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from scraper.extractors.authors import credited
from scraper.extractors.dates import has_hour, is_likely, moment
from scraper.extractors.linked_data import text_of
from scraper.extractors.metadata_head import Head, one_line, read_head, texts
from scraper.extractors.metadata_title import headline

Found = tuple[str, str]  # a value and where it stood


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
    tree: LexborHTMLParser, url: str | None = None, *, now: datetime | None = None
) -> Metadata:
    """What the page says about its article.

    ``url`` is where the page was found; ``now`` (with a time zone) is the moment that a date may
    not lie behind, by default the present one. Never raises on what a page says.
    """
    head = read_head(tree, url)
    origins: dict[str, str] = {}

    def noted(name: str, found: Found | None) -> str | None:
        if found is None:
            return None
        origins[name] = found[1]
        return found[0]

    site = noted("site", _site(head))
    sites = _site_names(head, site)
    shown = texts(tree.css("h1"), 5)
    title = noted("title", headline(_titles(head), shown, sites))
    people, agency = _authors(tree, head, sites, origins)
    published, modified = _dates(tree, head, now or datetime.now(UTC), origins)
    return Metadata(
        canonical=noted("canonical", _canonical(head)),
        title=title,
        authors=people,
        published=published,
        modified=modified,
        language=noted("language", _language(head)),
        site=site,
        section=noted("section", _section(head)),
        tags=_tags(head, origins),
        agency=agency,
        license=noted("license", _license(tree, head)),
        paywalled=_paywalled(head, origins),
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
    said = head.first("og:site_name")
    if said:
        return said[0], "meta og:site_name"
    for owner in head.linked.follow(head.linked.article.get("publisher")):
        name = text_of(owner)
        if name and not name.startswith("http"):
            return name, "json-ld publisher"
    for it in head.linked.sites:
        name = text_of(it.get("name"))
        if name:
            return name, "json-ld website"
    said = head.first("application-name", "publisher", "dc.publisher", "twitter:app:name:iphone")
    return (said[0], f"meta {said[1]}") if said else None


def _site_names(head: Head, site: str | None) -> list[str]:
    names = [site] if site else []
    for it in (*head.linked.sites, *head.linked.follow(head.linked.article.get("publisher"))):
        name = text_of(it.get("name") if isinstance(it, dict) else it)
        if name:
            names.append(name)
    names += [it for key in ("application-name", "publisher") for it in head.all(key)]
    host = (urlsplit(head.url or "").hostname or "").removeprefix("www.")
    if host:
        names += [host, host.rsplit(".", 1)[0]]
        names += [it for it in host.split(".")[:-1] if len(it) > 3]
    return names


def _titles(head: Head) -> list[Found]:
    article = head.linked.article
    found: list[tuple[str | None, str]] = [(text_of(article.get("headline")), "json-ld headline")]
    found += _all(head, "og:title", "twitter:title")
    found.append((text_of(article.get("name")), "json-ld name"))
    found += _all(head, "dc.title", "dcterms.title", "parsely-title", "sailthru.title")
    found.append((head.title, "title"))
    return [(value, origin) for value, origin in found if value]


_AUTHOR_METAS = (
    "author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator",
    "dcterms.creator", "citation_author", "cxenseparse:author", "og:article:author", "article:author_name",
)  # fmt: skip


def _authors(
    tree: LexborHTMLParser, head: Head, sites: list[str], origins: dict[str, str]
) -> tuple[tuple[str, ...], str | None]:
    agency: str | None = None
    for values, origin in _author_values(tree, head):
        found = credited(values, sites)
        if found.agency and agency is None:
            agency = found.agency
            origins["agency"] = origin
        if found.people:
            origins["authors"] = origin
            return found.people, agency
    return (), agency


def _author_values(tree: LexborHTMLParser, head: Head) -> Iterator[tuple[list[str], str]]:
    for key in ("author", "creator"):
        said = head.linked.follow(head.linked.article.get(key))
        yield [it for it in map(text_of, said) if it], f"json-ld {key}"
    for name in _AUTHOR_METAS:
        values = head.all(name)
        if values:
            yield list(values), f"meta {name}"
    yield texts(tree.css("[itemprop~=author] [itemprop=name], a[rel~=author]")), "rel author"
    yield texts(tree.css("[itemprop~=author]")), "itemprop author"


def _dates(
    tree: LexborHTMLParser, head: Head, now: datetime, origins: dict[str, str]
) -> tuple[datetime | None, datetime | None]:
    chosen: dict[str, datetime] = {}
    for name, values in (("published", _published(tree, head)), ("modified", _modified(head))):
        for value, origin in values:
            found = moment(value)
            if found is None or not is_likely(found, now):
                continue
            before = chosen.get(name)
            if before is None:
                chosen[name], origins[name] = found, origin
            elif not has_hour(before) and has_hour(found) and before.date() == found.date():
                # The same day, told more exactly somewhere else.
                chosen[name], origins[name] = found, origin
            if has_hour(chosen[name]):
                break
    return chosen.get("published"), chosen.get("modified")


def _published(tree: LexborHTMLParser, head: Head) -> Iterator[Found]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        value = text_of(head.linked.article.get(key))
        if value:
            yield value, f"json-ld {key}"
    yield from _all(
        head, "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
        "article.published", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date",
        "publish_date", "publication_date", "citation_publication_date", "cxenseparse:recs:publishtime",
        "cxenseparse:publishtime", "dc.date.issued", "dcterms.created", "dc.date.created", "dcterms.date",
        "dc.date", "article_date_original", "originalpublicationdate", "date", "dc.created", "rnews:datepublished",
    )  # fmt: skip
    for node in tree.css("time[datetime]")[:1]:
        yield node.attributes.get("datetime") or "", "time"


def _modified(head: Head) -> Iterator[Found]:
    value = text_of(head.linked.article.get("dateModified"))
    if value:
        yield value, "json-ld dateModified"
    yield from _all(
        head, "article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified",
        "dcterms.modified", "dc.date.modified", "revised",
    )  # fmt: skip


def _language(head: Head) -> Found | None:
    for value, origin in ((head.lang, "html lang"), *_all(head, "og:locale", "content-language")):
        code = (value or "").split(",")[0].strip().replace("_", "-").split("-")[0].lower()
        if 2 <= len(code) <= 3 and code.isalpha():
            return code, origin
    return None


def _section(head: Head) -> Found | None:
    value = text_of(head.linked.article.get("articleSection"))
    if value:
        return value, "json-ld articleSection"
    said = head.first("article:section", "parsely-section", "section", "cxenseparse:section")
    return (said[0], f"meta {said[1]}") if said else None


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


def _license(tree: LexborHTMLParser, head: Head) -> Found | None:
    value = text_of(head.linked.article.get("license"))
    if value:
        return value, "json-ld license"
    whole = head.absolute(head.links.get("license"))
    if whole:
        return whole, "link license"
    for node in tree.css("a[rel~=license][href]")[:1]:
        whole = head.absolute(node.attributes.get("href"))
        if whole:
            return whole, "a rel=license"
    return None


def _paywalled(head: Head, origins: dict[str, str]) -> bool | None:
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
    return None


def _image(head: Head) -> Found | None:
    for value, origin in _all(
        head, "og:image", "og:image:url", "og:image:secure_url", "twitter:image"
    ):
        whole = head.absolute(value)
        if whole:
            return whole, origin
    for it in head.linked.follow(head.linked.article.get("image")):
        value = it.get("url") if isinstance(it, dict) else it
        whole = head.absolute(value) if isinstance(value, str) else None
        if whole:
            return whole, "json-ld image"
    return None
