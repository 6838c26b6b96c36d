"""One address for one page: the same page under two spellings is found, and nothing else is.

What is taken off never decides what a server sends: case of scheme and host, default ports, dot
segments, needless percent signs, the fragment, what marketing tools hang on, the order of names.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

import can_ada

from scraper.errors import Reason, SourceError

# Parameters that tell where a reader came from. Their makers document them; a name that some
# sites use for content ("ref", "source", "s", "from", "id") does not stand here.
_TRACKING = frozenset(
    {
        # advertisers' networks
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "srsltid", "_ga", "_gl", "_gac",
        "msclkid", "ocid", "cvid", "twclid", "igshid", "igsh", "ttclid", "li_fat_id", "yclid",
        "ysclid",
        # mailing tools
        "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "hsctatracking", "vero_id",
        "oly_enc_id", "oly_anon_id", "ml_subscriber", "ml_subscriber_hash", "dm_i",
        "ck_subscriber_id",
        # audience counters
        "xtor", "wt_mc", "wt.mc", "wt_zmc", "at_medium", "at_campaign", "at_campaign_type",
        "at_custom1", "at_custom2", "at_custom3", "at_custom4", "at_link_id", "at_link_type",
        "at_link_origin", "at_ptr_name", "at_bbc_team", "ns_mchannel", "ns_source", "ns_campaign",
        "ns_linkname", "ns_fee", "cmpid", "icid", "ncid", "intcmp", "s_cid", "ftag", "spm", "scm",
        "_openstat",
    }
)  # fmt: skip
_TRACKING_START = ("utm_", "pk_", "mtm_", "piwik_", "matomo_", "hsa_", "stm_", "ga_")

_PERCENT = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def canonicalize(url: str, base: str | None = None) -> str:
    """The form under which a page is remembered; doing it twice changes nothing more.

    Relative to ``base`` where there is one. Raises ``SourceError`` (bad_address) for what is no
    http address.

    >>> canonicalize("HTTP://Example.test:80/a/../b%7Ec?utm_source=x&q=2&a=1#top")
    'http://example.test/b~c?a=1&q=2'
    """
    parsed = _parse(url, base)
    # Each assignment makes ada read the whole address again: only where something changes.
    if "@" in parsed.href:
        parsed.username = parsed.password = ""
    host, path, search = parsed.hostname, parsed.pathname, parsed.search
    if host.endswith(".") and host.strip("."):
        parsed.hostname = host.rstrip(".")
    if "%" in path:
        parsed.pathname = _plain(path)
    if search or "?" in parsed.href:
        parsed.search = _query(search[1:])
    return parsed.href


def absolute(url: str, base: str | None = None) -> str:
    """The whole address, without its fragment and otherwise as it was meant: for asking.

    >>> absolute("../b?utm_source=x#top", "http://example.test/a/")
    'http://example.test/b?utm_source=x'
    """
    return _parse(url, base).href


def host_of(url: str) -> str:
    """The host in lower case, without port; "" where there is none.

    >>> host_of("https://News.Example.test:8080/a"), host_of("page.html")
    ('news.example.test', '')
    """
    try:
        return can_ada.parse(url).hostname
    except ValueError:
        return ""


def is_tracking(name: str) -> bool:
    """Whether a parameter of this name tells only where a reader came from."""
    name = name.lower()
    return name in _TRACKING or name.startswith(_TRACKING_START)


def _parse(url: str, base: str | None) -> can_ada.URL:
    try:
        parsed = can_ada.parse(base) + url if base else can_ada.parse(url)
    except ValueError as error:
        raise SourceError(url[:200], Reason.BAD_ADDRESS, "not a web address") from error
    if parsed.protocol not in ("http:", "https:") or not parsed.hostname:
        raise SourceError(url[:200], Reason.BAD_ADDRESS, "neither http nor https")
    if "#" in parsed.href:
        parsed.hash = ""
    return parsed


def _query(query: str) -> str:
    parts = [it for it in query.split("&") if it]
    parts = [it for it in parts if not is_tracking(unquote_plus(it.partition("=")[0]))]
    # "?12345" and "?/path/in/query" are no names with values: their order may mean something.
    if all(it.find("=") > 0 for it in parts):
        # Stable: values of one name keep their order.
        parts.sort(key=lambda it: it.partition("=")[0])
    return _plain("&".join(parts))


def _plain(text: str) -> str:
    """Percent signs only where they are needed, in upper case (RFC 3986 section 6.2.2)."""
    return _PERCENT.sub(_one, text) if "%" in text else text


def _one(found: re.Match[str]) -> str:
    character = chr(int(found.group(1), 16))
    return character if character in _UNRESERVED else found.group().upper()
