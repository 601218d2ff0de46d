"""The routes: a FHIR base per edition, the operations from their table, the interactions from the served types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from fastapi import FastAPI
from msgspec import Struct
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.fhir.outcome import Fault, FhirError
from app.operations import OPERATIONS, Operation
from app.pas.edition import Edition
from app.web.bases import BASES
from app.web.deps import call_of, permit_all, received
from app.web.errors import REFUSALS, refused
from app.web.headers.media_types import negotiate
from app.web.health import Readiness, health, live
from app.web.interactions import resources
from app.web.pages.pages import PAGES
from app.web.request import FhirRequest
from app.web.respond import respond
from app.workflow.system import System

Handler = Callable[[FhirRequest], Awaitable[Response]]


class FhirId(Convertor[str]):
    """A resource id in a path: http://hl7.org/fhir/R4/datatypes.html#id."""

    regex = r"[A-Za-z0-9\-.]{1,64}"

    def convert(self, value: str) -> str:
        """Return the id as it stands."""
        return value

    def to_string(self, value: str) -> str:
        """Return the id as it stands."""
        return value


UNAVAILABLE = 503

register_url_convertor("fhirid", FhirId())


def install(app: FastAPI, system: System) -> None:
    """Mount every base, and what is served beside them."""
    for prefix, edition in BASES.items():
        _mount(app, system, edition, prefix)
    for path, page in PAGES.items():
        _serve(app, system, path, "GET", page)
    for path, handler in {"/health": health, "/health/live": live, "/health/ready": Readiness().ready}.items():
        _serve(app, system, path, "GET", handler)
    app.add_middleware(_FixedPaths, routes=app.routes)


class _FixedPaths:
    """The short way to a path without an id: one look into a table of the routes, and none of FastAPI's layers.

    Whatever is not in the table takes the ordinary way, which knows the same routes and more to say of the rest. So
    does all that is asked below a root path, which the ordinary way takes off first.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._endpoints: dict[tuple[object, object], ASGIApp] = {
            (method, route.path): route.app
            for route in routes
            if isinstance(route, Route) and route.methods and not route.param_convertors
            for method in route.methods
        }

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        found = None if scope.get("root_path") else self._endpoints.get((scope.get("method"), scope.get("path")))
        return (found or self._app)(scope, receive, send)


class _Served(Struct, frozen=True):
    """A handler as ASGI, without Starlette's own wrapper; it answers what the handler refuses as well."""

    route: str
    handler: Handler
    system: System

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["route"] = self.route
        request = FhirRequest(scope, receive, self.system)
        try:
            try:
                response = await self.handler(request)
            except REFUSALS as refusal:
                response = refused(scope["path"], refusal)
                if response.status_code == UNAVAILABLE:
                    scope["state"]["unavailable"] = refusal
            await response(scope, receive, send)
        finally:
            request.let_go()


def _serve(app: FastAPI, system: System, route: str, method: str, handler: Handler) -> None:
    # FastAPI's own way in is for functions of a request.
    app.routes.append(Route(route, _Served(route, handler, system), methods=[method]))


def _mount(app: FastAPI, system: System, edition: Edition, prefix: str) -> None:
    for operation in OPERATIONS:
        instance = "/{id:fhirid}" if operation.level == "instance" else ""
        for type_ in operation.types:
            route = f"{prefix}/{type_}{instance}/${operation.code}"
            _serve(app, system, route, "POST", _operation(operation, type_, edition, prefix))
    for path, method, interaction in resources.ROUTES:
        _serve(app, system, prefix + path, method, _interaction(interaction, edition, prefix))


def _operation(operation: Operation, type_: str, edition: Edition, prefix: str) -> Handler:
    async def handle(request: FhirRequest) -> Response:
        negotiate(request)
        system = request.system
        call = await call_of(request, edition, system.root + prefix)
        permit_all(call, operation.scopes)
        if call.grant.role not in operation.roles:
            raise FhirError(Fault.FORBIDDEN, f"${operation.code} is not for this caller's role.")
        body = await received(
            request,
            type_,
            engine_is_asked=operation.engine_is_asked,
            carries_documents=operation.carries_documents,
        )
        return respond(await operation.workflow(system, call, body))

    return handle


def _interaction(interaction: resources.Interaction, edition: Edition, prefix: str) -> Handler:
    async def handle(request: FhirRequest) -> Response:
        negotiate(request)
        return await interaction(request, edition, request.system.root + prefix)

    return handle
