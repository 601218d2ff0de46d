"""Tell public IP addresses from private ones, also if an IPv6 address contains an IPv4 address."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_IPV4_AT_THE_END = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
"""NAT64, and the obsolete IPv4-compatible addresses."""


def may_connect(address: str, networks: Collection[Network]) -> bool:
    """Return whether the server may connect to an address: a public one, or one of the operator's `networks`.

    Raises ValueError for a malformed address.
    """
    target = _unwrapped(ip_address(address.partition("%")[0]))
    return _is_public(target) or any(target in network for network in networks)


def _unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address contains, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if inner is None and int(address) > 1 and any(address in network for network in _IPV4_AT_THE_END):
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not address.is_multicast
