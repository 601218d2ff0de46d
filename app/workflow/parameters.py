"""An operation's input may come bare or as the `resource` of a Parameters (http://hl7.org/fhir/R4/operations.html)."""

from __future__ import annotations

from msgspec.structs import replace

from app.fhir.body import Unchecked
from app.fhir.budget import check_entries
from app.fhir.outcome import Fault, FhirError, Issue
from app.workflow.system import Received


def unwrapped(received: Received) -> Received:
    """Take the resource out of a Parameters body, where it came in one. Raises FhirError UNREADABLE."""
    if received.body.type != "Parameters":
        return received
    received.body.bounded()
    found = resources(received.body)
    if len(found) != 1:
        text = "Parameters must have exactly one parameter named resource, and that parameter must have a resource."
        raise FhirError(Fault.UNREADABLE, Issue(text, "Parameters.parameter"))
    check_entries(found[0].size("entry"))
    return replace(received, body=found[0])


def named(parameters: Unchecked, name: str) -> list[int]:
    """Return the positions of the parameters with a name."""
    count = parameters.size("parameter")
    return [index for index in range(count) if parameters.peek("parameter", index, "name") == name]


def resources(parameters: Unchecked) -> list[Unchecked]:
    """Return the resources of the parameters named `resource`."""
    inner = (parameters.inner("parameter", index, "resource") for index in named(parameters, "resource"))
    return [resource for resource in inner if resource is not None]
