"""The address of a client: X-Forwarded-For counts as far as trusted proxies wrote it, and never from elsewhere."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from starlette.types import Scope

from app.web.addresses import client_address, from_trusted_proxy, network_of

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def scope(peer: str | None, *forwarded: str) -> Scope:
    lines = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return {"client": (peer, 1) if peer is not None else None, "headers": [(b"host", b"preauth.test"), *lines]}


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.9", (), "192.0.2.9"),
        ("192.0.2.9", ("198.51.100.1",), "192.0.2.9"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("203.0.113.5, 198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("203.0.113.5", "198.51.100.1, 10.0.0.2"), "198.51.100.1"),
        ("10.0.0.1", ("10.0.0.3",), "10.0.0.3"),
        ("10.0.0.1", ("198.51.100.1:4711",), "198.51.100.1"),
        ("10.0.0.1", ("[2001:db8::1]:4711",), "2001:db8::1"),
        ("10.0.0.1", ("2001:db8::1",), "2001:db8::1"),
        ("10.0.0.1", ("198.51.100.1, unknown",), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.1, junk, 10.0.0.2",), "10.0.0.2"),
        ("10.0.0.1", (", " * 50,), "10.0.0.1"),
        ("::ffff:10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("fd00::1%eth0", ("198.51.100.1",), "198.51.100.1"),
        ("testclient", ("198.51.100.1",), "testclient"),
        (None, ("198.51.100.1",), ""),
    ],
)
def test_only_trusted_proxies_change_the_address(peer: str | None, forwarded: tuple[str, ...], address: str) -> None:
    assert client_address(scope(peer, *forwarded), PROXIES) == address


def test_a_server_without_trusted_proxies_ignores_the_header() -> None:
    assert client_address(scope("10.0.0.1", "198.51.100.1"), ()) == "10.0.0.1"
    assert not from_trusted_proxy(scope("10.0.0.1"), ())
    assert from_trusted_proxy(scope("10.0.0.1"), PROXIES)
    assert not from_trusted_proxy(scope("192.0.2.9"), PROXIES)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "", True),
    ],
)
def test_the_addresses_of_one_network_count_together(one: str, other: str, *, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same
