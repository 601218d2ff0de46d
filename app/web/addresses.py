"""Find the address of a client, also behind trusted reverse proxies, and the network that limits count it by.

X-Forwarded-For is believed only as far as trusted proxies wrote it: from its end, up to the first other address.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

Networks = Sequence[IPv4Network | IPv6Network]

MOST_HOPS = 16
"""The most addresses of X-Forwarded-For that the server reads, from its end."""


def peer_of(scope: Scope) -> str:
    """Return the address at the other end of the connection; "" if it is unknown."""
    peer = scope.get("client")
    return str(peer[0]) if peer else ""


def is_trusted(host: str, proxies: Networks) -> bool:
    """Return whether an address belongs to a trusted proxy."""
    if not proxies:
        return False
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in network for network in proxies)


def from_trusted_proxy(scope: Scope, proxies: Networks) -> bool:
    """Return whether the connection comes from a trusted proxy, so that its headers may be believed."""
    return is_trusted(peer_of(scope), proxies)


def client_address(scope: Scope, proxies: Networks) -> str:
    """Return the client's address: the connection's, or the last that trusted proxies did not write for themselves."""
    address = peer_of(scope)
    if not is_trusted(address, proxies):
        return address
    for hop in _forwarded(scope):
        if not (host := _host(hop)):
            return address
        address = host
        if not is_trusted(address, proxies):
            return address
    return address


def client_network(scope: Scope, proxies: Networks) -> str:
    """Return the key of the limits by address for the client of a request."""
    return network_of(client_address(scope, proxies))


def network_of(host: str) -> str:
    """Return the key of the limits by address: an IPv4 address, or the first 64 bits of an IPv6 address."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else f"{int(address) >> 64:x}"


def _forwarded(scope: Scope) -> list[str]:
    """Return the addresses of X-Forwarded-For, the nearest hop first."""
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [hop.strip() for hop in ",".join(lines).split(",")][-MOST_HOPS:][::-1] if lines else []


def _host(hop: str) -> str:
    """Return the address of a hop without its port; "" for other texts."""
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ip_address(hop))
    except ValueError:
        return ""
