"""What came over the wire for one request, and what a caller wants of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scraper.errors import FetchError, Reason

Head = tuple[tuple[str, str], ...]  # header lines in their order, as they were written


def headers_of(head: Head) -> dict[str, str]:
    """By lower-case name; lines of one name are joined as RFC 9110 section 5.3 says.

    >>> headers_of((("Vary", "Accept"), ("vary", "Cookie")))
    {'vary': 'Accept, Cookie'}
    """
    found: dict[str, str] = {}
    for name, value in head:
        name = name.lower()
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. ``body`` has its content encoding still on, the chunks off."""

    url: str
    asked_at: datetime
    request: Head
    status: int
    phrase: str  # the words after the status: "Not Found"
    response: Head
    body: bytes
    version: str = "HTTP/1.1"
    address: str = ""  # IP address of the server; "" = not known
    complete: bool = True  # False: the body was cut by one of our limits, or broke off


@dataclass(frozen=True, slots=True)
class NotModified:
    """A 304: what we had the last time still holds."""

    url: str
    asked: str
    fetched_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Want:
    """What a caller has use for. ``kinds`` are beginnings of media types; () takes any.

    ``cut``: stop reading at the size limit and hand over what is there, instead of too_large.
    """

    accept: str = "*/*"
    kinds: tuple[str, ...] = ()
    most: int | None = None  # bytes, before and after decoding; None = the settings' limits
    redirects: int | None = None  # None = the settings' limit
    cut: bool = False


# An answer without a Content-Type passes too: what it is, is then found by reading it.
PAGES = Want(
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
    ("text/", "application/xhtml", "application/xml"),
)
ANYTHING = Want()
# RFC 9309: at least 500 KiB are read (section 2.5), five redirects followed (section 2.3.1.2).
ROBOTS = Want("text/plain,*/*;q=0.5", most=500 << 10, redirects=5, cut=True)


def refuse_head(headers: Mapping[str, str], url: str, want: Want, most: int) -> None:
    """Raises ``FetchError`` for what is of no use or too large, before its body is read."""
    kind = headers.get("content-type", "").strip().lower()
    if kind and want.kinds and not kind.startswith(want.kinds):
        raise FetchError(url, Reason.NOT_HTML, f"content-type {kind[:80]}")
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:19]) > most and not want.cut:
        raise FetchError(url, Reason.TOO_LARGE, f"says {length[:19]} bytes, {most} is the most")
