"""Send a browser back to the client that asked: only to a registered URI, compared character by character.

https://www.rfc-editor.org/rfc/rfc9700#section-2.1
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from app.access.outbound.endpoint import EndpointRefused, read_url
from app.access.registry import Client

_WEB = ("http", "https")

_APP = re.compile(r"[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:.*", re.IGNORECASE)
"""A URI whose scheme is that of an installed app, the reverse of a name. No scheme of browsers has a period."""


def fault_of_redirect(uri: str) -> str | None:
    """Return why a URI must not be registered for redirects; None for a good one.

    A good one is https, http on the loopback address, or a scheme of an installed app such as `com.example.app:/back`.
    """
    if not uri.isascii() or not uri.isprintable() or any(character in uri for character in ' "<>\\^`{|}*'):
        return "must be a URI without spaces, wildcards and quotation marks"
    scheme = _scheme_of(uri)
    if "#" in uri:
        return "must not have a fragment"
    if scheme not in _WEB:
        return None if _APP.fullmatch(uri) else "must be https or the scheme of an app"
    try:
        is_secure = read_url(uri).origin.is_secure
    except EndpointRefused:
        return "must have a host, and no user name"
    return None if is_secure else "must be https, or http on the loopback address"


def is_registered(client: Client, uri: str) -> bool:
    """Return whether the browser may be sent to `uri` for this client."""
    return uri in client.redirect_uris and fault_of_redirect(uri) is None


def with_parameters(uri: str, parameters: Mapping[str, str]) -> str:
    """Return the URI with more query parameters; its own ones stay."""
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(parameters)}"


def origin_of(uri: str) -> str:
    """Return the source expression of a registered URI for a Content-Security-Policy: its origin, or its scheme."""
    scheme = _scheme_of(uri)
    return read_url(uri).origin.text if scheme in _WEB else f"{scheme}:"


def _scheme_of(uri: str) -> str:
    return uri.partition(":")[0].lower()
