"""The routes: a FHIR base per edition, the operations from their table, the interactions from the served types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

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
        path = f"/{operation.type}{instance}/${operation.code}"
        app.add_route(prefix + path, _operation(operation, path, edition, prefix), methods=["POST"])
    for path, method, interaction in interactions.ROUTES:
        app.add_route(prefix + path, _interaction(interaction, path, edition, prefix), methods=[method])


def _operation(operation: Operation, path: str, edition: Edition, prefix: str) -> Handler:
    async def handle(request: Request) -> Response:
        request.state.route = prefix + path
        negotiate(request)
        system = system_of(request)
        call = await call_of(request, edition, system.root + prefix)
        permit(call, operation.type, operation.scope)
        if call.grant.role not in operation.roles:
            raise FhirError(Fault.FORBIDDEN, f"${operation.code} is not for this caller's role.")
        return respond(await operation.workflow(system, call, await received(request)))

    return handle


def _interaction(interaction: interactions.Interaction, path: str, edition: Edition, prefix: str) -> Handler:
    async def handle(request: Request) -> Response:
        request.state.route = prefix + path
        negotiate(request)
        return await interaction(request, edition, system_of(request).root + prefix)

    return handle
