"""Send a browser back to the client that asked: only to a registered URI, compared character by character.

https://www.rfc-editor.org/rfc/rfc9700#section-2.1
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from app.access.registry import Client

_NEVER = frozenset({"about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def fault_of_redirect(uri: str) -> str | None:
    """Return why a URI must not be registered for redirects; None for a good one.

    A good one is https, http on the loopback address, or a scheme of an installed app such as `com.example.app:/back`.
    """
    try:
        parts = urlsplit(uri)
        host, scheme = parts.hostname, parts.scheme
    except ValueError:
        return "must be a URI"
    if not uri.isascii() or not uri.isprintable() or any(character in uri for character in ' "<>\\^`{|}*'):
        return "must be a URI without spaces, wildcards and quotation marks"
    if parts.fragment or "#" in uri or "@" in parts.netloc:
        return "must not have a fragment or a user"
    if scheme == "https":
        return None if host else "must name a host"
    if scheme == "http":
        return None if host in _LOOPBACK else "must be https, or http on the loopback address"
    return "must be https or the scheme of an app" if scheme in _NEVER or "." not in scheme else None


def is_registered(client: Client, uri: str) -> bool:
    """Return whether the browser may be sent to `uri` for this client."""
    return uri in client.redirect_uris and fault_of_redirect(uri) is None


def with_parameters(uri: str, parameters: Mapping[str, str]) -> str:
    """Return the URI with more query parameters; its own ones stay."""
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(parameters)}"


def origin_of(uri: str) -> str:
    """Return the source expression of the URI for a Content-Security-Policy: its origin, or its scheme."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
