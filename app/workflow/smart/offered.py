"""Say what the authorization server offers: every description of it follows from the table of grant types."""

from __future__ import annotations

from app.access.registry import GrantType
from app.access.smart.authorization_server import AuthorizationServer
from app.workflow.smart.grant_types import GRANT_TYPES

SIGNS_USERS_IN = GrantType.AUTHORIZATION_CODE in GRANT_TYPES
"""Whether the server has sign-in for apps, and so OpenID Connect."""


def oauth_uris(server: AuthorizationServer) -> dict[str, str]:
    """Return the endpoints by the names of SMART's extension in the CapabilityStatement."""
    return {"token": server.token_url, **({"authorize": server.authorize_url} if SIGNS_USERS_IN else {})}
