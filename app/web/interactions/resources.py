"""Serve capabilities, read, vread, create and update, and list the routes of all interactions.

http://hl7.org/fhir/R4/http.html
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from msgspec.structs import replace
from starlette.responses import Response

from app.access.reach import HISTORY
from app.conformance.capability import capability_statement
from app.conformance.maintained import MAINTAINED
from app.fhir.outcome import Fault, FhirError
from app.pas.edition import Edition
from app.ports import Document
from app.records import resources
from app.records.kinds import SERVED
from app.search.canonicals import DEFINED
from app.search.subsets import subset_of_read
from app.web.deps import call_of, permit, received
from app.web.endpoint import Interaction
from app.web.interactions.definitions import read_definition, search_definitions
from app.web.interactions.history import instance_history, type_history
from app.web.interactions.prefer import check_parameters, respond_as_preferred
from app.web.interactions.search import get_search, post_search
from app.web.request import FhirRequest
from app.web.respond import respond, respond_resource
from app.workflow.bills.adjudicate import create_claim
from app.workflow.master.maintain import create, update
from app.workflow.served import answer
from app.workflow.system import Answer, Call, Received, System

Write = Callable[[System, Call, Received], Awaitable[Answer]]


async def capabilities(_: FhirRequest, edition: Edition, base: str) -> Response:
    """Answer with the CapabilityStatement; no token is needed."""
    return respond_resource(capability_statement(edition.version, base))


def _read(resource_type: str) -> Interaction:
    async def interaction(request: FhirRequest, edition: Edition, base: str) -> Response:
        call = await call_of(request, edition, base)
        permit(call, resource_type, "r")
        documents = request.system.documents
        document = await resources.read(documents, call.reach, resource_type, request.path_params["id"])
        return respond(answer(_requested_part(request, document)))

    return interaction


def _vread(resource_type: str) -> Interaction:
    async def interaction(request: FhirRequest, edition: Edition, base: str) -> Response:
        call = await call_of(request, edition, base)
        permit(call, resource_type, "r")
        version, resource_id = request.path_params["version"], request.path_params["id"]
        document = await resources.vread(request.system.documents, call.reach, resource_type, resource_id, version)
        return respond(answer(_requested_part(request, document)))

    return interaction


def _requested_part(request: FhirRequest, document: Document) -> Document:
    """Return the resource, or the part of it that `_summary` or `_elements` selects."""
    type_ = document.kind.removesuffix(HISTORY)
    subset = subset_of_read(type_, request.query)
    return document if subset is None else replace(document, body=subset.of(type_, document.body))


def _write(resource_type: str, letter: str, workflow: Write) -> Interaction:
    async def interaction(request: FhirRequest, edition: Edition, base: str) -> Response:
        call = await call_of(request, edition, base)
        permit(call, resource_type, letter)
        check_parameters(request)
        body = await received(request, resource_type, carries_documents=resource_type == "Claim")
        body.body.expect(resource_type)
        if body.if_none_exist is not None:
            if workflow is not create:
                types = ", ".join(MAINTAINED)
                raise FhirError(Fault.PARAMETER, f"If-None-Exist is supported only for a create of {types}.")
            permit(call, resource_type, "s")
        return respond_as_preferred(request, await workflow(request.system, call, body))

    return interaction


def _routes() -> Iterator[tuple[str, str, Interaction]]:
    yield "/metadata", "GET", capabilities
    yield "/Claim", "POST", _write("Claim", "c", create_claim)
    for resource_type in SERVED:
        yield f"/{resource_type}", "GET", partial(get_search, resource_type)
        yield f"/{resource_type}/_search", "POST", partial(post_search, resource_type)
        yield f"/{resource_type}/_history", "GET", partial(type_history, resource_type)
        yield f"/{resource_type}/{{id:fhirid}}", "GET", _read(resource_type)
        yield f"/{resource_type}/{{id:fhirid}}/_history", "GET", partial(instance_history, resource_type)
        yield f"/{resource_type}/{{id:fhirid}}/_history/{{version:fhirid}}", "GET", _vread(resource_type)
    for resource_type in DEFINED:
        yield f"/{resource_type}", "GET", partial(search_definitions, resource_type)
        yield f"/{resource_type}/{{id:fhirid}}", "GET", partial(read_definition, resource_type)
    for resource_type in MAINTAINED:
        yield f"/{resource_type}", "POST", _write(resource_type, "c", create)
        yield f"/{resource_type}/{{id:fhirid}}", "PUT", _write(resource_type, "u", update)


ROUTES = tuple(_routes())
