"""The input of an operation: a bare resource, or the `resource` of Parameters (http://hl7.org/fhir/R4/operations.html)."""

from __future__ import annotations

from msgspec.structs import replace

from app.fhir.body import Unchecked
from app.fhir.budget import check_entries
from app.fhir.issues import Issues
from app.fhir.outcome import Fault, FhirError, Issue
from app.workflow.call import Call, Received
from app.workflow.system import System

_STAND_IN = {"resourceType": "Basic", "code": {"text": "resource"}}


async def unwrapped(system: System, call: Call, received: Received) -> Received:
    """Return the bare resource, taken out of Parameters if necessary.

    Raises FhirError UNREADABLE without one resource, UNPROCESSABLE if the Parameters around it are not R4.
    """
    if received.body.type != "Parameters":
        return received
    return await system.aside(call, received, _taken_out, system, received)


def _taken_out(system: System, received: Received) -> Received:
    received.body.bounded()
    carried = _resources(received.body)
    if len(carried) != 1:
        text = "Parameters must have exactly one parameter named resource, and that parameter must have a resource."
        raise FhirError(Fault.UNREADABLE, Issue(text, "Parameters.parameter"))
    [(position, resource)] = carried.items()
    check_entries(resource.size("entry"))
    # The operation checks the resource itself.
    wrapper = received.body.replaced(_STAND_IN, "parameter", position, "resource")
    Issues(system.conformance.by_r4(wrapper).issues).warnings()
    return replace(received, body=resource)


def named(parameters: Unchecked, name: str) -> list[int]:
    """Return the positions of the parameters with a name."""
    count = parameters.size("parameter")
    return [index for index in range(count) if parameters.peek("parameter", index, "name") == name]


def _resources(parameters: Unchecked) -> dict[int, Unchecked]:
    """Return the resources of the parameters named `resource`, by position."""
    inner = {index: parameters.inner("parameter", index, "resource") for index in named(parameters, "resource")}
    return {index: resource for index, resource in inner.items() if resource is not None}
