"""Describe the authorization server to clients: endpoints, grant types, capabilities and keys.

https://hl7.org/fhir/smart-app-launch/conformance.html and https://openid.net/specs/openid-connect-discovery-1_0.html
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from app.access.registry import ClientAuth
from app.access.smart.assertion import ALGORITHMS
from app.access.smart.authorization_server import AuthorizationServer, ExternalServer
from app.access.smart.consent_scopes import CONTEXT_SCOPES
from app.web.request import FhirRequest
from app.web.smart.oauth_answers import json_response
from app.workflow.smart.grant_types import GRANT_TYPES

SHORTLY_KEPT = {"Cache-Control": "public, max-age=60"}
"""A rotated key is found within a minute."""

CAPABILITIES = (
    *("client-confidential-asymmetric", "client-confidential-symmetric", "permission-v1", "permission-v2"),
    *("launch-standalone", "launch-ehr", "authorize-post", "client-public", "sso-openid-connect"),
    *("context-standalone-patient", "context-ehr-patient", "context-banner"),
    *("permission-offline", "permission-online", "permission-patient", "permission-user"),
)
"""https://hl7.org/fhir/smart-app-launch/conformance.html#capability-sets; tests prove each of them."""

SCOPES = ("system/*.cruds", "system/*.rs", "user/*.cruds", "user/*.rs", "patient/*.rs", *CONTEXT_SCOPES)


async def smart_configuration(server: AuthorizationServer, _: FhirRequest) -> Response:
    """Answer with the SMART configuration, as JSON for every Accept header."""
    return json_response(configuration(server), headers=SHORTLY_KEPT)


async def openid_configuration(server: AuthorizationServer, _: FhirRequest) -> Response:
    """Answer with the configuration of OpenID Connect."""
    described = {
        **_endpoints(server),
        "issuer": server.root,
        "userinfo_endpoint": server.userinfo_url,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "fhirUser", "name"],
    }
    return json_response(described, headers=SHORTLY_KEPT)


async def key_set(server: AuthorizationServer, _: FhirRequest) -> Response:
    """Answer with the JWKS: the public keys that verify this server's tokens."""
    return json_response(await server.signer.key_set(), headers=SHORTLY_KEPT)


async def external_configuration(server: ExternalServer, _: FhirRequest) -> Response:
    """Answer with the SMART configuration of an external server. Only the capabilities of this server are known."""
    apps = {} if server.authorize_url is None else {"authorization_endpoint": server.authorize_url}
    return json_response(
        {
            "issuer": server.issuer,
            "token_endpoint": server.token_url,
            **apps,
            "grant_types_supported": [*(["authorization_code"] if apps else []), "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "capabilities": ["permission-v1", "permission-v2"],
        },
        headers=SHORTLY_KEPT,
    )


def configuration(server: AuthorizationServer) -> dict[str, Any]:
    """Return the SMART configuration of the embedded server."""
    return {
        **_endpoints(server),
        "issuer": server.root,
        "code_challenge_methods_supported": ["S256"],
        "capabilities": list(CAPABILITIES),
    }


def _endpoints(server: AuthorizationServer) -> dict[str, Any]:
    return {
        "authorization_endpoint": server.authorize_url,
        "token_endpoint": server.token_url,
        "introspection_endpoint": server.introspect_url,
        "revocation_endpoint": server.revoke_url,
        "jwks_uri": server.keys_url,
        "token_endpoint_auth_methods_supported": [
            *(ClientAuth.PRIVATE_KEY_JWT, ClientAuth.CLIENT_SECRET),
            *("client_secret_post", ClientAuth.NONE),
        ],
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "grant_types_supported": list(GRANT_TYPES),
        "response_types_supported": ["code"],
        "scopes_supported": list(SCOPES),
    }
