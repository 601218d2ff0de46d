from __future__ import annotations

from typing import Any

import pytest

from app.codes import PAS
from app.conformance.strictness import Level
from app.fhir.outcome import Fault, FhirError, operation_outcome
from tests.conformance.bases import observation, request
from tests.conformance.engine import validator
from tests.support.samples import CLIENT, patient

REQUEST = PAS + "profile-pas-request-bundle"


def severities(body: dict[str, Any], level: Level) -> set[str]:
    return {issue.severity for issue in validator("2.2.1").validate(body, level=level)}


def test_an_issue_names_the_place_the_profile_and_the_rule() -> None:
    body = request()
    del body["entry"][0]["resource"]["item"][0]["category"]
    (issue,) = validator("2.2.1").validate(body, REQUEST)
    assert issue.text == "`category` is required."
    assert issue.expression == "Bundle.entry[0].resource.item[0].category"
    assert (issue.code, issue.severity) == ("required", "error")
    assert issue.diagnostics == f"{PAS}profile-claim min"
    rendered = operation_outcome(FhirError(Fault.UNPROCESSABLE, issue))["issue"][0]
    assert rendered["diagnostics"] == issue.diagnostics


@pytest.mark.parametrize("level", Level)
def test_unknown_implicit_rules_are_an_error_at_every_level(level: Level) -> None:
    body = request()
    body["entry"][1]["resource"]["implicitRules"] = "https://ehr.example.org/rules"
    errors = [issue for issue in validator("2.2.1").validate(body, level=level) if issue.severity == "error"]
    assert [issue.expression for issue in errors] == ["Bundle.entry[1].resource.implicitRules"]
    assert errors[0].code == "not-supported"


def test_errors_come_before_warnings() -> None:
    body = request()
    body["entry"][0]["resource"]["supportingInfo"][1]["valueReference"]["reference"] = "DocumentReference/x"
    del body["timestamp"]
    issues = validator("2.2.1").validate(body)
    assert [issue.severity for issue in issues] == ["error", "warning", "warning"]


def test_the_level_decides_the_severity_of_an_unresolved_reference() -> None:
    body = request()
    body["entry"][5]["resource"]["practitioner"]["reference"] = "Practitioner/x"
    assert severities(body, Level.STRICT) == {"error"}
    assert severities(body, Level.STANDARD) == {"warning"}
    assert severities(body, Level.LENIENT) == set()


def test_the_level_decides_the_severity_of_a_profile_fault_but_not_of_an_r4_fault() -> None:
    body = request()
    del body["entry"][0]["resource"]["item"][0]["category"]
    assert severities(body, Level.STANDARD) == {"error"}
    assert severities(body, Level.LENIENT) == {"warning"}
    del body["entry"][0]["resource"]["status"]
    assert severities(body, Level.LENIENT) == {"error", "warning"}


def test_an_unknown_profile_raises() -> None:
    with pytest.raises(LookupError, match="us-core-patient is unknown"):
        validator("2.2.1").validate({"resourceType": "Patient"}, "http://hl7.org/fhir/us/core/us-core-patient|7")


def test_a_profile_can_be_named_with_or_without_its_version() -> None:
    for profile in (REQUEST, f"{REQUEST}|2.2.1"):
        assert validator("2.2.1").validate(request(), profile) == ()


def test_a_resource_must_have_the_type_of_the_profile() -> None:
    (issue, *_) = validator("2.2.1").validate(observation(), REQUEST)
    assert (issue.expression, issue.code) == ("Observation", "structure")
    assert issue.text == "The resource must be of type Bundle."


def test_a_resource_must_not_declare_a_profile_of_another_type() -> None:
    body = observation() | {"meta": {"profile": [PAS + "profile-claim", PAS + "profile-task|2.2.1"]}}
    issues = validator("2.2.1").validate(body)
    assert {issue.expression for issue in issues} == {"Observation.meta.profile"}


@pytest.mark.parametrize("meta", [7, {"profile": 7}, {"profile": [7, None, {}]}, {"profile": {}}])
def test_a_malformed_declaration_of_profiles_is_an_issue(meta: object) -> None:
    issues = validator("2.2.1").validate(observation() | {"meta": meta})
    assert all((issue.expression or "").startswith("Observation.meta") for issue in issues)
    assert issues


def test_a_resource_type_without_a_model_is_not_checked() -> None:
    (issue,) = validator("2.2.1").validate({"resourceType": "Evidence", "anything": 1})
    assert (issue.severity, issue.code) == ("warning", "not-supported")


def test_each_of_many_declared_profiles_is_checked() -> None:
    body = request()
    patient = body["entry"][4]["resource"]
    patient["meta"]["profile"] = [
        PAS + "profile-beneficiary",
        PAS + "profile-subscriber",
        PAS + "profile-beneficiary|2.2.1",
    ]
    assert validator("2.2.1").validate(body) == ()
    del patient["gender"]
    assert {issue.expression for issue in validator("2.2.1").validate(body)} == {"Bundle.entry[4].resource.gender"}


def test_an_edition_has_rules_of_its_own() -> None:
    body = request()
    claim = body["entry"][0]["resource"]
    claim["type"]["coding"][0]["code"] = "vision"
    assert [issue.expression for issue in validator("2.2.1").validate(body)] == ["Bundle.entry[0].resource.type"]
    assert "Bundle.entry[0].resource.type" not in [issue.expression for issue in validator("2.0.1").validate(body)]


@pytest.mark.parametrize(("edition", "accepted"), [("2.0.1", True), ("2.2.1", False)])
def test_only_2_0_1_answers_an_inquiry_that_finds_nothing_without_a_claim_response(
    edition: str, *, accepted: bool
) -> None:
    body = {
        "resourceType": "Bundle",
        "meta": {"profile": [PAS + "profile-pas-inquiry-response-bundle"]},
        "type": "collection",
        "timestamp": "2026-11-20T15:00:00Z",
        "entry": [{"fullUrl": f"{CLIENT}/Patient/patient-1", "resource": {**patient(), "id": "patient-1"}}],
    }
    assert (validator(edition).validate(body, level=Level.STRICT) == ()) is accepted
    assert validator(edition).is_valid_fast(body) is accepted
