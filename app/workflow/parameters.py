"""The input of an operation: a bare resource, or the `resource` of Parameters (http://hl7.org/fhir/R4/operations.html)."""

from __future__ import annotations

from msgspec.structs import replace

from app.fhir.body import Unchecked
from app.fhir.budget import check_entries
from app.fhir.outcome import Fault, FhirError, Issue
from app.workflow.call import Received


def unwrapped(received: Received) -> Received:
    """Return the bare resource, taken out of Parameters if necessary. Raises FhirError UNREADABLE."""
    if received.body.type != "Parameters":
        return received
    received.body.bounded()
    carried = resources(received.body)
    if len(carried) != 1:
        text = "Parameters must have exactly one parameter named resource, and that parameter must have a resource."
        raise FhirError(Fault.UNREADABLE, Issue(text, "Parameters.parameter"))
    check_entries(carried[0].size("entry"))
    return replace(received, body=carried[0])


def named(parameters: Unchecked, name: str) -> list[int]:
    """Return the positions of the parameters with a name."""
    count = parameters.size("parameter")
    return [index for index in range(count) if parameters.peek("parameter", index, "name") == name]


def resources(parameters: Unchecked) -> list[Unchecked]:
    """Return the resources of the parameters named `resource`."""
    inner = (parameters.inner("parameter", index, "resource") for index in named(parameters, "resource"))
    return [resource for resource in inner if resource is not None]
