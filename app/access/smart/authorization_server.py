"""Describe the embedded authorization server: its address, its key, and how long its tokens live."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct

from app.access.smart.app_tokens import AppLifetimes
from app.access.smart.key_source import KeySource
from app.access.smart.signer import TokenSigner


class AuthorizationServer(Struct, frozen=True, kw_only=True):
    """The OAuth server of this process. `root` is its issuer; `clients_keys` fetches the key sets of its clients.

    `backend_lifetime` is the lifetime of a token for a client without a user, `app_lifetimes` those of an app's tokens.
    """

    root: str
    signer: TokenSigner
    clients_keys: KeySource
    backend_lifetime: timedelta
    app_lifetimes: AppLifetimes = AppLifetimes()

    @property
    def uris(self) -> Mapping[str, str]:
        """The endpoints by the names of SMART's extension in the CapabilityStatement."""
        return {
            "authorize": self.authorize_url,
            "token": self.token_url,
            "introspect": self.introspect_url,
            "revoke": self.revoke_url,
        }

    @property
    def token_url(self) -> str:
        """The token endpoint, which client assertions must name as their audience."""
        return f"{self.root}/oauth/token"

    @property
    def authorize_url(self) -> str:
        """The authorization endpoint, where users sign in for clients."""
        return f"{self.root}/oauth/authorize"

    @property
    def introspect_url(self) -> str:
        """The introspection endpoint."""
        return f"{self.root}/oauth/introspect"

    @property
    def revoke_url(self) -> str:
        """The revocation endpoint."""
        return f"{self.root}/oauth/revoke"

    @property
    def userinfo_url(self) -> str:
        """The userinfo endpoint of OpenID Connect."""
        return f"{self.root}/oauth/userinfo"

    @property
    def keys_url(self) -> str:
        """The JWKS of the server."""
        return f"{self.root}/oauth/jwks"


class ExternalServer(Struct, frozen=True):
    """The authorization server of an external issuer, which clients of this server find by its discovery."""

    issuer: str
    token_url: str
    authorize_url: str | None = None
