"""Bind tokens to the certificate of a client: https://www.rfc-editor.org/rfc/rfc8705#section-3."""

from __future__ import annotations

from msgspec.structs import replace

from app.access.registry import Client
from app.access.smart.oauth_error import invalid_client


def presenting(client: Client, certificate: str | None) -> Client:
    """Return the client with the one certificate that it presents; its tokens are bound to this one.

    A client without registered certificates needs none. Raises OAuthError for another certificate, or without one.
    """
    if not client.certificates:
        return client
    if certificate is None or certificate not in client.certificates:
        raise invalid_client("The client must present one of its registered certificates.")
    return replace(client, certificates=(certificate,))
