"""Decide which web origins a client's browser app may call from: those of its redirect URIs, and its own list."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from app.access.registry import Client

_ORIGIN: Final = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?")
_USUAL_PORTS: Final = {"https": 443, "http": 80}


def origins_of(client: Client) -> frozenset[str]:
    """Return the origins of a client; a disabled client has none."""
    if client.disabled:
        return frozenset()
    return frozenset(origin for uri in (*client.origins, *client.redirect_uris) if (origin := _origin_of(uri)))


def is_origin(text: str) -> bool:
    """Return whether the text of an Origin header is an origin of the web, as browsers write it."""
    return _ORIGIN.fullmatch(text) is not None


def _origin_of(uri: str) -> str | None:
    """Return the origin of a URI, as browsers write it; None for an app's own scheme."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _USUAL_PORTS or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    origin = f"{parts.scheme}://{host}"
    return origin if port in (None, _USUAL_PORTS[parts.scheme]) else f"{origin}:{port}"
