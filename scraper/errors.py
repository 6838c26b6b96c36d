"""What can go wrong in scraper.

ScraperError
├── JobError          a job file that cannot be used: file, key, what was expected (exit 4)
├── NothingMatched    no address, file or line came out of the sources (exit 5)
├── OutputError       a result cannot be written (exit 6)
└── PageError         one page failed; carries the ``Reason`` that goes into the failure row
    ├── SourceError       an address, feed or sitemap that cannot be read
    ├── FetchError        it could not be had
    └── ExtractError      it could not be read
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where on its way an address failed."""

    SOURCE = "source"
    FETCH = "fetch"
    EXTRACT = "extract"
    WRITE = "write"


class Reason(StrEnum):
    """Why an address did not become an article. Each is a state in the ledger and in the report."""

    # sources and files
    BAD_ADDRESS = "bad_address"
    UNREADABLE = "unreadable"
    # the network
    BLOCKED_ADDRESS = "blocked_address"
    ROBOTS = "robots"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    DEADLINE = "deadline"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"
    REDIRECT = "redirect"
    HTTP_4XX = "http_4xx"
    HTTP_429 = "http_429"
    HTTP_5XX = "http_5xx"
    PROTOCOL = "protocol"
    # the page
    NOT_HTML = "not_html"
    EMPTY = "empty"
    HOSTILE = "hostile"
    NOTHING_TO_READ = "nothing_to_read"
    CHALLENGE = "challenge"
    CONSENT_WALL = "consent_wall"
    PAYWALL = "paywall"
    SOFT_404 = "soft_404"
    INDEX_PAGE = "index_page"
    NEEDS_BROWSER = "needs_browser"
    # us
    WORKER_DIED = "worker_died"


class ScraperError(Exception):
    """``where`` is an address or a path; ``detail`` is something a person can act on."""

    def __init__(self, where: str, detail: str) -> None:
        super().__init__(f"{where}: {detail}")
        self.where = where
        self.detail = detail


class JobError(ScraperError):
    pass


class NothingMatched(ScraperError):
    pass


class OutputError(ScraperError):
    pass


class PageError(ScraperError):
    """``where`` is the address of the page."""

    stage: Stage

    def __init__(self, where: str, reason: Reason, detail: str) -> None:
        super().__init__(where, detail)
        self.reason = reason


class SourceError(PageError):
    stage = Stage.SOURCE


class FetchError(PageError):
    """``status``: of the answer, if one came; ``retry_after``: seconds that it told us to wait;
    ``body``: the beginning of an HTML page that came with a status of its own."""

    stage = Stage.FETCH
    status: int | None = None
    retry_after: float | None = None
    body: bytes = b""
    content_type: str = ""


class ExtractError(PageError):
    stage = Stage.EXTRACT


@dataclass(frozen=True, slots=True)
class Failure:
    """The row that an address leaves behind when it became no article."""

    asked: str
    stage: Stage
    reason: Reason
    detail: str

    @classmethod
    def of(cls, asked: str, error: PageError) -> Failure:
        return cls(asked, error.stage, error.reason, error.detail)
