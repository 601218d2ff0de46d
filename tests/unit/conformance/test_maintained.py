from decimal import Decimal
from typing import Any

import pytest

from app.codes import NPI, pas
from app.conformance import maintained
from app.conformance.maintained import MAINTAINED
from app.fhir.outcome import Fault, FhirError
from tests.conformance.engine import validator

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


def _containing(**inner: Any) -> dict[str, Any]:
    """Return the changes for a Patient that contains another one."""
    contained = [{"resourceType": "Patient", "id": "a", **inner}]
    return {"contained": contained, "link": [{"other": {"reference": "#a"}, "type": "seealso"}]}


def check(resource: dict[str, Any]) -> None:
    maintained.check(resource, validator("2.2.1"))


def refusals(resource: dict[str, Any]) -> dict[str | None, str]:
    """Return the texts of the issues by place, joined."""
    with pytest.raises(FhirError) as refused:
        check(resource)
    assert refused.value.fault is Fault.UNPROCESSABLE
    assert len(refused.value.issues) == len(set(refused.value.issues))
    found: dict[str | None, str] = {}
    for issue in refused.value.issues:
        found[issue.expression] = f"{found.get(issue.expression, '')} {issue.text}"
    return found


@pytest.mark.parametrize(
    "type_", [5, True, ["Patient"], {"value": "Patient"}, "Patients", "os", "../Patient", [], {}, None]
)
@pytest.mark.parametrize("depth", [1, 3])
def test_a_contained_resource_without_a_valid_type_is_rejected(type_: Any, depth: int) -> None:
    inner = [{"resourceType": type_, "id": "a"}]
    for _ in range(depth - 1):
        inner = [{"resourceType": "Organization", "name": "B", "contained": inner}]
    assert "Patient" + ".contained[0]" * depth + ".resourceType" in refusals(PATIENT | {"contained": inner})


@pytest.mark.parametrize("resource", [PATIENT, COVERAGE, ORGANIZATION, PRACTITIONER], ids=MAINTAINED)
def test_a_valid_resource_has_no_issue(resource: dict[str, Any]) -> None:
    check(resource)


@pytest.mark.parametrize(
    ("changes", "place", "text"),
    [
        ({"gender": "banana"}, "Patient.gender", "female, male, other or unknown"),
        ({"name": [{"use": "banana"}]}, "Patient.name[0].use", "official"),
        ({"birthDate": "1980-13"}, "Patient.birthDate", "YYYY-MM-DD"),
        ({"birthDate": 1980}, "Patient.birthDate", "YYYY-MM-DD"),
        ({"active": "yes"}, "Patient.active", "true or false"),
        ({"active": 1}, "Patient.active", "true or false"),
        ({"multipleBirthInteger": "2"}, "Patient.multipleBirth", "whole number"),
        ({"multipleBirthBoolean": True}, "Patient.multipleBirth", "only one of its types"),
        ({"favoriteColor": "red"}, "Patient.favoriteColor", "no element of this name"),
        ({"name": {"family": "Example"}}, "Patient.name", "array"),
        ({"name": [{"given": ["Ann", None]}]}, "Patient.name[0].given[1]", "null"),
        ({"name": [{"given": ["Ann", None], "_given": [None]}]}, "Patient.name[0].given[1]", "null"),
        ({"telecom": []}, "Patient.telecom", "at least one value"),
        ({"contact": [{}]}, "Patient.contact[0]", "empty object"),
        ({"language": ""}, "Patient.language", "must be a code"),
        ({"photo": [{"contentType": "image/png", "data": "@@@@"}]}, "Patient.photo[0].data", "base64"),
        ({"photo": [{"contentType": "image/png", "data": "é"}]}, "Patient.photo[0].data", "base64"),
        ({"identifier": [{"system": NPI, "value": "1234567890"}]}, "Patient.identifier[0].value", "check digit"),
        (_containing(gender=3), "Patient.contained[0].gender", "code"),
        (_containing(gender="x"), "Patient.contained[0].gender", "female, male"),
        ({"meta": []}, "Patient.meta", "not be an array"),
        ({"id": "a b"}, "Patient.id", "letters, digits"),
    ],
)
def test_an_error_of_r4_is_reported_with_its_place(changes: dict[str, Any], place: str, text: str) -> None:
    found = refusals(PATIENT | changes)
    assert set(found) == {place}
    assert text in found[place]


def test_missing_required_elements_are_reported() -> None:
    assert set(refusals({"resourceType": "Coverage"})) == {
        "Coverage.status",
        "Coverage.beneficiary",
        "Coverage.payor",
    }


def test_an_extension_can_replace_a_required_value() -> None:
    absent = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
    }
    check({name: value for name, value in COVERAGE.items() if name != "status"} | {"_status": absent})


def test_the_npi_of_a_logical_reference_is_checked_too() -> None:
    payor = [{"identifier": {"system": NPI, "value": "123"}}]
    assert set(refusals(COVERAGE | {"payor": payor})) == {"Coverage.payor[0].identifier.value"}


def test_all_errors_are_reported_at_once_and_no_value_is_repeated() -> None:
    found = refusals(
        {
            "resourceType": "Patient",
            "name": [{"family": 4711}, "Smith"],
            "gender": "Smith",
            "birthDate": "Smith",
            "telecom": [],
            "photo": [{"contentType": "image/png", "data": "Smith!"}],
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


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"identifier": [{"value": "M1"}]}, "Patient.identifier[0].system"), ({"name": []}, "Patient.name")],
)
def test_declared_profiles_are_checked(changes: dict[str, Any], place: str) -> None:
    declared = {"meta": {"profile": [pas("profile-beneficiary")]}}
    check(PATIENT | {"birthDate": "1980-05-17"} | declared)
    assert place in refusals(PATIENT | {"birthDate": "1980-05-17"} | declared | changes)


def test_an_unknown_profile_is_not_checked() -> None:
    check(PATIENT | {"meta": {"profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"]}})
