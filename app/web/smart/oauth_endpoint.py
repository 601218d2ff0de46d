"""Serve an OAuth endpoint as a plain Starlette route. `error_forms` has the form of errors that are not OAuth's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from msgspec import Struct
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.access.smart.oauth_error import OAuthError
from app.web.pacing import pace_by_address
from app.web.request import FhirRequest
from app.web.smart.oauth_answers import refusal
from app.workflow.system import System

Handler = Callable[[FhirRequest], Awaitable[Response]]


def oauth_route(path: str, methods: Sequence[str], handler: Handler, system: System, base: str = "") -> Route:
    """Return the route of an endpoint at `path`, below the path of a mount, `base`."""
    return Route(path, _OAuthEndpoint(base + path, handler, system), methods=methods)


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
        # Discovery below a FHIR base is public, also with a bearer token: the token is not looked at.
        pace_by_address(request.scope, self.system)
        try:
            return await self.handler(request)
        except OAuthError as refused:
            return refusal(refused)
