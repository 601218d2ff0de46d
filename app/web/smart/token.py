"""The token endpoint: https://www.rfc-editor.org/rfc/rfc6749#section-3.2."""

from __future__ import annotations

from starlette.responses import Response

from app.access.limiter import ThrottledError
from app.access.smart.authorization_server import AuthorizationServer
from app.access.smart.oauth_error import OAuthError
from app.audit.admission import Admits
from app.web.audit.origin import origin_of
from app.web.request import FhirRequest
from app.web.smart.form import read_form
from app.web.smart.oauth_answers import json_response
from app.web.smart.sender import sender_of
from app.workflow.smart.admissions import client_named, record_refused, record_token
from app.workflow.smart.grant_types import issue_tokens


async def token(server: AuthorizationServer, request: FhirRequest) -> Response:
    """Answer a token request."""
    form = await read_form(request)
    system, sender = request.system, sender_of(request)
    origin = origin_of(request, server.root)
    try:
        answer = await issue_tokens(system, server, form, sender)
    except (OAuthError, ThrottledError) as refused:
        named = client_named(form, sender.authorization)
        await record_refused(system, origin, Admits.TOKEN, reason_of(refused), client=named)
        raise
    await record_token(system, origin, answer["access_token"] if isinstance(answer, dict) else answer.access_token)
    return json_response(answer)


def reason_of(refused: OAuthError | ThrottledError) -> str:
    """Return why a client was refused, without a word of its request."""
    return refused.fault.value if isinstance(refused, OAuthError) else "locked out after too many failures"
