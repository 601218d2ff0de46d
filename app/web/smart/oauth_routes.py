"""The routes of the embedded authorization server, and of its discovery at the root and below each FHIR base."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from starlette.responses import Response
from starlette.routing import Route

from app.access.smart.authorization_server import AuthorizationServer
from app.web.request import FhirRequest
from app.web.smart.discovery import external_configuration, key_set, openid_configuration, smart_configuration
from app.web.smart.launch import launch
from app.web.smart.oauth_endpoint import oauth_route
from app.web.smart.token import token
from app.web.smart.token_state import introspection, revocation
from app.web.smart.userinfo import userinfo
from app.workflow.system import System

Endpoint = Callable[[AuthorizationServer, FhirRequest], Awaitable[Response]]

GET, POST = ("GET",), ("POST",)
SMART_CONFIGURATION = "/.well-known/smart-configuration"

ENDPOINTS: Sequence[tuple[Sequence[str], str, Endpoint]] = (
    (POST, "/oauth/token", token),
    (POST, "/oauth/introspect", introspection),
    (POST, "/oauth/revoke", revocation),
    (POST, "/oauth/launch", launch),
    ((*GET, *POST), "/oauth/userinfo", userinfo),
    (GET, "/oauth/jwks", key_set),
    (GET, SMART_CONFIGURATION, smart_configuration),
    (GET, "/.well-known/openid-configuration", openid_configuration),
)


def oauth_routes(system: System) -> list[Route]:
    """Return the routes at the root: those of the embedded server, or the discovery of an external one."""
    server = system.identity.oauth
    if server is None:
        return discovery_routes(system, "")
    return [oauth_route(path, methods, partial(endpoint, server), system) for methods, path, endpoint in ENDPOINTS]


def discovery_routes(system: System, base: str) -> list[Route]:
    """Return the routes of discovery below a FHIR base; none without an authorization server."""
    identity = system.identity
    if identity.oauth is not None:
        handler = partial(smart_configuration, identity.oauth)
    elif identity.external_oauth is not None:
        handler = partial(external_configuration, identity.external_oauth)
    else:
        return []
    return [oauth_route(SMART_CONFIGURATION, GET, handler, system, base)]
