"""Describe UDAP at this server: https://hl7.org/fhir/us/udap-security/discovery.html."""

from __future__ import annotations

from typing import Any

from app.access.udap.b2b import NAME
from app.access.udap.community import VERSION, UdapServer

STATEMENT_ALGORITHMS = ("RS256", "RS384", "ES256", "ES384")
"""The algorithms of statements and assertions: https://hl7.org/fhir/us/udap-security/#signature-algorithm-identifiers."""

LIFE_OF_METADATA = 86_400


def udap_metadata(server: UdapServer, signed: str) -> dict[str, Any]:
    """Return the metadata document. `signed` is the JWT of `signed_claims`, whose values win."""
    return {
        "udap_versions_supported": [VERSION],
        "udap_profiles_supported": ["udap_dcr", "udap_authn", "udap_authz"],
        "udap_authorization_extensions_supported": [NAME],
        "udap_authorization_extensions_required": [NAME],
        "udap_certifications_supported": [],
        "udap_certifications_required": [],
        "grant_types_supported": ["client_credentials"],
        "scopes_supported": list(server.scopes),
        "token_endpoint": server.token_url,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(STATEMENT_ALGORITHMS),
        "registration_endpoint": server.registration_url,
        "registration_endpoint_jwt_signing_alg_values_supported": list(STATEMENT_ALGORITHMS),
        "signed_metadata": signed,
    }


def signed_claims(server: UdapServer, base: str, now: int, jti: str) -> dict[str, Any]:
    """Return the claims of the signed metadata of a FHIR base."""
    return {
        "iss": base,
        "sub": base,
        "iat": now,
        "exp": now + LIFE_OF_METADATA,
        "jti": jti,
        "token_endpoint": server.token_url,
        "registration_endpoint": server.registration_url,
    }
