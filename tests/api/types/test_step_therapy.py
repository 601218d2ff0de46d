"""A drug for which others come first is authorized if attached prescriptions show that they were taken."""

from __future__ import annotations

import pytest

from tests.api.reading import actions, notes
from tests.api.types.typed_items import HCPCS, stored, typed_item, types_of
from tests.api.updating import submitted
from tests.support.samples import Json, concept, entry, request_bundle, supporting_document
from tests.support.server import Server

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
METHOTREXATE, SULFASALAZINE, ASPIRIN = "6851", "9524", "1191"
PLANNED = ("2026-02-01", "2026-06-30")


def prescription(number: int, drug: str, **changes: object) -> Json:
    resource = {
        "resourceType": "MedicationRequest",
        "status": "completed",
        "intent": "order",
        "subject": {"reference": "Patient/patient-1"},
        "medicationCodeableConcept": concept(RXNORM, drug),
        **changes,
    }
    return entry(f"MedicationRequest/drug-{number}", {name: value for name, value in resource.items() if value})


def request(*prescriptions: Json) -> Json:
    attached = [
        supporting_document(one["fullUrl"].rpartition("/fhir/")[2] or one["fullUrl"], index)
        for index, one in enumerate(prescriptions, 1)
    ]
    item = typed_item("J0129", 4, PLANNED, system=HCPCS)
    claim = {"supportingInfo": attached} if attached else {}
    return request_bundle(items=[item], claim=claim, entries=list(prescriptions), plan="GOLD")


FIRST, SECOND = prescription(1, METHOTREXATE), prescription(2, SULFASALAZINE, status="stopped")


@pytest.mark.parametrize(
    ("prescriptions", "decision"),
    [
        ((), "A4"),
        ((FIRST,), "A4"),
        ((FIRST, SECOND), "A1"),
        ((FIRST, prescription(2, METHOTREXATE)), "A4"),
        ((FIRST, prescription(2, ASPIRIN)), "A4"),
        ((FIRST, prescription(2, SULFASALAZINE, status="active")), "A4"),
        ((FIRST, prescription(2, SULFASALAZINE, status="cancelled")), "A4"),
        ((FIRST, prescription(2, SULFASALAZINE, intent="plan")), "A4"),
        ((FIRST, prescription(2, SULFASALAZINE, doNotPerform=True)), "A4"),
        ((FIRST, prescription(2, SULFASALAZINE, subject={"identifier": {"value": "M999"}})), "A4"),
    ],
    ids=[
        "none",
        "one",
        "two",
        "one twice",
        "another drug",
        "under way",
        "cancelled",
        "planned",
        "not to be taken",
        "of another patient",
    ],
)
async def test_two_of_the_first_drugs_must_have_been_taken(
    server: Server, prescriptions: tuple[Json, ...], decision: str
) -> None:
    answer = await submitted(server, request(*prescriptions))
    assert actions(answer) == {1: decision}
    assert types_of(await stored(server, answer["id"])) == ["step-therapy"]


async def test_the_answer_names_the_records_that_are_missing(server: Server) -> None:
    answer = await submitted(server, request(FIRST))
    said = " ".join(notes(answer, answer["item"][0]))
    assert "Other drugs come before this one." in said
    assert "Please send: Prescription for medication" in said
    assert answer["disposition"] == "Step therapy."
