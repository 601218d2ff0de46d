from decimal import Decimal
from typing import Any

import pytest

from app.conformance.master_data import MAINTAINED, check
from app.fhir.outcome import Fault, FhirError
from app.fhir.systems import NPI

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "meta": {"versionId": "1", "lastUpdated": "2026-03-01T10:00:00.000Z"},
    "identifier": [{"system": "http://example.org/members", "value": "M1"}],
    "name": [
        {
            "family": "Example",
            "given": ["Ann", None],
            "_given": [None, {"extension": [{"url": "http://example.org/x", "valueCode": "masked"}]}],
        }
    ],
    "gender": "female",
    "birthDate": "1980-05",
    "multipleBirthInteger": 2,
    "photo": [{"contentType": "image/png", "data": "aGk="}],
    "extension": [{"url": "http://example.org/y", "valueDecimal": Decimal("1.50")}],
}
COVERAGE: dict[str, Any] = {
    "resourceType": "Coverage",
    "status": "active",
    "beneficiary": {"reference": "Patient/p1"},
    "payor": [{"identifier": {"system": NPI, "value": "1234567893"}}],
    "order": 1,
}
ORGANIZATION: dict[str, Any] = {
    "resourceType": "Organization",
    "active": True,
    "name": "Example Clinic",
    "identifier": [{"system": NPI, "value": "1234567893"}],
}
PRACTITIONER: dict[str, Any] = {"resourceType": "Practitioner", "name": [{"family": "Example"}]}


def refusals(resource: dict[str, Any]) -> dict[str | None, str]:
    with pytest.raises(FhirError) as refused:
        check(resource)
    assert refused.value.fault is Fault.UNPROCESSABLE
    places = [issue.expression for issue in refused.value.issues]
    assert len(places) == len(set(places))
    return {issue.expression: issue.text for issue in refused.value.issues}


CONTAINED = "A contained resource is accepted if its resourceType is a type of R4."


@pytest.mark.parametrize("type_", [5, True, ["Patient"], {"value": "Patient"}, "Patients", "os", "../Patient"])
@pytest.mark.parametrize("depth", [1, 3])
def test_a_contained_resource_of_no_type_is_refused(type_: Any, depth: int) -> None:
    inner = [{"resourceType": type_, "id": "a"}]
    for _ in range(depth - 1):
        inner = [{"resourceType": "Organization", "name": "B", "contained": inner}]
    assert refusals(PATIENT | {"contained": inner}) == {"Patient.contained": CONTAINED}


@pytest.mark.parametrize("type_", [[], {}, None])
def test_a_contained_resource_of_an_empty_type_is_refused(type_: Any) -> None:
    assert "Patient.contained" in refusals(PATIENT | {"contained": [{"resourceType": type_}]})


@pytest.mark.parametrize("resource", [PATIENT, COVERAGE, ORGANIZATION, PRACTITIONER], ids=MAINTAINED)
def test_a_resource_in_order_is_accepted(resource: dict[str, Any]) -> None:
    check(resource)


@pytest.mark.parametrize(
    ("changes", "place", "text"),
    [
        ({"gender": "banana"}, "Patient.gender", "male, female, other, unknown"),
        ({"name": [{"use": "banana"}]}, "Patient.name[0].use", "official"),
        ({"birthDate": "1980-13"}, "Patient.birthDate", "form"),
        ({"birthDate": 1980}, "Patient.birthDate", "form"),
        ({"active": "yes"}, "Patient.active", "form"),
        ({"active": 1}, "Patient.active", "form"),
        ({"multipleBirthInteger": "2"}, "Patient.multipleBirthInteger", "form"),
        ({"multipleBirthBoolean": True}, "Patient", "choice"),
        ({"favouriteColour": "red"}, "Patient.favouriteColour", "no element of this name"),
        ({"name": {"family": "Example"}}, "Patient.name", "form"),
        ({"name": [{"given": ["Ann", None]}]}, "Patient.name[0].given[1]", "null"),
        ({"name": [{"given": ["Ann", None], "_given": [None]}]}, "Patient.name[0].given[1]", "null"),
        ({"telecom": []}, "Patient.telecom", "empty"),
        ({"contact": [{}]}, "Patient.contact[0]", "empty"),
        ({"language": ""}, "Patient.language", "empty"),
        ({"photo": [{"data": "@@@@"}]}, "Patient.photo[0].data", "base64"),
        ({"photo": [{"data": "é"}]}, "Patient.photo[0].data", "base64"),
        ({"identifier": [{"system": NPI, "value": "1234567890"}]}, "Patient.identifier[0].value", "check digit"),
        ({"contained": [{"resourceType": "Nope"}]}, "Patient.contained", "contained"),
        ({"contained": [{"resourceType": "Patient", "gender": 3}]}, "Patient.contained[0].gender", "form"),
        ({"contained": [{"resourceType": "Patient", "gender": "x"}]}, "Patient.contained[0].gender", "codes"),
        ({"meta": []}, "Patient.meta", "empty"),
        ({"id": "a b"}, "Patient.id", "form"),
    ],
)
def test_what_is_not_r4_is_refused_with_its_place(changes: dict[str, Any], place: str, text: str) -> None:
    found = refusals(PATIENT | changes)
    assert set(found) == {place}
    assert text in found[place]


def test_required_elements_are_missed() -> None:
    assert set(refusals({"resourceType": "Coverage"})) == {
        "Coverage.status",
        "Coverage.beneficiary",
        "Coverage.payor",
    }


def test_the_extension_of_a_required_element_stands_for_it() -> None:
    absent = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
    }
    check({name: value for name, value in COVERAGE.items() if name != "status"} | {"_status": absent})


def test_the_check_digit_counts_in_a_logical_reference_too() -> None:
    payor = [{"identifier": {"system": NPI, "value": "123"}}]
    assert set(refusals(COVERAGE | {"payor": payor})) == {"Coverage.payor[0].identifier.value"}


def test_everything_wrong_is_told_at_once_and_no_value_is_repeated() -> None:
    found = refusals(
        {
            "resourceType": "Patient",
            "name": [{"family": 4711}, "Smith"],
            "gender": "Smith",
            "birthDate": "Smith",
            "telecom": [],
            "photo": [{"data": "Smith!"}],
        }
    )
    assert set(found) == {
        "Patient.name[0].family",
        "Patient.name[1]",
        "Patient.gender",
        "Patient.birthDate",
        "Patient.telecom",
        "Patient.photo[0].data",
    }
    assert not any("Smith" in text or "4711" in text for text in found.values())


@pytest.mark.parametrize("type_", ["Claim", None, 3, ["Patient"]])
def test_another_type_is_refused(type_: Any) -> None:
    assert "Patient, Coverage" in refusals({"resourceType": type_})[None]
