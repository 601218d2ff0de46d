"""Corrections and voids of an earlier claim are refused, and an original claim is read."""

from __future__ import annotations

from typing import Any

import pytest

from app.bills.check_original import WHAT_TO_DO
from app.bills.read_claim import read_claim
from app.codes import CLAIM_FREQUENCY
from app.fhir.body import Checked
from app.fhir.outcome import Fault, FhirError
from tests.support.samples import billing_claim, concept

CATEGORY = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType"
RELATED = {"claim": {"identifier": {"value": "BILL-0001"}}}
PRIOR = "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship"


def frequency(**value: Any) -> dict[str, Any]:
    return {"extension": [{"url": CLAIM_FREQUENCY, **value}]}


def type_of_bill(**value: Any) -> dict[str, Any]:
    return {"supportingInfo": [{"sequence": 1, "category": concept(CATEGORY, "typeofbill"), **value}]}


def coded(bill: str) -> dict[str, Any]:
    return type_of_bill(code=concept("https://www.nubc.org/CodeSystem/TypeOfBill", bill))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"related": [RELATED]}, "related"),
        ({"related": [RELATED | {"relationship": concept(PRIOR, "prior")}]}, "related"),
        ({"related": [RELATED | {"relationship": concept(PRIOR, "associated")}]}, "related"),
        (frequency(valueCode="7"), "extension[0]"),
        (frequency(valueCode="8"), "extension[0]"),
        (frequency(valueString="7"), "extension[0]"),
        (frequency(), "extension[0]"),
        (coded("0137"), "supportingInfo[0].code"),
        (coded("0118"), "supportingInfo[0].code"),
        (coded("138"), "supportingInfo[0].code"),
        (coded("013G"), "supportingInfo[0].code"),
        (type_of_bill(valueString="0137"), "supportingInfo[0].code"),
        ({"status": "cancelled"}, "status"),
    ],
)
def test_a_correction_or_void_is_refused_with_the_next_step(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(FhirError) as caught:
        read_claim(Checked(billing_claim(**changes)))
    assert caught.value.fault is Fault.UNPROCESSABLE
    assert {issue.expression for issue in caught.value.issues} == {f"Claim.{place}"}
    assert caught.value.issues[-1].text.endswith(WHAT_TO_DO)


@pytest.mark.parametrize(
    "changes",
    [
        frequency(valueCode="1"),
        {"extension": [{"url": "https://biller.example.org/frequency", "valueCode": "7"}]},
        coded("0131"),
        coded("0112"),
        coded("131"),
        type_of_bill(valueString="0131 "),
        type_of_bill(),
        {"supportingInfo": [{"sequence": 1, "category": concept(CATEGORY, "other"), "valueString": "0137"}]},
    ],
)
def test_an_original_claim_is_read(changes: dict[str, Any]) -> None:
    assert read_claim(Checked(billing_claim(**changes))).billing_claim.lines
