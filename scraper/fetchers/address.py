"""Reads an address as a browser would, so that what is checked is what is asked."""

from __future__ import annotations

from dataclasses import dataclass

import can_ada

from scraper.errors import FetchError, Reason

LONGEST = 8192  # characters; RFC 9110 section 4.1 asks for at least 8000
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """``host`` is in ASCII and lower case, an IPv6 address without its brackets."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


def read_address(url: str, base: str | None = None) -> Address:
    """``url`` without its fragment, relative to ``base`` where there is one (WHATWG URL).

    Raises ``FetchError`` (bad_address) for what is no http address, is longer than ``LONGEST``,
    or carries a user name, which would end up in logs and archives.

    >>> read_address("HTTP://0x7f.1:8080/a/../b#c")
    Address(url='http://127.0.0.1:8080/b', scheme='http', host='127.0.0.1', port=8080)
    """
    if len(url) > LONGEST:
        detail = f"{len(url)} characters, {LONGEST} are the most"
        raise FetchError(url[:80] + "…", Reason.BAD_ADDRESS, detail)
    try:
        parsed = can_ada.parse(base) + url if base else can_ada.parse(url)
    except ValueError as error:
        raise FetchError(url, Reason.BAD_ADDRESS, "not a web address") from error
    scheme = parsed.protocol.rstrip(":")
    if scheme not in _PORTS:
        raise FetchError(url, Reason.BAD_ADDRESS, f"{scheme}: is not fetched, only http and https")
    if parsed.username or parsed.password:
        raise FetchError(url, Reason.BAD_ADDRESS, "carries a user name or a password")
    parsed.hash = ""
    host = parsed.hostname.strip("[]")
    if not host:
        raise FetchError(url, Reason.BAD_ADDRESS, "names no host")
    return Address(parsed.href, scheme, host, int(parsed.port or _PORTS[scheme]))
