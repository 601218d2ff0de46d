"""Introspection and revocation of tokens.

https://www.rfc-editor.org/rfc/rfc7662 and https://www.rfc-editor.org/rfc/rfc7009
"""

from __future__ import annotations

from starlette.responses import Response

from app.access.limiter import ThrottledError
from app.access.registry import Client, ClientAuth
from app.access.smart.authorization_server import AuthorizationServer
from app.access.smart.credentials import Form
from app.access.smart.oauth_error import OAuthError, invalid_client, invalid_request
from app.audit.admission import Admits
from app.web.audit.origin import origin_of
from app.web.caller import identified
from app.web.challenge import ChallengeError
from app.web.request import FhirRequest
from app.web.smart.form import read_form
from app.web.smart.oauth_answers import NOT_KEPT, json_response
from app.web.smart.sender import sender_of
from app.web.smart.token import reason_of
from app.workflow.smart.admissions import client_named, record_refused, record_revocation
from app.workflow.smart.authentication import authenticate, client_behind
from app.workflow.smart.token_state import revoke, state_of


async def introspection(server: AuthorizationServer, request: FhirRequest) -> Response:
    """Answer a client that proves its identity, now or by its bearer token: the token may be another client's."""
    scheme, _, _ = (request.listed(b"authorization") or "").partition(" ")
    known = _by_token if scheme.lower() == "bearer" else _authenticated
    form, client = await known(server, request, Admits.INTROSPECTION)
    if client.auth is ClientAuth.NONE:
        raise invalid_client("The client must prove its identity to introspect a token.")
    return json_response(await state_of(request.system, client, _token(form)))


async def revocation(server: AuthorizationServer, request: FhirRequest) -> Response:
    """Revoke a token of the client; the answer to any other token is the same."""
    form, client = await _authenticated(server, request, Admits.REVOCATION)
    revoked = await revoke(request.system, client, _token(form))
    if revoked is not None:
        await record_revocation(request.system, origin_of(request, server.root), client.id, revoked)
    return Response(headers=NOT_KEPT)


async def _authenticated(server: AuthorizationServer, request: FhirRequest, act: Admits) -> tuple[Form, Client]:
    form, system, sender = await read_form(request), request.system, sender_of(request)
    try:
        return form, (await authenticate(system, server, form, sender)).client
    except (OAuthError, ThrottledError) as refused:
        origin, named = origin_of(request, server.root), client_named(form, sender.authorization)
        await record_refused(system, origin, act, reason_of(refused), client=named)
        raise


async def _by_token(server: AuthorizationServer, request: FhirRequest, act: Admits) -> tuple[Form, Client]:
    """https://hl7.org/fhir/smart-app-launch/token-introspection.html demands this way for each client with another."""
    system, now = request.system, request.system.clock.now()
    try:
        verified, _ = await identified(request, now)
    except ChallengeError as refused:
        named = request.scope["state"].get("client") or ""
        await record_refused(system, origin_of(request, server.root), act, f"HTTP {refused.status}", client=named)
        raise
    return await read_form(request), await client_behind(system, verified, now)


def _token(form: Form) -> str:
    if "token" not in form:
        raise invalid_request("token is missing.")
    return form["token"]
