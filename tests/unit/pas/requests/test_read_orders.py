"""An order supports its item if it is valid and for the patient."""

from __future__ import annotations

import pytest

from app.fhir.outcome import FhirError
from app.pas.requests.read_request import SubmittedRequest
from tests.support.answers import submitted
from tests.support.evidence import PLACE, ordering
from tests.support.samples import Json, extension, request_bundle


def faults(bundle: Json) -> list[str | None]:
    with pytest.raises(FhirError) as caught:
        submitted(bundle)
    return [issue.expression for issue in caught.value.issues if issue.severity == "error"]


def warned(read: SubmittedRequest) -> list[str | None]:
    return [issue.expression for issue in read.warnings if issue.severity == "warning"]


REQUESTS = ("ServiceRequest", "DeviceRequest", "NutritionOrder")


@pytest.mark.parametrize(
    ("type_", "changes", "element"),
    [
        *((type_, {"status": status}, "status") for type_ in REQUESTS for status in ("revoked", "entered-in-error")),
        *(
            ("MedicationRequest", {"status": status}, "status")
            for status in ("cancelled", "stopped", "entered-in-error")
        ),
        ("ServiceRequest", {"doNotPerform": True}, "doNotPerform"),
        ("MedicationRequest", {"doNotPerform": True}, "doNotPerform"),
        ("ServiceRequest", {"status": "unknown", "doNotPerform": True}, "doNotPerform"),
        ("ServiceRequest", {"subject": {"reference": "Patient/patient-2"}}, "subject"),
        ("NutritionOrder", {"patient": {"reference": "Patient/patient-2"}}, "patient"),
    ],
)
def test_an_order_that_is_not_valid_refuses_the_request(type_: str, changes: Json, element: str) -> None:
    assert faults(ordering(type_, **changes)) == [f"{PLACE}.{element}"]


@pytest.mark.parametrize("status", ["draft", "active", "on-hold", "completed"])
@pytest.mark.parametrize("type_", [*REQUESTS, "MedicationRequest"])
def test_an_order_that_is_not_withdrawn_supports_the_item(type_: str, status: str) -> None:
    read = submitted(ordering(type_, status=status, occurrenceDateTime="2026-12-24"))
    assert read.request.items[0].serviced is not None
    assert warned(read) == []


@pytest.mark.parametrize(
    ("type_", "changes", "element"),
    [
        ("ServiceRequest", {"status": "unknown"}, "status"),
        ("DeviceRequest", {"status": "unknown"}, "status"),
        ("MedicationRequest", {"status": None}, "status"),
        ("ServiceRequest", {"subject": None}, "subject"),
        ("ServiceRequest", {"subject": {"reference": "Patient/elsewhere"}}, "subject"),
        ("ServiceRequest", {"subject": {"display": "Alex Sample"}}, "subject"),
    ],
)
def test_an_order_that_leaves_its_validity_open_does_not_count(type_: str, changes: Json, element: str) -> None:
    read = submitted(ordering(type_, occurrenceDateTime="2026-12-24", **changes))
    assert read.request.items[0].serviced is None
    assert warned(read) == [f"{PLACE}.{element}"]


def test_the_status_of_a_device_request_is_optional() -> None:
    assert warned(submitted(ordering("DeviceRequest", status=None))) == []


def test_an_organization_that_is_not_active_refuses_the_request() -> None:
    bundle = request_bundle()
    bundle["entry"][1]["resource"]["active"] = False
    assert set(faults(bundle)) == {"Bundle.entry[1].resource.active"}


@pytest.mark.parametrize("number", [5, 6])
def test_a_practitioner_out_of_use_is_a_warning(number: int) -> None:
    bundle = request_bundle()
    bundle["entry"][number]["resource"]["active"] = False
    read = submitted(bundle)
    assert set(warned(read)) == {f"Bundle.entry[{number}].resource.active"}
    assert read.request.items[0].providers


@pytest.mark.parametrize("status", ["revoked", "unknown", "active"])
def test_the_order_of_a_cancelled_item_has_no_effect(status: str) -> None:
    bundle = ordering("ServiceRequest", status=status, occurrenceDateTime="2026-12-24")
    (item,) = bundle["entry"][0]["resource"]["item"]
    item["modifierExtension"] = [extension("modifierextension-infoCancelled", valueBoolean=True)]
    read = submitted(bundle)
    assert (read.request.items[0].cancelled, read.request.items[0].order, warned(read)) == (True, None, [])
