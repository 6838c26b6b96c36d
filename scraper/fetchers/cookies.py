"""Keeps the cookies of one page's redirects (RFC 6265), and forgets them after it.

Some sites answer nothing but "take this cookie and come back". Nothing is kept from one page to
the next: every page is asked for as by a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from scraper.fetchers.address import Address
from scraper.fetchers.exchange import Head

MOST = 50  # cookies; RFC 6265 section 6.1 asks for at least that many for a domain
_LONGEST = 4096  # bytes of one cookie, by the same section


@dataclass(frozen=True, slots=True)
class Cookie:
    name: str
    value: str
    domain: str
    path: str = "/"
    host_only: bool = True
    secure: bool = False


def keep_cookies(jar: tuple[Cookie, ...], here: Address, head: Head) -> tuple[Cookie, ...]:
    """``jar`` and what an answer from ``here`` adds; a cookie of the same place is replaced."""
    found = {(it.name, it.domain, it.path): it for it in jar}
    for name, value in head:
        if name.lower() == "set-cookie" and (it := _read(value, here)):
            key = (it.name, it.domain, it.path)
            found.pop(key, None)
            if it.value:
                found[key] = it
    return tuple(found.values())[-MOST:]


def cookie_line(jar: tuple[Cookie, ...], there: Address) -> str:
    """The Cookie header for ``there``; "" when none of the jar is meant for it."""
    path = _path(there)
    fit = [it for it in jar if _is_meant_for(it, there, path)]
    # Longer paths first: RFC 6265 section 5.4.
    fit.sort(key=lambda it: -len(it.path))
    return "; ".join(f"{it.name}={it.value}" for it in fit)


def _read(line: str, here: Address) -> Cookie | None:
    """None for a cookie that RFC 6265 says to ignore."""
    if len(line) > _LONGEST:
        return None
    pair, *rest = line.split(";")
    name, equals, value = (it.strip() for it in pair.partition("="))
    if not equals or not name or not (name + value).isprintable():
        return None
    attributes = {}
    for it in rest:
        key, _, attribute = it.partition("=")
        attributes[key.strip().lower()] = attribute.strip()
    domain = attributes.get("domain", "").lstrip(".").lower()
    if domain and not _covers(domain, here.host):
        return None
    if domain and _is_public_suffix(domain):
        if domain != here.host:
            return None
        domain = ""
    path = attributes.get("path", "")
    if not path.startswith("/"):
        path = _path(here).rpartition("/")[0] or "/"
    if attributes.get("max-age", "").startswith(("-", "0")):
        value = ""
    return Cookie(name, value, domain or here.host, path, not domain, "secure" in attributes)


def _is_meant_for(cookie: Cookie, there: Address, path: str) -> bool:
    if cookie.secure and there.scheme != "https":
        return False
    if cookie.host_only and there.host != cookie.domain:
        return False
    if not _covers(cookie.domain, there.host):
        return False
    return path == cookie.path or path.startswith(cookie.path.rstrip("/") + "/")


def _covers(domain: str, host: str) -> bool:
    if host == domain:
        return True
    return host.endswith("." + domain) and not host.replace(".", "").isdecimal()


def _path(address: Address) -> str:
    after = address.url.split("://", 1)[1]
    return "/" + after.partition("/")[2].partition("?")[0]


def _is_public_suffix(domain: str) -> bool:
    return bool(_suffixes().is_public(domain))


@cache
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList  # 0.2 s, and most pages set no domain

    return PublicSuffixList()
