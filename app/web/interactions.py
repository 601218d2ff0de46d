"""FHIR's own interactions: capabilities, read, vread, search, create, update (http://hl7.org/fhir/R4/http.html)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from starlette.requests import Request
from starlette.responses import Response

from app.conformance.capability import capability_statement
from app.fhir.outcome import Fault, FhirError, Issue
from app.fhir.search import parse_search
from app.pas.edition import Edition
from app.records import resources
from app.web.deps import call_of, permit, received, system_of
from app.web.respond import respond, respond_resource
from app.web.searchset import searchset
from app.workflow.adjudicate import create_claim
from app.workflow.maintain import MAINTAINED, create, update
from app.workflow.served import answer
from app.workflow.system import Answer, Call, Received, System

Interaction = Callable[[Request, Edition, str], Awaitable[Response]]
Write = Callable[[System, Call, Received], Awaitable[Answer]]
SERVED = ("Claim", "ClaimResponse", "Coverage", "Patient", "Organization", "Practitioner")


async def capabilities(request: Request, edition: Edition, base: str) -> Response:
    """Tell what is served, to anybody."""
    return respond_resource(capability_statement(edition.version, base, system_of(request).clock.now()))


def _read(resource_type: str) -> Interaction:
    async def interaction(request: Request, edition: Edition, base: str) -> Response:
        call = await call_of(request, edition, base)
        permit(call, resource_type, "r")
        documents = system_of(request).documents
        document = await resources.read(documents, call.reach, resource_type, request.path_params["id"])
        return respond(answer(document))

    return interaction


def _vread(resource_type: str) -> Interaction:
    async def interaction(request: Request, edition: Edition, base: str) -> Response:
        call = await call_of(request, edition, base)
        permit(call, resource_type, "r")
        version, resource_id = request.path_params["version"], request.path_params["id"]
        document = await resources.vread(system_of(request).documents, call.reach, resource_type, resource_id, version)
        return respond(answer(document))

    return interaction


def _search(resource_type: str) -> Interaction:
    async def interaction(request: Request, edition: Edition, base: str) -> Response:
        call = await call_of(request, edition, base)
        permit(call, resource_type, "s")
        lenient = "handling=lenient" in request.headers.get("prefer", "").replace(" ", "").lower()
        search = parse_search(resource_type, request.query_params.multi_items(), base_url=base, lenient=lenient)
        page = await resources.search(system_of(request).documents, call.reach, search)
        return respond(Answer(searchset(page, search, base, request.query_params.multi_items())))

    return interaction


def _write(resource_type: str, letter: str, workflow: Write) -> Interaction:
    async def interaction(request: Request, edition: Edition, base: str) -> Response:
        call = await call_of(request, edition, base)
        permit(call, resource_type, letter)
        body = await received(request)
        if body.resource.get("resourceType") != resource_type:
            raise FhirError(Fault.UNREADABLE, Issue(f"The resource type {resource_type} is expected.", "resourceType"))
        return respond(await workflow(system_of(request), call, body))

    return interaction


def _routes() -> Iterator[tuple[str, str, Interaction]]:
    yield "/metadata", "GET", capabilities
    yield "/Claim", "POST", _write("Claim", "c", create_claim)
    for resource_type in SERVED:
        yield f"/{resource_type}", "GET", _search(resource_type)
        yield f"/{resource_type}/{{id:fhirid}}", "GET", _read(resource_type)
        yield f"/{resource_type}/{{id:fhirid}}/_history/{{version:fhirid}}", "GET", _vread(resource_type)
    for resource_type in MAINTAINED:
        yield f"/{resource_type}", "POST", _write(resource_type, "c", create)
        yield f"/{resource_type}/{{id:fhirid}}", "PUT", _write(resource_type, "u", update)


ROUTES = tuple(_routes())
