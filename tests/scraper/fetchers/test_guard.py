from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetchers.guard import read_networks, refusal

INSIDE = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.88.99.1",
    "168.63.129.16",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "100::1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "::ffff:0:0",
    "64:ff9b::7f00:1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::10.0.0.1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "5f00::1",
    "not-an-address",
    "1.2.3",
]

OUTSIDE = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "172.32.0.1",
    "172.15.255.255",
    "100.63.255.255",
    "100.128.0.1",
    "169.253.1.1",
    "2606:4700::1111",
    "2a00:1450:4001:80b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2001:4860:4860::8888",
]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_not_for_everyone_is_refused(address: str) -> None:
    why = refusal(address)
    assert why
    assert address in why


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_for_everyone_is_not(address: str) -> None:
    assert refusal(address) is None


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_gets_through(ip: IPv4Address | IPv6Address) -> None:
    if not ip.is_global and not (isinstance(ip, IPv6Address) and ip in ip_network("64:ff9b::/96")):
        assert refusal(str(ip))


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_changes_nothing(ip: IPv4Address) -> None:
    for form in (f"::ffff:{ip}", f"64:ff9b::{ip}"):
        assert (refusal(form) is None) == (refusal(str(ip)) is None)


@given(st.text(max_size=40))
def test_whatever_is_no_address_is_refused(text: str) -> None:
    try:
        ip_address(text.partition("%")[0])
    except ValueError:
        assert refusal(text)


def test_a_network_may_be_opened_and_only_that() -> None:
    allowed = read_networks(["10.1.0.0/16", "fd00::/8"])
    assert refusal("10.1.2.3", allowed) is None
    assert refusal("::ffff:10.1.2.3", allowed) is None
    assert refusal("fd00::1", allowed) is None
    assert refusal("10.2.0.1", allowed)
    assert refusal("127.0.0.1", allowed)
