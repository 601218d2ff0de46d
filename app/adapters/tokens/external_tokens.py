"""Verify the access tokens of external issuers.

The header of a token is compared with the issuer's configuration; it chooses nothing but one of the issuer's keys.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from joserfc import jws
from joserfc.jwk import RSAKey

from app.access.grant import InvalidToken
from app.access.issuers.claims import read_claims
from app.access.issuers.trusted_issuer import ALGORITHMS, TrustedIssuer
from app.access.signed import NotSigned, read_signed, verified_payload
from app.access.smart.key_source import PublicKey
from app.access.verifier import Verified
from app.adapters.tokens.issuer_keys import IssuerKeys

UNSIGNED = "its header or its signature does not fit its issuer"


class _Header(msgspec.Struct, frozen=True):
    """The members of a header that matter. Others choose nothing."""

    alg: str
    kid: str
    typ: str = ""


class ExternalTokens:
    """The tokens of one external issuer. Implements `TokenVerifier`."""

    def __init__(self, issuer: TrustedIssuer, keys: IssuerKeys) -> None:
        self._issuer, self._keys = issuer, keys
        self._headers = jws.JWSRegistry(algorithms=sorted(issuer.algorithms), strict_check_header=False)

    async def verify(self, token: str, now: datetime) -> Verified:
        """Return the facts that the token proves. Raises InvalidToken, and KeysUnavailable."""
        header = self._header(token)
        fitting = [key for key in await self._keys.keys(header.kid) if _fits(key, header.alg)]
        if len(fitting) != 1:
            raise InvalidToken(UNSIGNED)
        try:
            claims = msgspec.json.decode(verified_payload(token, fitting[0], header.alg, self._headers), type=dict)
        except (NotSigned, ValueError, RecursionError) as refused:
            raise InvalidToken(UNSIGNED) from refused
        return read_claims(claims, self._issuer, now)

    def _header(self, token: str) -> _Header:
        try:
            header, _ = read_signed(token, _Header, self._headers)
        except NotSigned as unreadable:
            raise InvalidToken(UNSIGNED) from unreadable
        type_ = header.typ.lower().removeprefix("application/")
        if header.alg not in self._issuer.algorithms or type_ not in self._issuer.types:
            raise InvalidToken(UNSIGNED)
        return header


def _fits(key: PublicKey, algorithm: str) -> bool:
    """Return whether the key is for the algorithm: the type or the curve, and the key's own `alg` if it has one."""
    kind = key.key_type if isinstance(key, RSAKey) else key.curve_name
    return kind == ALGORITHMS[algorithm] and key.get("alg", algorithm) == algorithm
