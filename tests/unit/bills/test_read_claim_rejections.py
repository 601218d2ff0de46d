"""Bills that cannot be processed: every fault is named with its place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.bills.read_claim import read_claim
from app.fhir.body import Checked
from app.fhir.outcome import Fault, FhirError
from tests.support.bundled import bundled_claim
from tests.support.samples import NPI, REQUESTOR, billed_line, billing_claim


def refused(body: Any) -> FhirError:
    with pytest.raises(FhirError) as caught:
        read_claim(Checked(body))
    return caught.value


def test_a_bundle_must_begin_with_its_claim() -> None:
    body = bundled_claim()
    assert refused(body | {"entry": body["entry"][1:]}).issues[-1].expression == "Bundle.entry"
    assert refused(body | {"entry": []}).fault is Fault.UNPROCESSABLE


def two_insurances(*focal: bool) -> list[dict[str, Any]]:
    coverage = {"identifier": {"value": "M001"}}
    return [{"sequence": n, "focal": flag, "coverage": coverage} for n, flag in enumerate(focal, 1)]


SERVICE = "Claim.item[0].productOrService"
UNRECOGNIZED: list[dict[str, Any]] = [
    {"text": "therapy"},
    {"coding": []},
    {"coding": [{"code": "97110"}]},
    {"coding": [{"system": "http://www.ama-assn.org/go/cpt"}]},
    {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": " \t"}]},
    {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "97110\u200b"}]},
]


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        *(({name: None}, [f"Claim.{name}"]) for name in ("status", "use", "created", "patient", "insurer", "provider")),
        ({"item": None}, ["Claim.item"]),
        ({"use": "proposal"}, ["Claim.use"]),
        ({"status": "draft"}, ["Claim.status"]),
        ({"insurance": two_insurances(True, True)}, ["Claim.insurance"]),
        ({"insurance": two_insurances(False, False)}, ["Claim.insurance[0].focal"]),
        ({"insurance": [{"sequence": 1, "focal": True}]}, ["Claim.insurance[0].coverage"]),
        ({"patient": {"display": "somebody"}}, ["Claim.patient"]),
        ({"patient": {"reference": "#gone"}}, ["Claim.patient"]),
        ({"patient": {"reference": "Patient/gone"}, "status": None}, ["Claim.status", "Claim.patient"]),
        ({"patient": {"reference": "https://elsewhere.example.org/Patient/1"}}, ["Claim.patient"]),
        (
            {"contained": [{"resourceType": "Location", "id": "x"}], "provider": {"reference": "#x"}},
            ["Claim.provider"],
        ),
        ({"provider": {"identifier": {"system": NPI, "value": "1987654321"}}}, ["Claim.provider.identifier"]),
        ({"lines": [billed_line(quantity=0)]}, ["Claim.item[0].quantity"]),
        ({"lines": [billed_line(quantity=-2)]}, ["Claim.item[0].quantity"]),
        ({"lines": [billed_line() | {"quantity": {"unit": "units"}}]}, ["Claim.item[0].quantity.value"]),
        ({"lines": [billed_line() | {"quantity": {"value": 4, "comparator": "<"}}]}, ["Claim.item[0].quantity"]),
        ({"lines": [billed_line(net={"value": -1})]}, ["Claim.item[0].net"]),
        ({"lines": [billed_line(net={"value": Decimal("1e12") + 1})]}, ["Claim.item[0].net"]),
        ({"lines": [billed_line(net={"value": Decimal("1e-13")})]}, ["Claim.item[0].net"]),
        ({"lines": [billed_line(unitPrice={"value": Decimal("1e308")}, factor=10)]}, ["Claim.item[0].unitPrice"]),
        ({"lines": [billed_line(factor=-1)]}, ["Claim.item[0].unitPrice"]),
        ({"lines": [billed_line(unitPrice={"value": 1, "currency": "usd"})]}, ["Claim.item[0].unitPrice.currency"]),
        ({"lines": [billed_line(unitPrice={"currency": "USD"})]}, ["Claim.item[0].unitPrice.value"]),
        ({"lines": [billed_line(net={"value": 1})]}, ["Claim.item[0].net"]),
        ({"lines": [billed_line(), billed_line(2, unitPrice={"value": 1, "currency": "EUR"})]}, ["Claim.item"]),
        *(({"lines": [billed_line(productOrService=service)]}, [f"{SERVICE}"]) for service in UNRECOGNIZED),
        ({"lines": [billed_line(day=None)]}, ["Claim.item[0].serviced"]),
        ({"lines": [billed_line(), billed_line()]}, ["Claim.item[1].sequence"]),
        (
            {"lines": [{name: value for name, value in billed_line().items() if name != "productOrService"}]},
            ["Claim.item[0].productOrService"],
        ),
        (
            {"lines": [billed_line(quantity=0), billed_line(2, day=None)], "patient": None},
            ["Claim.patient", "Claim.item[0].quantity", "Claim.item[1].serviced"],
        ),
    ],
)
def test_every_issue_names_its_place(changes: dict[str, Any], places: list[str]) -> None:
    error = refused(billing_claim(**changes))
    assert error.fault is Fault.UNPROCESSABLE
    assert [issue.expression for issue in error.issues] == places


def test_a_bundle_does_not_refer_to_this_server() -> None:
    body = bundled_claim()
    body["entry"][0]["resource"]["patient"] = {"reference": "Patient/p1"}
    assert [issue.expression for issue in refused(body).issues] == ["Bundle.entry[0].resource.patient"]


def test_a_claim_has_a_limit_of_identifiers() -> None:
    identifiers = [{"system": "http://clinic.example.org/bills", "value": str(number)} for number in range(21)]
    assert read_claim(Checked(billing_claim(identifier=identifiers[:20]))).billing_claim.identifier is not None
    (issue,) = refused(billing_claim(identifier=identifiers)).issues
    assert (issue.expression, issue.text) == ("Claim.identifier", "A Claim must not have more than 20 identifiers.")


def test_a_billing_organization_that_is_not_active_is_a_fault() -> None:
    body = bundled_claim()
    (place,) = (
        number
        for number, entry in enumerate(body["entry"])
        if entry["resource"].get("identifier", [{}])[0].get("value") == REQUESTOR
    )
    body["entry"][place]["resource"]["active"] = False
    assert {issue.expression for issue in refused(body).issues} == {f"Bundle.entry[{place}].resource.active"}


def test_an_organization_of_this_server_that_is_not_active_is_a_fault() -> None:
    claim = billing_claim() | {"provider": {"reference": "Organization/o1"}}
    closed = {"resourceType": "Organization", "active": False, "identifier": [{"system": NPI, "value": REQUESTOR}]}
    with pytest.raises(FhirError) as caught:
        read_claim(Checked(claim), {"Organization/o1": closed})
    assert [issue.expression for issue in caught.value.issues] == ["Claim.provider"]


@pytest.mark.parametrize(
    ("serviced", "place"),
    [
        ({"servicedDate": "2026-12"}, "item[0].serviced"),
        ({"servicedDate": "2026"}, "item[0].serviced"),
        ({"servicedPeriod": {"start": "2026-12"}}, "item[0].serviced.start"),
        ({"servicedPeriod": {"start": "2026-12-01", "end": "2026-12"}}, "item[0].serviced.end"),
    ],
)
def test_a_date_of_service_must_be_a_full_day(serviced: dict[str, Any], place: str) -> None:
    body = billing_claim(lines=[billed_line(day=None, **serviced)])
    assert [issue.expression for issue in refused(body).issues] == [f"Claim.{place}"]


def test_a_billable_period_must_have_full_days() -> None:
    body = billing_claim(lines=[billed_line(day=None)], billablePeriod={"start": "2026-12"})
    assert [issue.expression for issue in refused(body).issues] == ["Claim.billablePeriod.start"]
