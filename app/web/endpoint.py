"""Serve one path of a FHIR base as a plain Starlette route, with a handler for each method."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from msgspec import Struct
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.pas.edition import Edition
from app.web.request import FhirRequest
from app.workflow.system import System

Interaction = Callable[[FhirRequest, Edition, str], Awaitable[Response]]
"""Answers a request, given the edition and the URL of the base."""

Handler = Callable[[FhirRequest], Awaitable[Response]]


class FhirId(Convertor[str]):
    """A resource id in a path: http://hl7.org/fhir/R4/datatypes.html#id."""

    regex = r"[A-Za-z0-9\-.]{1,64}"

    def convert(self, value: str) -> str:
        """Return the id unchanged."""
        return value

    def to_string(self, value: str) -> str:
        """Return the id unchanged."""
        return value


register_url_convertor("fhirid", FhirId())


def endpoint(path: str, handlers: Mapping[str, Handler], system: System, base: str) -> Route:
    """Return the route of a path below a base; HEAD goes to the handler of GET."""
    return Route(path, _Endpoint(base + path, handlers, system), methods=list(handlers))


class _Endpoint(Struct, frozen=True):
    """An ASGI application; `template` is the name of the route in the log."""

    template: str
    handlers: Mapping[str, Handler]
    system: System

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["route"] = self.template
        request = FhirRequest(scope, receive, self.system)
        handler = self.handlers.get(scope["method"]) or self.handlers["GET"]
        try:
            response = await handler(request)
            await response(scope, receive, send)
        finally:
            request.release()
