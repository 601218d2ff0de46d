"""The routes: a FHIR base per edition, the operations from their table, the interactions from the served types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from fastapi import FastAPI
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response

from app.fhir.outcome import Fault, FhirError
from app.operations import OPERATIONS, Operation
from app.pas.edition import EDITIONS, Edition
from app.web import interactions
from app.web.deps import call_of, negotiate, permit, received, system_of
from app.web.health import health
from app.web.respond import respond

Handler = Callable[[Request], Awaitable[Response]]


class FhirId(Convertor[str]):
    """A resource id in a path: http://hl7.org/fhir/R4/datatypes.html#id."""

    regex = r"[A-Za-z0-9\-.]{1,64}"

    def convert(self, value: str) -> str:
        """Return the id as it stands."""
        return value

    def to_string(self, value: str) -> str:
        """Return the id as it stands."""
        return value


register_url_convertor("fhirid", FhirId())


def install(app: FastAPI) -> None:
    """Mount every base: `/fhir` speaks the default edition, `/<version>/fhir` each edition by name."""
    app.add_route("/health", health, methods=["GET"])
    for number, edition in enumerate(EDITIONS.values()):
        prefixes = (["/fhir"] if number == 0 else []) + [f"/{edition.version}/fhir"]
        for prefix in prefixes:
            _mount(app, edition, prefix)


def _mount(app: FastAPI, edition: Edition, prefix: str) -> None:
    for operation in OPERATIONS:
        instance = "/{id:fhirid}" if operation.level == "instance" else ""
        for type_ in operation.types:
            route = f"{prefix}/{type_}{instance}/${operation.code}"
            app.add_route(route, _operation(operation, type_, route, edition, prefix), methods=["POST"])
    for path, method, interaction in interactions.ROUTES:
        app.add_route(prefix + path, _interaction(interaction, path, edition, prefix), methods=[method])


def _operation(operation: Operation, type_: str, route: str, edition: Edition, prefix: str) -> Handler:
    async def handle(request: Request) -> Response:
        request.state.route = route
        negotiate(request)
        system = system_of(request)
        call = await call_of(request, edition, system.root + prefix)
        if operation.scope is not None:
            permit(call, type_, operation.scope)
        if call.grant.role not in operation.roles:
            raise FhirError(Fault.FORBIDDEN, f"${operation.code} is not for this caller's role.")
        body = await received(request, engine_is_asked=operation.engine_is_asked)
        query = tuple(request.query_params.multi_items())
        return respond(await operation.workflow(system, call, replace(body, type=type_, query=query)))

    return handle


def _interaction(interaction: interactions.Interaction, path: str, edition: Edition, prefix: str) -> Handler:
    async def handle(request: Request) -> Response:
        request.state.route = prefix + path
        negotiate(request)
        return await interaction(request, edition, system_of(request).root + prefix)

    return handle
