"""Read the rules of outbound calls from the settings."""

from __future__ import annotations

from ipaddress import ip_network

from app.access.outbound.endpoint import OutboundRules
from app.settings import Settings

OF_A_DEMO = tuple(
    map(ip_network, ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)
"""The private networks that a demo may call, unless its settings name others."""


def outbound_rules(settings: Settings) -> OutboundRules:
    """Return the rules: production calls https and public addresses only, and the networks that its operator names."""
    demo = settings.environment == "demo"
    networks = settings.outbound_networks
    if networks is None:
        networks = OF_A_DEMO if demo else ()
    return OutboundRules(networks=networks, http=demo, unlisted=demo)
