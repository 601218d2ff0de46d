"""An operation's input may come bare or as the `resource` of a Parameters (http://hl7.org/fhir/R4/operations.html)."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from app.fhir.budget import check_entries
from app.fhir.outcome import Fault, FhirError, Issue
from app.workflow.system import Received


def unwrapped(received: Received) -> Received:
    """Take the resource out of a Parameters body, where it came in one. Raises FhirError UNREADABLE."""
    if received.resource.get("resourceType") != "Parameters":
        return received
    named = parts(received.resource, "resource")
    found = [part["resource"] for part in named if isinstance(part.get("resource"), dict)]
    if len(found) != 1:
        text = "Parameters must carry one parameter named resource, with the resource that is meant in it."
        raise FhirError(Fault.UNREADABLE, Issue(text, "Parameters.parameter"))
    check_entries(found[0])
    return replace(received, resource=found[0], elements=found[0])


def parts(parameters: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the parameters of that name."""
    return [part for part in all_parts(parameters) if part.get("name") == name]


def all_parts(parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all parameters, as far as they are JSON objects."""
    listed = parameters.get("parameter")
    return [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
