"""The table of addresses that the server must not call."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from app.access.outbound.addresses import may_connect
from tests.support.hostile_addresses import PRIVATE, PUBLIC


@pytest.mark.acceptance("E55")
@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused(address: str) -> None:
    assert not may_connect(address, ())


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    assert may_connect(address, ())


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203", "2002:a01:203::"])
def test_a_listed_network_is_allowed_in_every_notation(address: str) -> None:
    assert may_connect(address, (ip_network("10.0.0.0/8"),))
    assert not may_connect(address, (ip_network("192.168.0.0/16"), ip_network("::/0")))


def test_a_malformed_address_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not appear"):
        may_connect("hooks.example", ())
