"""What is read out of the items of a request, and of the orders they refer to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.datatypes import Coding, Identifier, Period
from app.domain.request import AuthorizationRequest, RequestedItem
from app.domain.service_line import Order
from app.domain.units import Unit
from tests.support.answers import submitted
from tests.support.samples import CPT, RENDERING, REQUESTOR, concept, entry, extension, request_bundle, request_item

TEMP = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"
LOINC = "http://loinc.org"
PATIENT = {"reference": "Patient/patient-1"}


def request(**changes: Any) -> AuthorizationRequest:
    return submitted(request_bundle(**changes)).request


def item(changes: dict[str, Any] | None = None, **options: Any) -> RequestedItem:
    return submitted(request_bundle(items=[request_item(**options, **(changes or {}))])).request.items[0]


def ordering(resource: dict[str, Any], **options: Any) -> RequestedItem:
    """Read an item that refers to an order."""
    reference = f"{resource['resourceType']}/order-1"
    asked = request_item(**options)
    asked["extension"].append(extension("extension-requestedService", valueReference={"reference": reference}))
    order = {"status": "active", "subject": PATIENT, "patient": PATIENT, **resource}
    return submitted(request_bundle(items=[asked], entries=[entry(reference, order)])).request.items[0]


def test_an_item_has_the_elements_of_the_claim() -> None:
    asked = item({"modifier": [concept("https://codesystem.x12.org/005010/1339", "GP")]})
    assert asked.sequence == 1
    assert asked.services == (Coding(CPT, "97110"),)
    assert [one.code for one in asked.service_types] == ["PT"]
    assert asked.modifiers == ("GP",)
    assert (asked.quantity, asked.unit) == (Decimal(12), Unit("units"))
    assert asked.serviced == Period(date(2026, 12, 1), date(2027, 2, 28))
    assert (asked.request_type, asked.certification_type) == ("HS", "I")
    assert asked.place is not None
    assert asked.place.code == "11"
    assert asked.providers == (RENDERING,)


def test_the_order_behind_an_item_is_apart_from_the_requested_service() -> None:
    service = ordering({"resourceType": "ServiceRequest", "code": concept(CPT, "97112")})
    assert [one.code for one in service.services] == ["97110"]
    assert service.order == Order("ServiceRequest", (Coding(CPT, "97112"),))
    device = ordering({"resourceType": "DeviceRequest", "codeCodeableConcept": concept("urn:hcpcs", "E1223")})
    assert device.order == Order("DeviceRequest", (Coding("urn:hcpcs", "E1223"),))
    drug = ordering(
        {
            "resourceType": "MedicationRequest",
            "medicationCodeableConcept": concept("urn:ndc", "1"),
            "dispenseRequest": {"quantity": {"value": 300, "unit": "mg", "code": "mg"}},
        },
        quantity=None,
    )
    assert drug.order == Order("MedicationRequest", (Coding("urn:ndc", "1"),))
    assert (drug.quantity, drug.unit) == (Decimal(300), Unit("mg", "mg"))
    meal = ordering({"resourceType": "NutritionOrder"})
    assert ([one.code for one in meal.services], meal.order) == (["97110"], Order("NutritionOrder"))


def test_a_quantity_is_the_item_s_before_the_order_s() -> None:
    order = {"resourceType": "ServiceRequest", "quantityQuantity": {"value": 3, "unit": "visit", "code": "1"}}
    assert ordering(order).quantity == Decimal(12)
    of_order = ordering(order, quantity=None)
    assert (of_order.quantity, of_order.unit) == (Decimal(3), Unit("visit", "1"))
    assert item(quantity=None).quantity == 1


def test_a_code_for_absent_data_does_not_count_as_a_service() -> None:
    absent = concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable")
    assert item({"productOrService": absent}).services == ()
    assert item({"productOrService": {"text": "in words only"}}).services == ()


def test_the_date_of_service_is_the_item_s_then_the_claim_s_then_the_order_s() -> None:
    order = {"resourceType": "ServiceRequest", "occurrenceDateTime": "2026-12-24T08:00:00-05:00"}
    admitted = {"sequence": 1, "category": concept(TEMP, "admissionDates"), "timingPeriod": {"start": "2026-12-03"}}
    event = {"sequence": 2, "category": concept(TEMP, "patientEvent"), "timingDate": "2026-12-05"}
    assert item({"servicedDate": "2026-12-02"}, period=None).serviced == Period(date(2026, 12, 2), date(2026, 12, 2))
    undated = [request_item(period=None)]
    assert request(items=undated, claim={"supportingInfo": [event, admitted]}).items[0].serviced == Period(
        date(2026, 12, 3)
    )
    assert request(items=undated, claim={"supportingInfo": [event]}).items[0].serviced == Period(
        date(2026, 12, 5), date(2026, 12, 5)
    )
    assert ordering(order, period=None).serviced == Period(date(2026, 12, 24), date(2026, 12, 24))
    assert item(period=None).serviced is None


def care_team(sequence: int, reference: dict[str, Any], *, overall: bool) -> dict[str, Any]:
    scope = extension("extension-careTeamClaimScope", valueBoolean=overall)
    return {"sequence": sequence, "extension": [scope], "provider": reference}


def test_an_item_is_performed_by_those_it_points_to_or_else_by_the_claim_s_team() -> None:
    team = [
        care_team(1, {"reference": "Practitioner/practitioner-1"}, overall=True),
        care_team(2, {"reference": "Organization/clinic-1"}, overall=False),
    ]
    pointing, general = request_item(1, careTeamSequence=[2]), request_item(2)
    del general["careTeamSequence"]
    first, second = request(items=[pointing, general], claim={"careTeam": team}).items
    assert (first.providers, second.providers) == ((REQUESTOR,), (RENDERING,))


def test_a_diagnosis_may_be_a_condition() -> None:
    code = concept("http://hl7.org/fhir/sid/icd-10-cm", "M51.26")
    condition = {"resourceType": "Condition", "code": code, "subject": PATIENT}
    asked = request(
        claim={"diagnosis": [{"sequence": 1, "diagnosisReference": {"reference": "Condition/c-1"}}]},
        entries=[entry("Condition/c-1", condition)],
    )
    assert [one.code for one in asked.items[0].diagnoses] == ["M51.26"]


def test_trace_numbers_end_of_range_and_price_are_read() -> None:
    asked = request_item(unitPrice={"value": 40, "currency": "USD"})
    asked["extension"] += [
        extension("extension-itemTraceNumber", valueIdentifier={"system": "urn:trace", "value": "T1"}),
        extension("extension-productOrServiceCodeEnd", valueCodeableConcept=concept(CPT, "97140")),
    ]
    read = request(items=[asked]).items[0]
    assert read.trace_numbers == (Identifier("urn:trace", "T1"),)
    assert read.service_end == Coding(CPT, "97140")
    assert read.unit_price == Decimal(40)
