"""Serve an OAuth endpoint: JSON answers, which no cache keeps, and the errors of RFC 6749."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.access.limiter import ThrottledError
from app.access.smart.oauth_error import OAuthError, OAuthFault
from app.fhir.outcome import Fault, FhirError
from app.ports import StoreUnavailable
from app.web.middleware import report_unavailable
from app.web.pacing import pace_by_address, pause
from app.web.request import FhirRequest
from app.workflow.system import System

Handler = Callable[[FhirRequest], Awaitable[Response]]

NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
MEDIA_TYPE = "application/json"
RETRY_SECONDS = 2


def oauth_route(path: str, method: str, handler: Handler, system: System, base: str = "") -> Route:
    """Return the route of an endpoint at `path`, below the path of a mount, `base`."""
    return Route(path, _OAuthEndpoint(base + path, handler, system), methods=[method])


def json_response(
    value: Mapping[str, Any] | Struct, status: int = 200, headers: Mapping[str, str] = NOT_KEPT
) -> Response:
    """Return JSON that must not be kept, unless the headers say how long."""
    return Response(msgspec.json.encode(value), status, dict(headers), MEDIA_TYPE)


def error_response(error: OAuthError) -> Response:
    """Return an error as JSON: https://www.rfc-editor.org/rfc/rfc6749#section-5.2."""
    headers = dict(NOT_KEPT)
    if error.fault is OAuthFault.INVALID_CLIENT:
        headers["WWW-Authenticate"] = 'Basic realm="preauth"'
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    return json_response({"error": error.fault, "error_description": error.description}, error.status, headers)


class _OAuthEndpoint(Struct, frozen=True):
    """An ASGI application; `template` is the name of the route in the log."""

    template: str
    handler: Handler
    system: System

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["route"] = self.template
        request = FhirRequest(scope, receive, self.system)
        try:
            response = await self._answer(request)
            await response(scope, receive, send)
        finally:
            request.release()

    async def _answer(self, request: FhirRequest) -> Response:
        try:
            # Discovery below a FHIR base is public, also with a bearer token: the token is not looked at.
            pace_by_address(request.scope, self.system)
            return await self.handler(request)
        except OAuthError as refused:
            return error_response(refused)
        except ThrottledError as throttled:
            await pause(throttled)
            return error_response(_unavailable(throttled.issues[0].text, throttled.status, throttled.seconds))
        except FhirError as refused:
            busy = refused.fault is Fault.BUSY
            text = refused.issues[0].text
            if busy:
                return error_response(_unavailable(text, refused.status, RETRY_SECONDS))
            return error_response(OAuthError(OAuthFault.INVALID_REQUEST, text, status=refused.status))
        except StoreUnavailable as outage:
            report_unavailable(request.scope, outage)
            return error_response(_unavailable("The store cannot answer now.", 503, RETRY_SECONDS))


def _unavailable(text: str, status: int, seconds: int) -> OAuthError:
    return OAuthError(OAuthFault.TEMPORARILY_UNAVAILABLE, text, status=status, retry_after=seconds)
