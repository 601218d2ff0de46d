"""Serve FHIR's operations: check the caller, read the body, and run the workflow of the operation.

http://hl7.org/fhir/R4/operations.html
"""

from __future__ import annotations

from starlette.responses import Response

from app.fhir.outcome import Fault, FhirError
from app.operation import Operation
from app.pas.edition import Edition
from app.web.body import read_body, without_body
from app.web.caller import call_of, permit, permit_operation
from app.web.request import FhirRequest
from app.web.respond import respond


async def run_operation(
    operation: Operation, type_: str, request: FhirRequest, edition: Edition, base: str
) -> Response:
    """Run an operation on a type and answer with its result."""
    call = await call_of(request, edition, base)
    if operation.within_reach:
        for of_type, letter in operation.scopes:
            permit(call, of_type, letter)
    else:
        permit_operation(call, operation.scopes)
    if call.grant.role not in operation.roles:
        raise FhirError(Fault.FORBIDDEN, f"The role of this caller must not use ${operation.code}.")
    if request.scope["method"] == "POST":
        received = await read_body(request, type_, carries_documents=operation.carries_documents)
    else:
        received = without_body(request, type_)
    return respond(await operation.workflow(request.system, call, received))
