"""Requests that cannot be processed: every fault is named with its place, all at once."""

from __future__ import annotations

from typing import Any

import pytest

from app.fhir.body import Checked
from app.fhir.outcome import Fault, FhirError
from app.pas.requests.read_request import claim_use, read_request
from tests.support.answers import CURRENT, OLDER
from tests.support.samples import NPI, PAS, entry, extension, request_bundle, request_item
from tests.support.unchecked import unchecked

CLAIM = "Bundle.entry[0].resource"
ORDER = "Bundle.entry[7].resource"
CANCELLED = PAS + "modifierextension-infoCancelled"


def refused(bundle: Any) -> FhirError:
    with pytest.raises(FhirError) as caught:
        read_request(Checked(bundle), CURRENT)
    return caught.value


def places(bundle: Any) -> list[str | None]:
    error = refused(bundle)
    assert error.fault is Fault.UNPROCESSABLE
    return [issue.expression for issue in error.issues if issue.severity == "error"]


def without(bundle: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in bundle.items() if name not in names}


def ordering(**elements: Any) -> dict[str, Any]:
    """Build a request without a quantity, whose item refers to an order with these elements."""
    requested = extension("extension-requestedService", valueReference={"reference": "ServiceRequest/order"})
    valid = {"resourceType": "ServiceRequest", "status": "active", "subject": {"reference": "Patient/patient-1"}}
    order = entry("ServiceRequest/order", valid | elements)
    return request_bundle(items=[request_item(quantity=None, extension=[requested])], entries=[order])


@pytest.mark.parametrize("body", [{}, {"resourceType": "Patient"}, {"resourceType": ["Claim"]}])
def test_a_body_other_than_a_claim_or_a_bundle_has_no_use(body: Any) -> None:
    with pytest.raises(FhirError) as caught:
        claim_use(unchecked(body))
    assert caught.value.fault is Fault.UNREADABLE


@pytest.mark.parametrize(
    ("bundle", "place"),
    [
        (without(request_bundle(), "entry"), "Bundle.entry"),
        (request_bundle() | {"entry": request_bundle()["entry"][1:]}, "Bundle.entry[0].resource"),
        (request_bundle() | {"type": "transaction"}, "Bundle.type"),
        (without(request_bundle(), "type"), "Bundle.type"),
        (without(request_bundle(), "identifier"), "Bundle.identifier"),
        (without(request_bundle(), "timestamp"), "Bundle.timestamp"),
        *(
            (request_bundle(claim={name: None}), f"{CLAIM}.{name}")
            for name in (
                "identifier", "status", "use", "created", "patient", "insurer", "provider", "item",
            )
        ),
        (request_bundle(claim={"item": []}), f"{CLAIM}.item"),
        (request_bundle(claim={"use": "proposal"}), f"{CLAIM}.use"),
        (request_bundle(claim={"use": "claim"}), f"{CLAIM}.use"),
        (request_bundle(claim={"status": "draft"}), f"{CLAIM}.status"),
        (request_bundle(claim={"identifier": [{"system": "urn:x"}]}), f"{CLAIM}.identifier[0].value"),
        (request_bundle(claim={"type": {"text": "professional"}}), f"{CLAIM}.type.coding"),
        *(
            (request_bundle(claim={name: {"reference": "Patient/gone"}}), f"{CLAIM}.{name}")
            for name in ("patient", "insurer", "provider")
        ),
        (request_bundle(claim={"insurer": {"reference": "Patient/patient-1"}}), f"{CLAIM}.insurer"),
        (
            request_bundle(claim={"insurance": [{"sequence": 1, "focal": True}]}),
            f"{CLAIM}.insurance[0].coverage",
        ),
        (
            request_bundle(claim={"insurance": [{"focal": True, "coverage": {"reference": "Coverage/gone"}}]}),
            f"{CLAIM}.insurance[0].coverage",
        ),
        (request_bundle(items=[request_item(quantity=0)]), f"{CLAIM}.item[0].quantity"),
        (request_bundle(items=[request_item(), request_item(2, quantity=-1)]), f"{CLAIM}.item[1].quantity"),
        (request_bundle(items=[request_item() | {"quantity": {"unit": "units"}}]), f"{CLAIM}.item[0].quantity.value"),
        (
            request_bundle(items=[request_item() | {"quantity": {"value": 4, "comparator": ">"}}]),
            f"{CLAIM}.item[0].quantity",
        ),
        (
            request_bundle(items=[request_item(modifierExtension=[{"url": CANCELLED}])]),
            f"{CLAIM}.item[0].modifierExtension[0].value",
        ),
        (ordering(doNotPerform=True), f"{ORDER}.doNotPerform"),
        (ordering(quantityRatio={"numerator": {"value": 1}, "denominator": {"value": 1}}), f"{ORDER}.quantity"),
        (ordering(quantityRange={"low": {"value": 1}}), f"{ORDER}.quantity"),
        (ordering(quantityQuantity={"value": 4, "comparator": ">"}), f"{ORDER}.quantity"),
        (ordering(quantityQuantity={"unit": "units"}), f"{ORDER}.quantity.value"),
        (request_bundle(items=[request_item(), request_item()]), f"{CLAIM}.item[1].sequence"),
        (request_bundle(items=[without(request_item(), "sequence")]), f"{CLAIM}.item[0].sequence"),
        (
            request_bundle(items=[request_item(period=("2026-12-31", "2026-12-01"))]),
            f"{CLAIM}.item[0].serviced",
        ),
        (request_bundle(requestor="1987654321"), "Bundle.entry[1].resource.identifier[0]"),
        (request_bundle(payer="789312"), "Bundle.entry[2].resource.identifier[0]"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(bundle: dict[str, Any], place: str) -> None:
    assert places(bundle) == [place]


def test_all_faults_are_named_at_once() -> None:
    items = [request_item(quantity=0), request_item()]
    bundle = request_bundle(items=items, claim={"patient": None, "use": "proposal"}, payer="1234567890")
    assert set(places(bundle | {"type": "batch"})) == {
        "Bundle.type",
        f"{CLAIM}.use",
        f"{CLAIM}.patient",
        f"{CLAIM}.item[0].quantity",
        f"{CLAIM}.item[1].sequence",
        "Bundle.entry[2].resource.identifier[0]",
    }


def test_a_wrong_check_digit_is_only_warned_of_in_2_0_1() -> None:
    read = read_request(Checked(request_bundle(requestor="987654321")), OLDER)
    assert read.request.requestor.npi == "987654321"
    assert [issue.severity for issue in read.warnings] == ["warning"]


def test_a_wrong_number_of_the_care_team_is_named_once() -> None:
    bundle = request_bundle()
    bundle["entry"][6]["resource"]["identifier"] = [{"system": NPI, "value": "1777777770"}]
    assert places(bundle) == ["Bundle.entry[6].resource.identifier[0]"]


def test_a_duplicate_full_url_is_a_fault() -> None:
    bundle = request_bundle(entries=[entry("Patient/patient-1", {"resourceType": "Patient"})])
    assert places(bundle) == ["Bundle.entry[7].fullUrl"]


@pytest.mark.parametrize("name", ["careTeam", "diagnosis", "meta", "supportingInfo", "related"])
def test_optional_elements_may_be_missing(name: str) -> None:
    asked = request_item()
    for pointer in (
        "careTeamSequence",
        "diagnosisSequence",
        "category",
        "locationCodeableConcept",
        "extension",
        "quantity",
    ):
        del asked[pointer]
    assert read_request(Checked(request_bundle(items=[asked], claim={name: None})), CURRENT).warnings == ()
