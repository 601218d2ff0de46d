"""The claims of the server's own access tokens. They carry no rights but scopes: the registry has the others.

https://www.rfc-editor.org/rfc/rfc9068
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from app.access.grant import InvalidToken
from app.access.verifier import Verified

LONGEST_LIFETIME = timedelta(hours=24)
SKEW = timedelta(seconds=30)

TYPE = "at+jwt"
"""The header `typ` of an access token."""

NOT_OURS = "it is not a token that this server issued"


class Confirmation(Struct, frozen=True, rename={"certificate": "x5t#S256"}):
    """The thumbprint of the certificate that a token is bound to: https://www.rfc-editor.org/rfc/rfc8705."""

    certificate: str


class AccessClaims(Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"fhir_user": "fhirUser"}):
    """The claims of an access token. Decoding refuses a missing claim and a claim of another type.

    `sub` is the user, or the client itself. `patient` is the id of the Patient in context. `family` is the id of the
    tokens that follow from the same consent. `org` is the only one of the client's organizations that the token is for;
    None: each of them.
    """

    iss: str
    aud: str
    sub: str
    client_id: str
    jti: str
    iat: int
    exp: int
    scope: str
    nbf: int = 0
    patient: str | None = None
    fhir_user: str | None = None
    cnf: Confirmation | None = None
    family: str = ""
    org: str | None = None

    def verified(self) -> Verified:
        """Return what the claims prove, if they are valid."""
        return Verified(
            issuer=self.iss,
            client=self.client_id,
            subject=self.sub,
            scopes=frozenset(self.scope.split()),
            token=self.jti,
            expires=self.exp,
            patient=self.patient,
            fhir_user=self.fhir_user,
            certificate=self.cnf.certificate if self.cnf else None,
            family=self.family,
            organization=self.org,
        )


def claims_of(token: str) -> AccessClaims:
    """Return the claims of a token that this server has just signed, without another look at the signature."""
    payload = token.split(".")[1]
    return msgspec.json.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=AccessClaims)


def confirmation_of(certificates: Sequence[str]) -> Confirmation | None:
    """Return the binding to the certificate that a client presented; None for a client that has none."""
    return Confirmation(certificates[0]) if certificates else None


def audience_of(root: str) -> str:
    """Return the audience of the tokens for all FHIR bases of the server at `root`."""
    return f"{root}/fhir"


def client_claims(
    root: str,
    client: str,
    scopes: Collection[str],
    now: datetime,
    *,
    token_id: str,
    lifetime: timedelta,
    patient: str | None = None,
) -> AccessClaims:
    """Return the claims of a client's own token, without a user, from the server at `root`."""
    issued = int(now.timestamp())
    return AccessClaims(
        iss=root,
        aud=audience_of(root),
        sub=client,
        client_id=client,
        jti=token_id,
        iat=issued,
        exp=issued + int(min(lifetime, LONGEST_LIFETIME).total_seconds()),
        scope=" ".join(scopes),
        patient=patient,
    )


def check_claims(claims: AccessClaims, root: str, now: datetime) -> None:
    """Check that a signed token is for the server at `root`, and for this time. Raises InvalidToken."""
    time, skew = now.timestamp(), SKEW.total_seconds()
    if claims.iss != root or claims.aud != audience_of(root) or not claims.sub or not claims.client_id:
        raise InvalidToken(NOT_OURS)
    if claims.exp <= time:
        raise InvalidToken("it has expired")
    if claims.exp > time + LONGEST_LIFETIME.total_seconds() + skew:
        raise InvalidToken("it is valid for longer than 24 hours")
    if max(claims.nbf, claims.iat) > time + skew:
        raise InvalidToken("it is not valid yet")
