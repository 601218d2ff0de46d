"""The userinfo endpoint of OpenID Connect: https://openid.net/specs/openid-connect-core-1_0.html#UserInfo."""

from __future__ import annotations

from starlette.responses import Response

from app.access.smart.authorization_server import AuthorizationServer
from app.access.smart.consent_scopes import OPENID
from app.fhir.outcome import Fault
from app.web.caller import identified
from app.web.challenge import ChallengeError
from app.web.request import FhirRequest
from app.web.smart.oauth_answers import json_response
from app.workflow.smart.user_info import user_info

_NO_USER = "The token must be of a user who allowed openid."


async def userinfo(_: AuthorizationServer, request: FhirRequest) -> Response:
    """Answer an app with the claims about its user that the user allowed."""
    now = request.system.clock.now()
    verified, _grant = await identified(request, now)
    claims = await user_info(request.system, verified, now)
    if claims is None:
        raise ChallengeError(Fault.FORBIDDEN, _NO_USER, 'error="insufficient_scope"', f'scope="{OPENID}"')
    return json_response(claims)
