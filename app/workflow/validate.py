"""`$validate`: check a resource against R4 and a profile, and store nothing.

http://hl7.org/fhir/R4/resource-operation-validate.html
"""

from __future__ import annotations

from collections.abc import Iterator

from app.conformance.validator import UnknownProfile
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, Issue, outcome
from app.workflow.call import Answer, Call, Received
from app.workflow.parameters import named, unwrapped
from app.workflow.system import System

_MODES = frozenset({"create", "update"})
_PARAMETERS = frozenset({"resource", "profile", "mode"})
_VALUES = ("valueUri", "valueCanonical", "valueUrl", "valueString", "valueCode")

_VALID = Issue("The resource has no issues.", code="informational", severity="information")


async def validate(system: System, call: Call, received: Received) -> Answer:
    """Answer 200 with all issues, or with one that the resource has none.

    Raises FhirError UNREADABLE for another type than that of the URL, PARAMETER for an unsupported parameter,
    UNPROCESSABLE for an unknown profile.
    """
    profile = _profile(received)
    bare = await _resource(system, call, received)
    bare.body.expect(received.type)
    try:
        issues = await system.aside(call, bare, system.conformance.issues, bare.body, call.edition.version, profile)
    except UnknownProfile:
        text = f"Unknown profile. It must be one of R4, of PAS {call.edition.version} or of the payer's packages."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, code="not-found")) from None
    return Answer(write(outcome(issues or (_VALID,), "invalid")))


async def _resource(system: System, call: Call, received: Received) -> Received:
    """Take the resource out of Parameters. Parameters without a resource are themselves the resource to check."""
    bare = received.type == "Parameters" and not named(received.body, "resource")
    return received if bare else await unwrapped(system, call, received)


def _profile(received: Received) -> str | None:
    """Return the profile parameter of the URL or of the Parameters. Raises FhirError PARAMETER."""
    given = [(name, value) for name, value in received.query if not name.startswith("_")]
    if named(received.body, "resource"):
        given += _given(received)
    if any(name not in _PARAMETERS for name, _ in given):
        raise FhirError(Fault.PARAMETER, "The parameters must be resource, profile or mode.")
    if not {value for name, value in given if name == "mode"} <= _MODES:
        raise FhirError(Fault.PARAMETER, "`mode` must be create or update. Both make the same checks.")
    profiles = {value for name, value in given if name == "profile"}
    if len(profiles) > 1 or "" in profiles:
        raise FhirError(Fault.PARAMETER, "`profile` must be the canonical URL of one profile.")
    return next(iter(profiles), None)


def _given(received: Received) -> Iterator[tuple[str, str]]:
    for index in range(received.body.size("parameter")):
        parameter = "parameter", index
        name = received.body.peek(*parameter, "name")
        if name != "resource":
            given = received.body.names(*parameter)
            value = next((value for value in _VALUES if value in given), "")
            yield name, received.body.peek(*parameter, value)
