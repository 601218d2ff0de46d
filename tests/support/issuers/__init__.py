"""Tokens in the shapes of Keycloak, Entra and Okta, signed with keys of the tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey

from app.access.issuers.trusted_issuer import TrustedIssuer
from app.access.outbound.endpoint import OutboundRules
from app.access.smart.jwks import admitted
from app.access.smart.key_source import PublicKey
from app.registry.issuers_file import read_issuers
from tests.support.assertions import public, rsa_key, signed

FILE = Path(__file__).with_name("issuers.yaml")
LOCAL = OutboundRules(networks=(ip_network("127.0.0.0/8"),), http=True, unlisted=True)
TENANT = "0b0b0b0b-0000-4000-8000-000000000000"

Json = dict[str, Any]


def issuers() -> tuple[TrustedIssuer, TrustedIssuer, TrustedIssuer]:
    """Return Keycloak, Entra and Okta as the file configures them."""
    keycloak, entra, okta = read_issuers(FILE, OutboundRules())
    return keycloak, entra, okta


class HeldKeys:
    """The keys of an issuer, held by the test."""

    def __init__(self, *keys: PublicKey) -> None:
        self._keys = admitted(public(*keys))

    async def keys(self, kid: str) -> Sequence[PublicKey]:
        return [key for key in self._keys if key.kid == kid]


def keycloak_claims(now: datetime, **changes: Any) -> Json:
    """Return the claims of an access token of Keycloak 26 for a service account."""
    second = int(now.timestamp())
    return _changed(
        {
            "exp": second + 300, "iat": second, "jti": "trrtcc:5b4e", "iss": "https://login.payer.example/realms/pas",
            "aud": ["https://pas.payer.example/fhir", "account"], "sub": "d6f8-service-account", "typ": "Bearer",
            "azp": "ehr-x", "acr": "1", "realm_access": {"roles": ["offline_access", "pas-provider"]},
            "resource_access": {"account": {"roles": ["view-profile"]}}, "scope": "profile system/Claim.crs",
            "org": "org-a", "preferred_username": "service-account-ehr-x", "clientAddress": "10.0.0.3",
        },
        changes,
    )  # fmt: skip


def entra_claims(now: datetime, **changes: Any) -> Json:
    """Return the claims of an app-only access token of Entra, version 2.0."""
    second = int(now.timestamp())
    return _changed(
        {
            "aud": "api://preauth", "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0", "iat": second - 300,
            "nbf": second - 300, "exp": second + 4500, "aio": "k2RgYG==", "azp": "app-7", "azpacr": "2", "idtyp": "app",
            "oid": "8c2f", "rh": "0.AAA.", "roles": ["Provider", "system/Claim.crs"], "sub": "8c2f", "tid": TENANT,
            "uti": "u-1", "ver": "2.0", "extn.org": None, "extn": {"org": ["org-a", "org-b"]},
        },
        changes,
    )  # fmt: skip


def okta_claims(now: datetime, **changes: Any) -> Json:
    """Return the claims of an access token of a custom authorization server of Okta."""
    second = int(now.timestamp())
    return _changed(
        {
            "ver": 1, "jti": "AT.1", "iss": "https://payer.okta.example/oauth2/default", "cid": "0oa1", "sub": "0oa1",
            "aud": "https://pas.payer.example/fhir", "iat": second, "exp": second + 3600,
            "scp": ["system/Claim.crs", "system/ClaimResponse.r"], "https://pas.payer.example/organizations": "org-a",
        },
        changes,
    )  # fmt: skip


def token(claims: Mapping[str, Any] | bytes, key: RSAKey | None = None, **header: Any) -> str:
    """Sign claims with RS256 as type JWT; `header` replaces members, and None removes one."""
    used = key or rsa_key()
    members = {"alg": "RS256", "typ": "JWT", "kid": used.kid, **header}
    return signed(used, {name: value for name, value in members.items() if value is not None}, claims)


def key_set(*keys: PublicKey) -> bytes:
    return json.dumps(public(*keys)).encode()


def _changed(claims: Json, changes: Mapping[str, Any]) -> Json:
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}
