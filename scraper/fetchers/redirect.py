"""Decides where a redirect leads, and what may be told there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scraper.errors import FetchError, Reason
from scraper.fetchers.address import Address, read_address

# 300 and 305 are answers of their own; 304 says that nothing has changed.
REDIRECTS = frozenset({301, 302, 303, 307, 308})

# What any stranger may see of us. Everything else stays with the origin that it was meant for.
SAFE_HEADERS = frozenset({"user-agent", "accept", "accept-encoding", "accept-language"})


def next_hop(been: Sequence[Address], location: str | None, most: int) -> Address:
    """Where a redirect leads that came from ``been[-1]``; ``been`` holds every address of the way.

    Raises ``FetchError`` (redirect) when there is no Location or one that is no http address, and
    at the hop after the ``most``-th. Coming back is allowed: some sites set a cookie that way.
    """
    here = been[-1].url
    if not location:
        raise FetchError(here, Reason.REDIRECT, "a redirect without Location")
    if len(been) > most:
        raise FetchError(
            been[0].url, Reason.REDIRECT, f"more than {most} redirects, last at {here}"
        )
    try:
        there = read_address(location, here)
    except FetchError as error:
        detail = f"redirect to {location[:200]!r}: {error.detail}"
        raise FetchError(here, Reason.REDIRECT, detail) from error
    return there


def headers_for(there: Address, asked: Address, headers: Mapping[str, str]) -> dict[str, str]:
    """``headers`` (lower-case names) that may go to ``there``: all of them to the asked origin.

    >>> a, b = read_address("https://a.test/"), read_address("https://b.test/")
    >>> headers_for(b, a, {"accept": "*/*", "x-api-key": "secret"})
    {'accept': '*/*'}
    """
    if there.origin == asked.origin:
        return dict(headers)
    return {name: value for name, value in headers.items() if name in SAFE_HEADERS}
