"""Decides which IP addresses may be connected to: those that anyone on the internet may.

A page that we are sent to must not make us talk to our own network (server-side request forgery).
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from scraper.errors import JobError

Network = IPv4Network | IPv6Network

# Addresses that lead elsewhere: what lies inside them is what counts.
_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052
_LOCAL_NAT64 = ip_network("64:ff9b:1::/48")  # RFC 8215
_V4_COMPATIBLE = ip_network("::/96")  # RFC 4291 section 2.5.5.1
# Not public though ``is_global`` has said so in some versions of Python's table.
_NOT_PUBLIC = tuple(
    ip_network(it)
    for it in (
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "100.64.0.0/10",  # carrier-grade NAT (RFC 6598); clouds keep metadata servers there
        "168.63.129.16/32",  # the host's agent in one large cloud: routed, yet never a web site
        "fec0::/10",  # site-local (RFC 3879)
        "5f00::/16",  # segment routing (RFC 9602)
    )
)


def read_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Raises ``JobError`` for what is no network in CIDR form.

    >>> read_networks(["10.1.0.0/16"])
    (IPv4Network('10.1.0.0/16'),)
    """
    try:
        return tuple(ip_network(it) for it in texts)
    except ValueError as error:
        raise JobError("fetch.allow_private", f"{error}; expected '10.1.0.0/16'") from error


def refusal(address: str, allowed: Iterable[Network] = ()) -> str | None:
    """Why no connection may be made to an IP address; None: it may be made.

    >>> refusal("169.254.169.254")
    '169.254.169.254 is link-local'
    >>> refusal("::ffff:10.0.0.1")
    '::ffff:10.0.0.1 is private'
    >>> refusal("93.184.215.14") is None
    True
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is no IP address"
    for inner in (ip, *_embedded(ip)):
        if any(inner.version == it.version and inner in it for it in allowed):
            return None
    for inner in (ip, *_embedded(ip)):
        if why := _why_not(inner):
            return f"{address} is {why}"
    return None


def _embedded(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address leads to."""
    if isinstance(ip, IPv4Address):
        return []
    found = []
    if ip.ipv4_mapped:
        found.append(ip.ipv4_mapped)
    if ip.sixtofour:
        found.append(ip.sixtofour)
    if ip.teredo:
        found.extend(ip.teredo)
    if ip in _NAT64 or ip in _LOCAL_NAT64 or ip in _V4_COMPATIBLE:
        found.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return found


def _why_not(ip: IPv4Address | IPv6Address) -> str | None:
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        return None  # Judged by the address inside.
    if ip.is_unspecified:
        return "this host itself"
    if ip.is_loopback:
        return "loopback"
    if ip.is_link_local:
        return "link-local"
    if ip.is_multicast:
        return "multicast"
    if ip in _NAT64:
        return None
    if not ip.is_global or ip.is_reserved:
        return "private"
    if any(ip.version == it.version and ip in it for it in _NOT_PUBLIC):
        return "not public"
    return None
