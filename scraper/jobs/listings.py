"""Feeds and sitemaps as they were when a job last took in what they name.

So that the next run asks for them only if they have changed (conditional requests, RFC 9110, 13).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b

import orjson

from scraper.jobs.ledger import Ledger
from scraper.jobs.settings import SourceSettings
from scraper.page import Page


@dataclass(frozen=True, slots=True)
class Listing:
    """``etag`` and ``last_modified`` as a server gave them; ``children`` are the sitemaps that an
    index names: it may stand unchanged while they change."""

    etag: str | None = None
    last_modified: str | None = None
    children: tuple[str, ...] = ()


@dataclass(slots=True)
class Listings:
    """The listings of one source. With other settings it takes in other addresses, and begins
    anew."""

    source: SourceSettings
    ledger: Ledger
    unchanged: int = 0  # of those that were asked for in this run
    heard: dict[str, Listing] = field(default_factory=dict)

    def known(self, url: str) -> Listing:
        """How the listing was; nothing is known of it where the first so many addresses are wanted
        of what several maps name: an unchanged one would give its share to the next."""
        found = (
            None if self.source.sitemap and self.source.limit else self.ledger.note(self._key(url))
        )
        if found is None:
            return Listing()
        told = orjson.loads(found)
        return Listing(told["etag"], told["last_modified"], tuple(told["children"]))

    def hear(self, url: str, page: Page, children: Sequence[str] = ()) -> None:
        """A listing was read; it counts as known from ``keep`` on."""
        etag, modified = page.headers.get("etag"), page.headers.get("last-modified")
        if etag or modified:
            self.heard[url] = Listing(etag, modified, tuple(children))

    def keep(self) -> None:
        """All that was read is in the ledger. Before that, a run that is killed would lose it."""
        for url, it in self.heard.items():
            self.ledger.set_note(self._key(url), orjson.dumps(asdict(it)).decode())
        self.heard.clear()

    def _key(self, url: str) -> str:
        scope = blake2b(repr(self.source).encode("utf-8", "replace"), digest_size=8).hexdigest()
        return f"listing {scope} {url}"
