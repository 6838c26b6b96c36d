"""What an address can be in the ledger, and the rows that go in and come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scraper.errors import Reason


class State(StrEnum):
    """``WAITING`` is the only one that is not final."""

    WAITING = "waiting"
    ARTICLE = "article"  # its article is in the ledger
    UNCHANGED = "unchanged"  # asked again, and the server said 304: the article stands
    SAME = "same"  # leads to an article that another address has brought
    PART = "part"  # joined to the article whose later page it is
    SKIPPED = "skipped"  # nothing went wrong, and there is nothing to keep: robots, index pages
    FAILED = "failed"


# No fault of the page's or of ours: these end in SKIPPED, the other reasons in FAILED.
SKIPPING = frozenset({Reason.ROBOTS, Reason.INDEX_PAGE})


@dataclass(frozen=True, slots=True)
class Found:
    """An address that a source gave. ``locator`` tells where its page is stored, if it is.

    With a ``reason`` it has failed before anyone went there: a line that is no address, a feed that
    cannot be read.
    """

    url: str  # canonical form: the key
    asked: str
    host: str
    source: int = 0
    depth: int = 0
    locator: str | None = None
    reason: Reason | None = None
    detail: str = ""
    counts: bool = False  # against the limit of the source that it was found through by links


@dataclass(frozen=True, slots=True)
class Address:
    """A waiting address as the ledger hands it out."""

    id: int
    url: str
    asked: str
    host: str
    source: int
    depth: int
    locator: str | None
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """An article on its way into the ledger: its row (see docs/outputs.md) and its keys.

    Two pages with the same ``identity`` are one article (AMP, print view, tracking address).
    """

    identity: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Settled:
    """How an address ended. ``row`` with ARTICLE; ``reason`` with SKIPPED and FAILED.

    ``parts`` are other addresses whose pages went into this article, ``found`` those that this
    page links to and that belong to the job, ``landed`` is where redirects led.
    """

    address: Address
    state: State
    reason: Reason | None = None
    detail: str = ""
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    row: Row | None = None
    parts: tuple[str, ...] = ()
    seconds: float | None = None  # that reading the page took, after it was there
    found: tuple[Found, ...] = field(default=())
    landed: str | None = None  # canonical; None: where it was asked for
