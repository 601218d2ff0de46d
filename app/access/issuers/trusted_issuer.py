"""Describe an external issuer of access tokens: its keys, its rules, and the names of its claims."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.access.grant import Role

ALGORITHMS = {
    "RS256": "RSA", "RS384": "RSA", "RS512": "RSA", "PS256": "RSA", "PS384": "RSA", "PS512": "RSA",
    "ES256": "P-256", "ES384": "P-384", "ES512": "P-521",
}  # fmt: skip
"""The algorithms that an issuer may use, all asymmetric, with the type of key or the curve that each needs."""

WITHOUT_TYPE = "none"
"""The word for tokens whose header has no `typ`."""

ClaimPath = tuple[str, ...]
"""The names that lead to a claim, such as `realm_access` and `roles`."""

Alternatives = tuple[ClaimPath, ...]
"""Places of one claim. A token may have it at any of them."""


class ClaimPaths(Struct, frozen=True, kw_only=True):
    """Where an issuer's tokens have the facts about the caller. The defaults are the names of RFC 9068."""

    scope: Alternatives = (("scope",),)
    client: Alternatives = (("client_id",),)
    user: Alternatives = (("sub",),)
    token: Alternatives = (("jti",),)
    organizations: Alternatives = ()
    patient: Alternatives = ()
    payers: Alternatives = ()
    roles: Alternatives = ()


class TrustedIssuer(Struct, frozen=True, kw_only=True):
    """An issuer as the operator configures it.

    `jwks` is the URL of its key set, a file, or None for the one that its OpenID configuration names. `types` are
    allowed values of the header `typ` in lower case. `longest_lifetime` is in seconds. `roles` maps its names of roles
    to ours. A token must have the claims of `required`. With `unregistered`, a client without a record here has the
    rights that the token claims. The endpoints are for discovery: clients of this server find them there.
    """

    issuer: str
    audience: str
    jwks: str | None
    algorithms: frozenset[str]
    types: frozenset[str] = frozenset({"at+jwt"})
    longest_lifetime: int = 3600
    claims: ClaimPaths = ClaimPaths()
    roles: Mapping[str, Role] = {}
    required: tuple[tuple[ClaimPath, str], ...] = ()
    unregistered: bool = False
    token_endpoint: str | None = None
    authorization_endpoint: str | None = None
