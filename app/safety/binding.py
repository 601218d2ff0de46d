"""The address of a demo: its people are made up, so it listens where only this machine can reach it."""

from __future__ import annotations

import ipaddress

from app.safety.check import Check, failed, passed, warned
from app.settings import Settings

_NAME = "address"


def check_address(settings: Settings) -> Check:
    """Check that a demo listens on loopback, or on the private address that PREAUTH_DEMO_BIND names."""
    host = settings.host
    if is_loopback(host):
        return passed(_NAME, f"The demo listens on {host}, which only this machine can reach.")
    if settings.demo_bind != host:
        return failed(
            _NAME,
            f"A demo must listen on a loopback address, not on {host}.",
            f"Use --host 127.0.0.1, or repeat the address: --demo-bind {host}.",
        )
    if not _is_inside(host):
        return failed(_NAME, f"A demo must not listen on {host}, a public address.", "Use a private address.")
    return warned(
        _NAME,
        f"The demo listens on {host}, which other machines may reach.",
        "Publish the port on 127.0.0.1 only, and store no real patient.",
    )


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach the address. A name other than localhost may be any address."""
    address = _address_of(host)
    return host == "localhost" if address is None else address.is_loopback


def _is_inside(host: str) -> bool:
    """Return whether the address is private, or means all addresses of a container."""
    address = _address_of(host)
    return address is not None and (address.is_private or address.is_unspecified)


def _address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
