"""An operation's input may come bare or as the `resource` of a Parameters (http://hl7.org/fhir/R4/operations.html)."""

from __future__ import annotations

from typing import Any

from app.fhir.outcome import Fault, FhirError, Issue
from app.workflow.system import Received


def unwrapped(received: Received) -> Received:
    """Take the resource out of a Parameters body, where it came in one. Raises FhirError UNREADABLE."""
    if received.resource.get("resourceType") != "Parameters":
        return received
    found = [part["resource"] for part in _parts(received.resource) if isinstance(part.get("resource"), dict)]
    if len(found) != 1:
        text = "Parameters must carry one parameter named resource, with the Bundle or Claim as its resource."
        raise FhirError(Fault.UNREADABLE, Issue(text, "Parameters.parameter"))
    return Received(found[0], received.text, received.id, received.if_match)


def _parts(parameters: dict[str, Any]) -> list[dict[str, Any]]:
    listed = parameters.get("parameter")
    parts = listed if isinstance(listed, list) else []
    return [part for part in parts if isinstance(part, dict) and part.get("name") == "resource"]
