"""The token endpoint: https://www.rfc-editor.org/rfc/rfc6749#section-3.2."""

from __future__ import annotations

from starlette.responses import Response

from app.access.smart.authorization_server import AuthorizationServer
from app.web.addresses import client_address, network_of
from app.web.certificate import presented_certificate
from app.web.request import FhirRequest
from app.web.smart.form import read_form
from app.web.smart.oauth_endpoint import json_response
from app.workflow.smart.grant_types import issue_tokens


async def token(server: AuthorizationServer, request: FhirRequest) -> Response:
    """Answer a token request."""
    form = await read_form(request)
    system = request.system
    address = network_of(client_address(request.scope, system.trusted_proxies))
    certificate = presented_certificate(request.scope, system.certificate_header, system.trusted_proxies)
    authorization = request.listed(b"authorization")
    answer = await issue_tokens(
        system, server, form, authorization=authorization, address=address, certificate=certificate
    )
    return json_response(answer)
