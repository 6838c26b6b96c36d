"""Decides whether a page that could not be had is tried again, and when."""

from __future__ import annotations

from scraper.errors import FetchError, Reason
from scraper.fetchers.settings import FetchSettings

# What may pass by itself. A certificate, a 404 or a bomb will be the same in a minute.
PASSING = frozenset(
    {
        Reason.DNS,
        Reason.CONNECT,
        Reason.DEADLINE,
        Reason.TRUNCATED,
        Reason.PROTOCOL,
        Reason.HTTP_429,
        Reason.HTTP_5XX,
    }
)
FIRST = 1.0  # seconds; the most for the first wait, doubled each time
LONGEST = 60.0  # seconds


def wait_before(
    error: FetchError, tries: int, chance: float, settings: FetchSettings
) -> float | None:
    """Seconds until the next try; None: this was the last.

    ``tries`` have been made; ``chance`` in [0, 1) is drawn by the caller. "Full jitter": any time
    up to the limit is as likely as any other, so that what failed together does not return
    together (M. Brooker, "Exponential Backoff and Jitter", 2015). Where the server named a time,
    the wait comes after that.

    >>> lost = FetchError("http://a.test/", Reason.CONNECT, "refused")
    >>> wait_before(lost, 2, 0.5, FetchSettings(retries=2))
    1.0
    >>> wait_before(lost, 3, 0.5, FetchSettings(retries=2))
    """
    if error.reason not in PASSING or tries > settings.retries:
        return None
    jitter = chance * min(LONGEST, FIRST * 2.0 ** min(tries - 1, 20))
    return min(error.retry_after or 0.0, settings.max_pause) + jitter
