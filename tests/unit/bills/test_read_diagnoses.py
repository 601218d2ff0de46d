"""A diagnosis of a bill is a valid Condition of the patient."""

from __future__ import annotations

import pytest

from app.bills.read_claim import read_claim
from app.fhir.body import Checked
from tests.support.samples import Json, billed_line, billing_claim, concept, patient

DIAGNOSIS = concept("http://hl7.org/fhir/sid/icd-10-cm", "M51.26")
POINTING = [{"sequence": 1, "diagnosisReference": {"reference": "#c"}}]


def codes(claim: Json, stored: Json | None = None) -> list[str]:
    (line,) = read_claim(Checked(claim), stored).billing_claim.lines
    return [diagnosis.code for diagnosis in line.diagnoses]


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({}, ["M51.26"]),
        ({"verificationStatus": concept("urn:any", "refuted")}, []),
        ({"verificationStatus": concept("urn:any", "entered-in-error")}, []),
        ({"subject": {"identifier": {"value": "M002"}}}, []),
    ],
)
def test_a_diagnosis_is_a_valid_condition_of_the_patient(changes: Json, counted: list[str]) -> None:
    subject = billing_claim()["patient"]
    condition = {"resourceType": "Condition", "id": "c", "code": DIAGNOSIS, "subject": subject, **changes}
    lines = [{**billed_line(), "diagnosisSequence": [1]}]
    assert codes(billing_claim(contained=[condition], diagnosis=POINTING, lines=lines)) == counted


def test_a_condition_may_be_about_a_patient_of_this_server() -> None:
    subject = {"reference": "Patient/p1"}
    condition = {"resourceType": "Condition", "id": "c", "code": DIAGNOSIS, "subject": subject}
    claim = billing_claim(contained=[condition], diagnosis=POINTING) | {"patient": subject}
    assert codes(claim, {"Patient/p1": patient()}) == ["M51.26"]
