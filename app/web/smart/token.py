"""The token endpoint: https://www.rfc-editor.org/rfc/rfc6749#section-3.2."""

from __future__ import annotations

from starlette.responses import Response

from app.access.smart.authorization_server import AuthorizationServer
from app.web.request import FhirRequest
from app.web.smart.form import read_form
from app.web.smart.oauth_endpoint import json_response
from app.web.smart.sender import sender_of
from app.workflow.smart.grant_types import issue_tokens


async def token(server: AuthorizationServer, request: FhirRequest) -> Response:
    """Answer a token request."""
    form = await read_form(request)
    return json_response(await issue_tokens(request.system, server, form, sender_of(request)))
