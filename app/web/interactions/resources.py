"""Serve the capabilities, and read, vread, create and update of resources.

http://hl7.org/fhir/R4/http.html
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec.structs import replace
from starlette.responses import Response

from app.access.reach import HISTORY
from app.conformance.capability import capability_statement
from app.conformance.maintained import MAINTAINED
from app.fhir.outcome import Fault, FhirError
from app.pas.edition import Edition
from app.ports import Document
from app.records.views import served
from app.search.subsets import subset_of_read
from app.web.body import read_body
from app.web.caller import call_of, permit
from app.web.interactions.prefer import check_parameters, respond_as_preferred
from app.web.pacing import pace_by_address
from app.web.request import FhirRequest
from app.web.respond import respond, respond_resource
from app.workflow.call import Answer, Call, Received
from app.workflow.master.maintain import create
from app.workflow.served import answer
from app.workflow.system import System

Write = Callable[[System, Call, Received], Awaitable[Answer]]
Delete = Callable[[System, Call, str], Awaitable[Answer]]


async def capabilities(request: FhirRequest, edition: Edition, base: str) -> Response:
    """Answer with the CapabilityStatement; no token is needed."""
    pace_by_address(request.scope, request.system)
    system = request.system
    server = system.identity.oauth
    oauth = None if server is None else server.uris
    return respond_resource(capability_statement(edition.version, base, demo=system.demo, oauth=oauth))


async def read(resource_type: str, request: FhirRequest, edition: Edition, base: str) -> Response:
    """Answer with the current version of a resource."""
    call = await call_of(request, edition, base)
    permit(call, resource_type, "r")
    document = await served.read(request.system.documents, call.reach, resource_type, request.path_params["id"])
    return respond(answer(_requested_part(request, document)))


async def vread(resource_type: str, request: FhirRequest, edition: Edition, base: str) -> Response:
    """Answer with one version of a resource."""
    call = await call_of(request, edition, base)
    permit(call, resource_type, "r")
    version, resource_id = request.path_params["version"], request.path_params["id"]
    document = await served.vread(request.system.documents, call.reach, resource_type, resource_id, version)
    return respond(answer(_requested_part(request, document)))


async def write(
    resource_type: str, request: FhirRequest, edition: Edition, base: str, *, letter: str, workflow: Write
) -> Response:
    """Create or update a resource with its workflow; `letter` is the permission that the token must have."""
    call = await call_of(request, edition, base)
    permit(call, resource_type, letter)
    check_parameters(request)
    received = await read_body(request, resource_type, carries_documents=resource_type == "Claim")
    received.body.expect(resource_type)
    if received.if_none_exist is not None:
        if workflow is not create:
            types = ", ".join(MAINTAINED)
            raise FhirError(Fault.PARAMETER, f"If-None-Exist is supported only for a create of {types}.")
        permit(call, resource_type, "s")
    return respond_as_preferred(request, await workflow(request.system, call, received))


async def delete(
    resource_type: str, request: FhirRequest, edition: Edition, base: str, *, workflow: Delete
) -> Response:
    """Delete a resource with its workflow, and answer 204."""
    call = await call_of(request, edition, base)
    permit(call, resource_type, "d")
    check_parameters(request)
    response = respond(await workflow(request.system, call, request.path_params["id"]))
    del response.headers["Content-Type"]
    return response


def _requested_part(request: FhirRequest, document: Document) -> Document:
    """Return the resource, or the part of it that `_summary` or `_elements` selects."""
    type_ = document.kind.removesuffix(HISTORY)
    subset = subset_of_read(type_, request.query)
    return document if subset is None else replace(document, body=subset.of(type_, document.body))
