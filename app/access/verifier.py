"""The port of token verification; each kind of token has an adapter."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from app.access.grant import Role


class Claimed(Struct, frozen=True, kw_only=True):
    """The rights that an external issuer's token claims for its caller; None where its mapping has no claim.

    With `unregistered`, the operator lets these rights suffice for a client without a record here.
    """

    role: Role | None = None
    organizations: frozenset[str] | None = None
    payers: frozenset[str] | None = None
    unregistered: bool = False


class Verified(Struct, frozen=True, kw_only=True):
    """The facts that a valid token proves. They grant nothing: the registered client decides about rights.

    `subject` is the user, or the client itself. `token` is the `jti`. `patient` is the id of a Patient. `certificate`
    is the thumbprint (`cnf.x5t#S256`) of the client certificate that the token is bound to. `claimed` is None for
    tokens of this server. `organization` is the only one of the client's that the token is for; None: each of them.
    `family` is the id of the tokens that follow from the same consent of a user.
    """

    issuer: str
    client: str
    subject: str
    scopes: frozenset[str]
    token: str = ""
    expires: float = 0
    patient: str | None = None
    fhir_user: str | None = None
    certificate: str | None = None
    claimed: Claimed | None = None
    organization: str | None = None
    family: str = ""


class TokenVerifier(Protocol):
    """Identifies the caller by bearer token."""

    async def verify(self, token: str, now: datetime) -> Verified:
        """Return the facts that a token proves. Raises access.grant.InvalidToken for an invalid token."""
        ...
