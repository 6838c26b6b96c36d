"""Where a site may keep its feeds and sitemaps: what it declares, and where others have theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scraper.sources.canonical import absolute, host_of
from scraper.sources.links import read_links

# WordPress's own first, then the names that other systems and site generators choose.
_FEEDS = ("/feed/", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/rss", "/feed.json")
_SITEMAPS = (
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/wp-sitemap.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap.xml.gz",
)
_FEED_WORDS = frozenset({"rss", "feed", "feeds", "atom", "rss.xml", "feed.xml", "atom.xml"})


@dataclass(frozen=True, slots=True)
class Places:
    """``declared``: the site says so itself; ``likely``: worth a try when nothing is declared."""

    declared: tuple[str, ...]
    likely: tuple[str, ...]


def feeds_of(html: bytes, where: str) -> Places:
    """``html`` is the home page, ``where`` its address."""
    links = read_links(html, where)
    linked = [it for it in links.anchors if _names_a_feed(it, where)]
    guessed = [absolute(it, where) for it in _FEEDS]
    return Places(links.feeds, tuple(dict.fromkeys([*linked, *guessed])))


def sitemaps_of(declared: Iterable[str], where: str) -> Places:
    """``declared`` is what robots.txt names."""
    return Places(tuple(declared), tuple(absolute(it, where) for it in _SITEMAPS))


def _names_a_feed(url: str, home: str) -> bool:
    segments = url.partition("?")[0].rstrip("/").lower().split("/")
    return host_of(url) == host_of(home) and bool(_FEED_WORDS & set(segments[3:]))
