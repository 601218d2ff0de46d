"""The input of an operation: a bare resource, or the `resource` of Parameters (http://hl7.org/fhir/R4/operations.html)."""

from __future__ import annotations

from msgspec.structs import replace

from app.fhir.body import Unchecked
from app.fhir.budget import check_entries
from app.fhir.issues import Issues
from app.fhir.outcome import Fault, FhirError, Issue
from app.workflow.call import Received
from app.workflow.system import System

_STAND_IN = {"resourceType": "Basic", "code": {"text": "resource"}}


def unwrapped(system: System, received: Received) -> Received:
    """Return the bare resource, taken out of Parameters if necessary.

    Raises FhirError UNREADABLE without one resource, UNPROCESSABLE if the Parameters around it are not R4.
    """
    if received.body.type != "Parameters":
        return received
    received.body.bounded()
    carried = resources(received.body)
    if len(carried) != 1:
        text = "Parameters must have exactly one parameter named resource, and that parameter must have a resource."
        raise FhirError(Fault.UNREADABLE, Issue(text, "Parameters.parameter"))
    check_entries(carried[0].size("entry"))
    _check_wrapper(system, received.body)
    return replace(received, body=carried[0])


def _check_wrapper(system: System, parameters: Unchecked) -> None:
    """Check the Parameters without their resource, which its own operation checks."""
    [position] = [index for index in named(parameters, "resource") if parameters.inner("parameter", index, "resource")]
    wrapper = parameters.replaced(_STAND_IN, "parameter", position, "resource")
    Issues(system.conformance.by_r4(wrapper).issues).warnings()


def named(parameters: Unchecked, name: str) -> list[int]:
    """Return the positions of the parameters with a name."""
    count = parameters.size("parameter")
    return [index for index in range(count) if parameters.peek("parameter", index, "name") == name]


def resources(parameters: Unchecked) -> list[Unchecked]:
    """Return the resources of the parameters named `resource`."""
    inner = (parameters.inner("parameter", index, "resource") for index in named(parameters, "resource"))
    return [resource for resource in inner if resource is not None]
