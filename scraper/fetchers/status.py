"""Says what an answer's status means: a page, or which failure."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

from scraper.errors import FetchError, Reason
from scraper.fetchers.exchange import Exchange, headers_of

PAUSES = frozenset({429, 503})  # what may come with Retry-After and means the whole host


# Headers by which services that stand before a site say that this is their page and not the
# site's, with the beginning of their value. Each is documented by its maker.
CHALLENGES = {
    "cf-mitigated": "challenge",  # Cloudflare
    "x-amzn-waf-action": "c",  # AWS WAF: "challenge" with status 202, "captcha" with 405
    "x-datadome": "protected",  # DataDome; on the answers that it blocks, with 403
}


def failure_of(exchange: Exchange) -> FetchError | None:
    """None for 2xx and 304, unless it is a challenge."""
    status = exchange.status
    headers = headers_of(exchange.response)
    if (200 <= status < 300 and not _is_challenge(status, headers)) or status == 304:
        return None
    reason = _reason(status, headers)
    error = FetchError(exchange.url, reason, f"{status} {exchange.phrase}"[:100].strip())
    error.status = status
    if status in PAUSES:
        error.retry_after = read_retry_after(headers.get("retry-after", ""), exchange.asked_at)
    return error


def _reason(status: int, headers: dict[str, str]) -> Reason:
    if _is_challenge(status, headers):
        return Reason.CHALLENGE
    if status == 429:
        return Reason.HTTP_429
    if 400 <= status < 500:
        return Reason.HTTP_4XX
    if 500 <= status < 600:
        return Reason.HTTP_5XX
    if 300 <= status < 400:
        return Reason.REDIRECT
    return Reason.PROTOCOL


def _is_challenge(status: int, headers: dict[str, str]) -> bool:
    found = {k for k, v in CHALLENGES.items() if headers.get(k, "").strip().lower().startswith(v)}
    # DataDome's header stands on good pages of some sites as well.
    return bool(found) and (found != {"x-datadome"} or status == 403)


def read_retry_after(value: str, now: datetime) -> float | None:
    """Seconds from ``now`` (with a time zone); None when the header says nothing that we can use.

    Both forms of RFC 9110 section 10.2.3. A time that has passed is 0, what is negative is None.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 2, 12, tzinfo=UTC)
    >>> read_retry_after("120", noon), read_retry_after("Mon, 02 Nov 2026 12:01:00 GMT", noon)
    (120.0, 60.0)
    >>> read_retry_after("-5", noon) is None
    True
    """
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(value[:12])
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, OverflowError, IndexError):
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=now.tzinfo)
    return max(0.0, (then - now).total_seconds())
