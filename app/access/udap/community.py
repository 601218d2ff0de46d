"""Describe the trust community that the server takes part in. Its certificates vouch for clients."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

VERSION = "1"


class NotTrusted(Exception):  # noqa: N818 - a fault of the sender
    """A statement is not signed with a certificate of the community. The text quotes nothing."""


class Stated(Struct, frozen=True):
    """The claims of a signed statement, and the URIs that its certificate names (SAN)."""

    claims: Mapping[str, Any]
    names: frozenset[str]


class StatementVerifier(Protocol):
    """Checks statements of the community's members."""

    def verify(self, text: str, now: datetime) -> Stated:
        """Return the claims of a JWT whose `x5c` chain ends at a trust anchor. Raises NotTrusted."""
        ...


class MetadataSigner(Protocol):
    """Signs the server's metadata with its own certificate of the community."""

    names: frozenset[str]
    """The URIs of the certificate."""

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Return the claims as a JWT with RS256 and `x5c`."""
        ...


class UdapServer(Struct, frozen=True, kw_only=True):
    """UDAP as the operator configures it.

    `uri` is the community. Clients get at most `scopes`. `organizations` are bound to clients by the URI of their
    certificate; other clients have none until an administrator binds some. `organization_ids` are URIs by which
    clients may call an organization.
    """

    uri: str
    root: str
    verifier: StatementVerifier
    signer: MetadataSigner
    scopes: tuple[str, ...]
    organizations: Mapping[str, tuple[str, ...]] = {}
    organization_ids: Mapping[str, str] = {}

    @property
    def registration_url(self) -> str:
        """The registration endpoint, which software statements must name as their audience."""
        return f"{self.root}/oauth/register"

    @property
    def token_url(self) -> str:
        """The token endpoint, which client assertions must name as their audience."""
        return f"{self.root}/oauth/token"
