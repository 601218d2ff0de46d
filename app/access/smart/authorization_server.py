"""Describe the embedded authorization server: its address, its key, and how long its tokens live."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from app.access.smart.key_source import KeySource
from app.access.smart.signer import TokenSigner


class AuthorizationServer(Struct, frozen=True, kw_only=True):
    """The OAuth server of this process. `root` is its issuer; `clients_keys` fetches the key sets of its clients.

    `backend_lifetime` is the lifetime of a token for a client without a user.
    """

    root: str
    signer: TokenSigner
    clients_keys: KeySource
    backend_lifetime: timedelta

    @property
    def token_url(self) -> str:
        """The token endpoint, which client assertions must name as their audience."""
        return f"{self.root}/oauth/token"

    @property
    def authorize_url(self) -> str:
        """The authorization endpoint, where users sign in for clients."""
        return f"{self.root}/oauth/authorize"

    @property
    def keys_url(self) -> str:
        """The JWKS of the server."""
        return f"{self.root}/oauth/jwks"
