"""A Condition is a diagnosis if it is valid and about the patient."""

from __future__ import annotations

import pytest

from tests.support.answers import submitted
from tests.support.evidence import PLACE, diagnosing
from tests.support.samples import Json, concept


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"verificationStatus": concept("urn:any", "entered-in-error")}, "verificationStatus"),
        ({"verificationStatus": concept("urn:any", "refuted")}, "verificationStatus"),
        ({"subject": {"reference": "Patient/patient-2"}}, "subject"),
        ({"subject": {"reference": "Patient/elsewhere"}}, "subject"),
    ],
)
def test_a_condition_that_is_not_valid_does_not_count_as_a_diagnosis(changes: Json, element: str) -> None:
    read = submitted(diagnosing(**changes))
    assert (read.request.diagnoses, read.request.items[0].diagnoses) == ((), ())
    assert f"{PLACE}.{element}" in {issue.expression for issue in read.warnings}


@pytest.mark.parametrize("status", ["unconfirmed", "provisional", "differential", "confirmed"])
def test_a_condition_that_is_not_refuted_is_a_diagnosis(status: str) -> None:
    read = submitted(diagnosing(verificationStatus=concept("urn:any", status)))
    assert [diagnosis.code for diagnosis in read.request.diagnoses] == ["M51.26"]


def test_a_resolved_condition_is_a_diagnosis() -> None:
    read = submitted(diagnosing(clinicalStatus=concept("urn:any", "resolved")))
    assert [diagnosis.code for diagnosis in read.request.diagnoses] == ["M51.26"]
