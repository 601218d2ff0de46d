"""Evidence that is not valid, or is about somebody else, never makes an answer better: the request reads without it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.request import AuthorizationRequest
from app.fhir.outcome import FhirError
from app.pas.asking.read_documents import SUPPORTING
from app.pas.parts.modifier_elements import MODIFIERS
from app.pas.parts.read_item import _ORDERED_CODE
from tests.support.answers import submitted
from tests.support.evidence import PATIENT, SOMEBODY
from tests.support.samples import Json, concept, entry, extension, request_bundle, request_item, supporting_document

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
CPT = "http://www.ama-assn.org/go/cpt"
VALID: dict[str, Json] = {
    "DocumentReference": {"status": "current", "content": [{"attachment": {"data": "QQ=="}}]},
    "QuestionnaireResponse": {"status": "completed", "item": [{"answer": [{"valueBoolean": True}]}]},
}


def resource(type_: str, changes: Json) -> Json:
    """Build a valid resource about the patient, with `changes`; None removes an element."""
    valid: Json = {
        "status": "active" if type_ in _ORDERED_CODE else "completed",
        "subject": PATIENT,
        "patient": PATIENT,
    }
    valid |= {"type": concept("http://loinc.org", "11506-3")} if type_ == "DocumentReference" else {}
    written = {"resourceType": type_, **valid, **VALID.get(type_, {}), **changes}
    return {name: value for name, value in written.items() if value is not None}


def doubtful(types: tuple[str, ...]) -> st.SearchStrategy[tuple[str, Json]]:
    """Return a type, and changes by which a resource of the type is not valid or is not about the patient."""
    values = [
        (type_, {name: concept("urn:any", str(value)) if name == "verificationStatus" else value})
        for type_ in types
        for name, modifier in MODIFIERS[type_].items()
        for value in sorted(modifier.not_valid | modifier.open, key=str)
    ]
    elsewhere = st.sampled_from([{"reference": "Patient/patient-2"}, {"reference": "Patient/elsewhere"}, None])
    about = st.builds(lambda type_, who: (type_, {"subject": who, "patient": who}), st.sampled_from(types), elsewhere)
    return st.sampled_from(values) | about


def read(claim: Json, item: Json, entries: list[Json]) -> AuthorizationRequest | None:
    """Read a request; None if it is refused."""
    try:
        return submitted(request_bundle(items=[item], claim=claim, entries=[*entries, SOMEBODY])).request
    except FhirError:
        return None


@given(st.lists(st.sampled_from(SUPPORTING), max_size=3), st.lists(doubtful(SUPPORTING), min_size=1, max_size=4))
def test_documents_that_do_not_count_change_nothing(valid: list[str], others: list[tuple[str, Json]]) -> None:
    named: list[tuple[str, Json]] = [(type_, {}) for type_ in valid] + others
    entries = [entry(f"{type_}/d-{number}", resource(type_, changes)) for number, (type_, changes) in enumerate(named)]
    informed: list[Any] = [
        supporting_document(f"{type_}/d-{number}", number + 1) for number, (type_, _) in enumerate(named)
    ]
    without = read({"supportingInfo": informed[: len(valid)] or None}, request_item(), entries)
    assert without is not None
    assert read({"supportingInfo": informed}, request_item(), entries) == without


@given(st.booleans(), st.lists(doubtful(("Condition",)), min_size=1, max_size=4))
def test_conditions_that_do_not_count_change_nothing(valid: bool, others: list[tuple[str, Json]]) -> None:
    named: list[Json] = [{}] * valid + [changes for _, changes in others]
    entries = [
        entry(f"Condition/c-{number}", resource("Condition", {"code": concept(ICD, f"M5{number}"), **changes}))
        for number, changes in enumerate(named)
    ]
    diagnoses = [
        {"sequence": number + 1, "diagnosisReference": {"reference": f"Condition/c-{number}"}}
        for number in range(len(named))
    ]
    item = request_item(diagnosisSequence=[diagnosis["sequence"] for diagnosis in diagnoses])
    without = read({"diagnosis": diagnoses[:valid] or None}, item, entries)
    assert without is not None
    assert read({"diagnosis": diagnoses}, item, entries) == without


@given(doubtful(tuple(_ORDERED_CODE)))
def test_an_order_that_does_not_count_refuses_the_request_or_changes_nothing(order: tuple[str, Json]) -> None:
    type_, changes = order
    codes = {"code": concept(CPT, "97112"), "occurrenceDateTime": "2026-12-24", "quantityQuantity": {"value": 3}}
    entries = [entry(f"{type_}/order-1", resource(type_, {**codes, **changes}))]
    plain, ordered = request_item(quantity=None, period=None), request_item(quantity=None, period=None)
    requested = extension("extension-requestedService", valueReference={"reference": f"{type_}/order-1"})
    ordered["extension"].append(requested)
    assert read({}, ordered, entries) in (None, read({}, plain, entries))
