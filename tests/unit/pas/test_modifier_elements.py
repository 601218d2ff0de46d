"""Every modifier element of R4 that a reader may meet has a row, is obeyed elsewhere, or has no effect for a reason."""

from __future__ import annotations

import pytest

from app.bills import read_role
from app.conformance.base import table
from app.pas.asking.read_documents import SUPPORTING
from app.pas.parts.modifier_elements import MODIFIERS, doubt_of
from app.pas.parts.read_item import _ORDERED_CODE
from app.pas.parts.read_parties import PROVIDERS
from tests.conformance import profiles_r4
from tests.support.samples import concept

NOT_PROFILED = {
    "AllergyIntolerance.clinicalStatus",
    "AllergyIntolerance.verificationStatus",
    "Condition.clinicalStatus",
    "Condition.verificationStatus",
    "DiagnosticReport.status",
    "Immunization.isSubpotent",
    "Immunization.status",
    "Observation.status",
    "Procedure.status",
    "QuestionnaireResponse.status",
}
"""The modifier elements (R4 4.0.1) of the types that are read and that no PAS profile constrains."""

READ = {
    *("Claim", "Condition", "Location", "Patient", "Quantity", "Identifier", "HumanName"),
    *PROVIDERS,
    *_ORDERED_CODE,
    *SUPPORTING,
    *(type_ for types in read_role._TYPES.values() for type_ in types),
}
"""The types whose elements a reader of requests, inquiries and bills uses."""

ELSEWHERE = {
    "Claim.status": "read_claim_header.check_head: the Claim must be active",
    "Coverage.status": "the payer's own record says whether the member is covered",
    "Patient.active": "the payer's own record says who is a member",
    "Patient.deceased[x]": "the payer's own record says whether the member lives",
    "Identifier.use": "current: an old identifier names nobody",
    "HumanName.use": "read_member: an old name is not the current one",
    "Quantity.comparator": "read_types.exact_value: a quantity must be exact",
}

NO_EFFECT = {
    "AllergyIntolerance.clinicalStatus": "an allergy that is resolved is still part of the history",
    "Condition.clinicalStatus": "a condition that is resolved is still the reason for a service in the past",
    "Location.status": "a bill is for a service in the past; the place may have closed since",
    "Patient.link": "the member number identifies the patient; the payer's record says who it is",
    "DeviceRequest.intent": "the review grants the item; the order only explains it",
    "MedicationRequest.intent": "the review grants the item; the order only explains it",
    "NutritionOrder.intent": "the review grants the item; the order only explains it",
    "ServiceRequest.intent": "the review grants the item; the order only explains it",
}


def modifiers_of_r4() -> set[str]:
    profiled = {path for path, element in profiles_r4.table().items() if element.modifier}
    return {path for path in profiled | NOT_PROFILED if path.partition(".")[0] in READ}


def test_every_modifier_element_is_obeyed_or_has_no_effect_for_a_reason() -> None:
    rows = {f"{type_}.{element}" for type_, elements in MODIFIERS.items() for element in elements}
    assert modifiers_of_r4() <= rows | ELSEWHERE.keys() | NO_EFFECT.keys()
    assert not rows & (ELSEWHERE.keys() | NO_EFFECT.keys())


def test_each_reason_belongs_to_a_modifier_element() -> None:
    assert modifiers_of_r4() >= ELSEWHERE.keys() | NO_EFFECT.keys()


@pytest.mark.parametrize("type_", MODIFIERS)
def test_the_values_in_the_table_are_codes_of_r4(type_: str) -> None:
    for name, modifier in MODIFIERS[type_].items():
        element = table.elements(type_)[name]
        (of_element,) = element.types
        for value in modifier.not_valid | modifier.open:
            if value is None:
                assert element.minimum == 1
            elif isinstance(value, bool):
                assert of_element.name == "boolean"
            else:
                assert of_element.codes is None or value in of_element.codes


EACH_VALUE = [
    pytest.param(type_, name, value, value in modifier.not_valid, id=f"{type_}-{name}-{value}")
    for type_, elements in MODIFIERS.items()
    for name, modifier in elements.items()
    for value in sorted(modifier.not_valid | modifier.open, key=str)
]


@pytest.mark.parametrize(("type_", "name", "value", "certain"), EACH_VALUE)
def test_every_value_in_the_table_is_a_doubt(type_: str, name: str, value: str | bool | None, certain: bool) -> None:
    coded = name == "verificationStatus"
    valid = {"status": "current" if type_ == "DocumentReference" else "completed"}
    resource = valid | {name: concept("urn:any", str(value)) if coded else value}
    doubt = doubt_of(type_, resource)
    assert doubt is not None
    assert (doubt.element, doubt.certain) == (name, certain)


def test_a_value_that_is_certain_comes_before_one_that_leaves_it_open() -> None:
    doubt = doubt_of("ServiceRequest", {"status": "unknown", "doNotPerform": True})
    assert doubt is not None
    assert (doubt.element, doubt.certain) == ("doNotPerform", True)


def test_a_type_without_a_row_is_valid() -> None:
    assert doubt_of("Encounter", {"status": "entered-in-error"}) is None
