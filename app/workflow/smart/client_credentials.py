"""Issue a token to a backend service.

https://hl7.org/fhir/smart-app-launch/backend-services.html
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from msgspec.structs import replace

from app.access.registry import ClientAuth
from app.access.smart import access_token
from app.access.smart.access_token import client_claims, confirmation_of
from app.access.smart.authorization_server import AuthorizationServer
from app.access.smart.credentials import Form, Proved
from app.access.smart.oauth_error import OAuthError, OAuthFault
from app.access.smart.scope_request import system_scopes
from app.search.granular import check_scopes
from app.workflow.system import System
from app.workflow.udap.certified import organization_asked_for


async def client_credentials(system: System, server: AuthorizationServer, proved: Proved, form: Form) -> dict[str, Any]:
    """Return a token for the client itself, without a refresh token. Raises OAuthError."""
    client = proved.client
    if client.auth is ClientAuth.NONE:
        raise OAuthError(OAuthFault.UNAUTHORIZED_CLIENT, "A public client cannot use client_credentials.")
    scopes = system_scopes(form.get("scope"), client.scopes)
    check_enforceable(scopes)
    lifetime = server.backend_lifetime
    organization = await organization_asked_for(system, proved)
    claims = client_claims(
        server.root, client.id, scopes, system.clock.now(), token_id=system.ids.new(), lifetime=lifetime
    )
    claims = replace(claims, org=organization, cnf=confirmation_of(client.certificates))
    return {
        "access_token": await server.signer.sign(access_token.TYPE, msgspec.json.encode(claims)),
        "token_type": "bearer",
        "expires_in": int(lifetime.total_seconds()),
        "scope": claims.scope,
    }


def check_enforceable(scopes: Collection[str]) -> None:
    """Check that the server can enforce granular scopes, each and together. Raises OAuthError."""
    try:
        check_scopes(scopes)
    except ValueError as unsupported:
        text = "The conditions of the scopes must be supported, alone and together."
        raise OAuthError(OAuthFault.INVALID_SCOPE, text) from unsupported
