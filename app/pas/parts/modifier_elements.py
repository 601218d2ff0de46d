"""Tell whether a resource is valid, by its modifier elements (http://hl7.org/fhir/R4/conformance-rules.html#isModifier).

One table has every element that can say "do not treat this as valid". Other places obey the modifier elements that say
something else:

- `implicitRules` and `modifierExtension`: the engine rejects a body with unknown ones, in every resource.
- `Claim.status`: a request, an inquiry and a bill must be active.
- `Quantity.comparator`: a quantity must be exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from app.fhir.concepts import codes_of
from app.fhir.element import Fields

Value = str | bool | None
"""A code or a boolean; None if the element is absent."""


class Modifier(Struct, frozen=True):
    """The values of an element that say that its resource is not valid, and those that leave it open."""

    not_valid: frozenset[Value]
    open: frozenset[Value] = frozenset()


class Doubt(Struct, frozen=True):
    """A reason not to rely on a resource. `certain` is False if the resource may be valid, but does not say so."""

    element: str
    text: str
    certain: bool


def doubt_of(type_: str, resource: Fields) -> Doubt | None:
    """Return why a resource is not valid, else why it may be not valid; None if it is valid."""
    doubt: Doubt | None = None
    for element, modifier in MODIFIERS.get(type_, _NO_ROWS).items():
        for value in _values(resource.get(element)):
            if value in modifier.not_valid:
                return Doubt(element, _found(element, value), certain=True)
            if doubt is None and value in modifier.open:
                doubt = Doubt(element, _found(element, value), certain=False)
    return doubt


def _values(value: Any) -> Sequence[Value]:
    return [code for _, code, _ in codes_of(value)] or (None,) if type(value) is dict else (value,)


def _found(element: str, value: Value) -> str:
    return f"`{element}` is {'missing' if value is None else str(value).lower()}"


def _modifier(not_valid: str, unsure: str = "", *, required: bool = False) -> Modifier:
    return Modifier(frozenset(not_valid.split()), frozenset([*unsure.split(), *([None] if required else [])]))


_NO_ROWS: dict[str, Modifier] = {}
_IF_TRUE = Modifier(frozenset({True}))
_VERIFICATION = _modifier("refuted entered-in-error")
_REQUEST = _modifier("revoked entered-in-error", "unknown", required=True)
_RESULT = _modifier("registered cancelled entered-in-error", "unknown", required=True)

MODIFIERS: dict[str, dict[str, Modifier]] = {
    # Orders. A draft or an order on hold counts: systems ask for the authorization before they sign or start it.
    "ServiceRequest": {"status": _REQUEST, "doNotPerform": _IF_TRUE},
    "DeviceRequest": {"status": _modifier("revoked entered-in-error", "unknown")},
    "MedicationRequest": {
        "status": _modifier("cancelled stopped entered-in-error", "unknown", required=True),
        "doNotPerform": _IF_TRUE,
    },
    "NutritionOrder": {"status": _REQUEST},
    # Diagnoses. `clinicalStatus` has no row: a resolved condition is still the reason for a service in the past.
    "Condition": {"verificationStatus": _VERIFICATION},
    # Documents and other supporting information
    "DocumentReference": {
        "status": _modifier("superseded entered-in-error", required=True),
        "docStatus": _modifier("entered-in-error"),
    },
    "QuestionnaireResponse": {"status": _modifier("in-progress stopped entered-in-error", required=True)},
    "DiagnosticReport": {"status": _RESULT},
    "Observation": {"status": _RESULT},
    "Procedure": {"status": _modifier("not-done entered-in-error", "unknown", required=True)},
    "AllergyIntolerance": {"verificationStatus": _VERIFICATION},
    "Immunization": {"status": _modifier("not-done entered-in-error", required=True), "isSubpotent": _IF_TRUE},
    # Providers and insurers. R4 makes `active` a modifier element of organizations only: an NPI stays that of its
    # practitioner, so a record out of use leaves open whether it is the one that was meant.
    "Organization": {"active": Modifier(frozenset({False}))},
    "Practitioner": {"active": Modifier(frozenset(), frozenset({False}))},
    "PractitionerRole": {"active": Modifier(frozenset(), frozenset({False}))},
}
"""Resource type, element, and the values that say "not valid"."""
