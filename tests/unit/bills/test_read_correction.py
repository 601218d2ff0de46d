"""The frequency of a claim, and the earlier claim that it replaces or voids."""

from __future__ import annotations

from typing import Any

import pytest

from app.bills.read_claim import read_claim
from app.codes import CLAIM_FREQUENCY
from app.domain.billing import ClaimName
from app.domain.datatypes import Identifier
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
        (frequency(valueString="7"), "extension[0].value"),
        (frequency(), "extension[0].value"),
        (frequency(valueCode="X"), "extension[0].value"),
        (coded("013G"), "supportingInfo[0].code"),
        (coded("0137") | frequency(valueCode="8"), None),
        (coded("0131") | {"status": "cancelled"}, None),
    ],
)
def test_an_unclear_correction_is_refused(changes: dict[str, Any], place: str | None) -> None:
    with pytest.raises(FhirError) as caught:
        read_claim(Checked(billing_claim(**changes)))
    assert caught.value.fault is Fault.UNPROCESSABLE
    assert {issue.expression for issue in caught.value.issues} == {f"Claim.{place}" if place else "Claim"}


@pytest.mark.parametrize(
    ("changes", "stated"),
    [
        (frequency(valueCode="7") | {"related": [RELATED]}, "7"),
        ({"related": [RELATED | {"relationship": concept(PRIOR, "replaces")}]}, "7"),
        (coded("0137"), "7"),
        (type_of_bill(valueString="0138"), "8"),
        (coded("0118") | frequency(valueCode="8"), "8"),
        ({"status": "cancelled"}, "8"),
        (coded("0112"), "2"),
        ({"related": [RELATED | {"relationship": concept(PRIOR, "associated")}]}, "1"),
    ],
)
def test_the_frequency_is_read(changes: dict[str, Any], stated: str) -> None:
    assert read_claim(Checked(billing_claim(**changes))).billing_claim.frequency == stated


def test_the_original_is_named_by_reference_by_identifier_and_else_by_the_claims_own() -> None:
    url = "https://payer.example.org/fhir/Claim/abc"
    by_url = {"related": [{"claim": {"reference": url}}], **frequency(valueCode="7")}
    assert read_claim(Checked(billing_claim(**by_url))).billing_claim.original == ClaimName(("abc",))
    by_number = {"related": [{"reference": {"value": "123"}}], **frequency(valueCode="7")}
    named = ClaimName(("123",), (Identifier("", "123"),))
    assert read_claim(Checked(billing_claim(**by_number))).billing_claim.original == named
    own = read_claim(Checked(billing_claim(control_number="MINE", **frequency(valueCode="8")))).billing_claim
    assert own.original.identifiers == (own.identifier,)


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
