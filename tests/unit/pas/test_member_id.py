"""Which of the numbers that a request or a bill carries is the member id."""

from __future__ import annotations

from typing import Any

import pytest

from app.bills.read_claim import read_claim
from app.fhir.body import Checked
from tests.support.answers import submitted
from tests.support.samples import billing_claim, coverage, member_type, patient, request_bundle


def numbered(value: str) -> dict[str, Any]:
    return {"type": member_type(), "value": value}


@pytest.mark.parametrize(
    ("on_coverage", "on_patient", "member_id"),
    [
        ({}, {}, "M001"),
        ({"identifier": [numbered("C7")], "subscriberId": "S7"}, {}, "M001"),
        ({"identifier": None, "subscriberId": None}, {"identifier": [numbered(" M002\u00a0 ")]}, "M002"),
        ({"identifier": None, "subscriberId": "S7  "}, {"identifier": [numbered(" ")]}, "S7"),
        ({"identifier": [numbered("C7")], "subscriberId": "S7"}, {"identifier": [{"value": "P9"}]}, "C7"),
        ({"identifier": [{"value": "C7"}], "subscriberId": "S7"}, {"identifier": [{"value": "P9"}]}, "S7"),
        ({"identifier": None, "subscriberId": "S7"}, {"identifier": [{"value": "P9"}, numbered("P7")]}, "P7"),
        (
            {"identifier": None, "subscriberId": None},
            {"identifier": [{"system": "urn:x", "value": "P9"}]},
            "P9",
        ),
        (
            {"identifier": None, "subscriberId": None},
            {"identifier": None},
            "",
        ),
    ],
)
def test_the_member_id_is_that_of_the_patient_before_that_of_the_coverage(
    on_coverage: dict[str, Any], on_patient: dict[str, Any], member_id: str
) -> None:
    bundle = request_bundle()
    for place, base, changes in ((3, coverage(), on_coverage), (4, patient(), on_patient)):
        kept = {name: value for name, value in (base | changes).items() if value is not None}
        bundle["entry"][place]["resource"] = kept
    assert submitted(bundle).request.member.member_id == member_id


@pytest.mark.parametrize(
    ("on_patient", "on_coverage", "member_id"),
    [
        ({"type": member_type(), "value": "P7"}, {"type": member_type(), "value": "C7"}, "P7"),
        ({"value": "P9"}, {"type": member_type(), "value": "C7"}, "C7"),
        ({"value": "P9"}, {"value": "C9"}, "C9"),
        ({"value": "P9"}, {"type": member_type()}, "P9"),
    ],
)
def test_a_member_without_resource_has_the_identifier_of_type_mb(
    on_patient: dict[str, Any], on_coverage: dict[str, Any], member_id: str
) -> None:
    insurance = {"sequence": 1, "focal": True, "coverage": {"identifier": on_coverage}}
    claim = billing_claim(patient={"identifier": on_patient}, insurance=[insurance])
    named = read_claim(Checked(claim)).billing_claim.member
    assert (named.member_id, named.families) == (member_id, ())
