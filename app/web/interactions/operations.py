"""Serve FHIR's operations: check the caller, read the body, and run the workflow of the operation.

http://hl7.org/fhir/R4/operations.html
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from starlette.responses import Response

from app.fhir.outcome import Fault, FhirError
from app.operations import OPERATIONS, Operation
from app.pas.edition import Edition
from app.web.deps import call_of, permit_all, received
from app.web.endpoint import Interaction
from app.web.request import FhirRequest
from app.web.respond import respond


async def run_operation(
    operation: Operation, type_: str, request: FhirRequest, edition: Edition, base: str
) -> Response:
    """Run an operation on a type and answer with its result."""
    call = await call_of(request, edition, base)
    permit_all(call, operation.scopes)
    if call.grant.role not in operation.roles:
        raise FhirError(Fault.FORBIDDEN, f"The role of this caller must not use ${operation.code}.")
    body = await received(request, type_, carries_documents=operation.carries_documents)
    return respond(await operation.workflow(request.system, call, body))


def path_of(operation: Operation, type_: str) -> str:
    """Return the path of an operation on a type, below a base."""
    instance = "/{id:fhirid}" if operation.level == "instance" else ""
    return f"/{type_}{instance}/${operation.code}"


ROUTES: Sequence[tuple[str, str, Interaction]] = tuple(
    (path_of(operation, type_), "POST", partial(run_operation, operation, type_))
    for operation in OPERATIONS
    for type_ in operation.types
)
