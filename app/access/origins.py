"""Decide which web origins a client's browser app may call from: those of its redirect URIs, and its own list."""

from __future__ import annotations

from app.access.outbound.endpoint import EndpointRefused, read_url
from app.access.registry import Client


def origins_of(client: Client) -> frozenset[str]:
    """Return the origins of a client; a disabled client has none."""
    if client.disabled:
        return frozenset()
    return frozenset(origin for uri in (*client.origins, *client.redirect_uris) if (origin := origin_of_uri(uri)))


def is_origin(text: str) -> bool:
    """Return whether the text of an Origin header is an origin of the web, as browsers write it."""
    return origin_of_uri(text) == text


def origin_of_uri(uri: str) -> str | None:
    """Return the origin of a URI, as browsers write it; None for an app's own scheme."""
    try:
        return read_url(uri).origin.text
    except EndpointRefused:
        return None
