"""Introspection and revocation of tokens.

https://www.rfc-editor.org/rfc/rfc7662 and https://www.rfc-editor.org/rfc/rfc7009
"""

from __future__ import annotations

from starlette.responses import Response

from app.access.registry import Client, ClientAuth
from app.access.smart.authorization_server import AuthorizationServer
from app.access.smart.credentials import Form
from app.access.smart.oauth_error import invalid_client, invalid_request
from app.web.request import FhirRequest
from app.web.smart.form import read_form
from app.web.smart.oauth_endpoint import NOT_KEPT, json_response
from app.web.smart.sender import sender_of
from app.workflow.smart.authentication import authenticate
from app.workflow.smart.token_state import revoke, state_of


async def introspection(server: AuthorizationServer, request: FhirRequest) -> Response:
    """Answer a client that proves its identity: the token may be another client's."""
    form, client = await _authenticated(server, request)
    if client.auth is ClientAuth.NONE:
        raise invalid_client("The client must prove its identity to introspect a token.")
    return json_response(await state_of(request.system, client, _token(form)))


async def revocation(server: AuthorizationServer, request: FhirRequest) -> Response:
    """Revoke a token of the client; the answer to any other token is the same."""
    form, client = await _authenticated(server, request)
    await revoke(request.system, client, _token(form))
    return Response(headers=NOT_KEPT)


async def _authenticated(server: AuthorizationServer, request: FhirRequest) -> tuple[Form, Client]:
    form = await read_form(request)
    return form, await authenticate(request.system, server, form, sender_of(request))


def _token(form: Form) -> str:
    if "token" not in form:
        raise invalid_request("token is missing.")
    return form["token"]
