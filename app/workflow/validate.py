"""`$validate`: what is wrong with a resource, by R4 and a profile; nothing is stored.

http://hl7.org/fhir/R4/resource-operation-validate.html
"""

from __future__ import annotations

from collections.abc import Iterator

from app.conformance.validator import UnknownProfile
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, Issue, outcome
from app.workflow.parameters import named, unwrapped
from app.workflow.system import Answer, Call, Received, System

_MODES = frozenset({"create", "update"})
_PARAMETERS = frozenset({"resource", "profile", "mode"})
_VALUES = ("valueUri", "valueCanonical", "valueUrl", "valueString", "valueCode")

_SOUND = Issue("Nothing is wrong.", code="informational", severity="information")


async def validate(system: System, call: Call, received: Received) -> Answer:
    """Answer with all issues, or one that says that there are none: 200 as long as the resource could be checked.

    Raises FhirError UNREADABLE for another type than that of the address, PARAMETER for a parameter that is not taken,
    UNPROCESSABLE for a profile that is not known.
    """
    profile = _asked(received)
    body = _checked(received)
    body.body.expect(received.type)
    try:
        issues = await system.aside(call, body, system.conformance.asked, body.body, call.edition.version, profile)
    except UnknownProfile:
        text = f"The profile is not among those known here: R4's own, PAS {call.edition.version}, the payer's packages."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, code="not-found")) from None
    return Answer(write(outcome(issues or (_SOUND,), "invalid")))


def _checked(received: Received) -> Received:
    """Take the resource out of Parameters that carry one; other Parameters can only be what is to be checked."""
    carries = named(received.body, "resource")
    return received if received.type == "Parameters" and not carries else unwrapped(received)


def _asked(received: Received) -> str | None:
    """Return the profile that is asked for, in the address or in the Parameters. Raises FhirError PARAMETER."""
    given = [(name, value) for name, value in received.query if not name.startswith("_")]
    if named(received.body, "resource"):
        given += _given(received)
    if any(name not in _PARAMETERS for name, _ in given):
        raise FhirError(Fault.PARAMETER, "The parameters that are taken are resource, profile and mode.")
    if not {value for name, value in given if name == "mode"} <= _MODES:
        raise FhirError(Fault.PARAMETER, "The modes create and update are taken; both check by the same rules.")
    profiles = {value for name, value in given if name == "profile"}
    if len(profiles) > 1 or "" in profiles:
        raise FhirError(Fault.PARAMETER, "One profile is taken, as its canonical URL.")
    return next(iter(profiles), None)


def _given(received: Received) -> Iterator[tuple[str, str]]:
    for index in range(received.body.size("parameter")):
        parameter = "parameter", index
        name = received.body.peek(*parameter, "name")
        if name != "resource":
            given = received.body.names(*parameter)
            value = next((value for value in _VALUES if value in given), "")
            yield name, received.body.peek(*parameter, value)
