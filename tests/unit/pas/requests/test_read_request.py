"""What is read out of a request Bundle."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.covered import CoverageTerms
from app.domain.datatypes import Coding, Identifier
from app.domain.request import AuthorizationRequest
from app.pas.requests.read_request import SubmittedRequest, claim_use
from tests.support.answers import submitted
from tests.support.samples import (
    CLIENT,
    RENDERING,
    REQUESTOR,
    billing_claim,
    concept,
    entry,
    extension,
    request_bundle,
    request_item,
    x12,
)
from tests.support.unchecked import unchecked

TEMP = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"
LOINC = "http://loinc.org"


def request(**changes: Any) -> AuthorizationRequest:
    return submitted(request_bundle(**changes)).request


def test_a_request_has_its_requestor_its_member_and_its_insurer() -> None:
    asked = request(plan="BASIC")
    assert asked.identifier == Identifier("urn:trnorg:9012345678", "REQ-0001")
    assert (asked.member.member_id, asked.member.families, asked.member.given) == ("M001", ("Sample",), "Alex")
    assert (asked.member.birth_date, asked.member.gender) == (date(1984, 5, 17), "female")
    assert asked.member.coverage == CoverageTerms(plans=("BASIC",))
    assert (asked.insurer.npi, asked.insurer.name) == ("1234567893", "Sample Payer")
    assert (asked.requestor.npi, asked.requestor.name) == (REQUESTOR, "Riverside Therapy")
    assert (asked.claim_type.code, asked.created, asked.urgency) == ("professional", date(2026, 11, 20), "normal")
    assert asked.diagnoses == (Coding("http://hl7.org/fhir/sid/icd-10-cm", "M54.50"),)
    assert (asked.prior, asked.documents, asked.has_documents) == (None, (), False)


def test_the_client_s_references_are_the_full_urls_of_its_entries() -> None:
    face = submitted(request_bundle()).face
    assert face.patient == {"reference": f"{CLIENT}/Patient/patient-1"}
    assert face.insurer == {"reference": f"{CLIENT}/Organization/payer-1"}
    assert face.requestor == {"reference": f"{CLIENT}/Organization/clinic-1"}
    assert face.request == {"reference": f"{CLIENT}/Claim/claim-1"}
    assert face.coverage == {"reference": f"{CLIENT}/Coverage/coverage-1"}
    assert face.providers == {RENDERING: {"reference": f"{CLIENT}/Practitioner/practitioner-1"}}


def test_the_claim_is_kept_unchanged() -> None:
    bundle = request_bundle()
    read = submitted(bundle)
    assert read.claim.resource is bundle["entry"][0]["resource"]
    assert read.claim.full_url == f"{CLIENT}/Claim/claim-1"
    assert read.warnings == ()


def test_the_level_of_service_comes_before_the_priority() -> None:
    level = extension("extension-levelOfServiceCode", valueCodeableConcept=x12("1338", "U"))
    assert request(claim={"extension": [level]}).urgency == "U"


REPORT = {"url": "reportTypeCode", "valueCodeableConcept": x12("755", "PY")}
ATTACHED: dict[str, dict[str, Any]] = {
    "DocumentReference/d-1": {
        "status": "current",
        "type": concept(LOINC, "11506-3"),
        "content": [{"attachment": {"data": "QQ=="}}],
    },
    "QuestionnaireResponse/q-1": {
        "questionnaire": "https://payer.example.org/Questionnaire/mri|1.0",
        "status": "completed",
        "item": [{"linkId": "1", "item": [{"linkId": "1.1", "answer": [{"valueBoolean": True}]}]}],
    },
    "Observation/o-1": {"status": "final"},
}


def test_documents_are_known_by_report_type_document_type_and_questionnaire() -> None:
    def information(sequence: int, reference: str, *parts: dict[str, Any]) -> dict[str, Any]:
        return {
            "sequence": sequence,
            "extension": [extension("extension-documentInformation", extension=list(parts))],
            "category": concept(TEMP, "additionalInformation"),
            "valueReference": {"reference": reference},
        }

    message = {"sequence": 4, "category": concept(TEMP, "freeFormMessage"), "valueString": "hello"}
    report, *others = ATTACHED
    informed = [information(1, report, REPORT), *(information(2, name) for name in others), message]
    patient = {"subject": {"reference": "Patient/patient-1"}}
    documents = (
        entry(name, {"resourceType": name.partition("/")[0], **patient, **resource})
        for name, resource in ATTACHED.items()
    )
    asked = request(claim={"supportingInfo": informed}, entries=list(documents))
    assert asked.has_documents
    assert [one.code for one in asked.documents] == ["PY", "11506-3", "https://payer.example.org/Questionnaire/mri"]


def care_team(sequence: int, reference: dict[str, Any], *, overall: bool) -> dict[str, Any]:
    scope = extension("extension-careTeamClaimScope", valueBoolean=overall)
    return {"sequence": sequence, "extension": [scope], "provider": reference}


def test_a_dangling_optional_reference_is_ignored_with_a_warning() -> None:
    team = [
        care_team(1, {"reference": "Practitioner/gone"}, overall=True),
        care_team(2, {"reference": "Patient/patient-1"}, overall=True),
    ]
    read = submitted(request_bundle(claim={"careTeam": team}, items=[request_item(diagnosisSequence=[9])]))
    assert read.request.items[0].providers == ()
    assert read.request.items[0].diagnoses == ()
    assert {(issue.severity, issue.expression) for issue in read.warnings} == {
        ("warning", "Bundle.entry[0].resource.careTeam[0].provider"),
        ("warning", "Bundle.entry[0].resource.item[0].careTeamSequence[0]"),
        ("warning", "Bundle.entry[0].resource.item[0].diagnosisSequence[0]"),
    }


def test_a_role_without_a_practitioner_has_the_number_of_its_organization() -> None:
    role = {"resourceType": "PractitionerRole", "organization": {"reference": "Organization/clinic-1"}}
    bundle = request_bundle(entries=[entry("PractitionerRole/role-2", role)])
    bundle["entry"][0]["resource"]["careTeam"][0]["provider"] = {"reference": "PractitionerRole/role-2"}
    read = submitted(bundle)
    assert read.request.items[0].providers == (REQUESTOR,)
    assert read.face.providers == {REQUESTOR: {"reference": f"{CLIENT}/Organization/clinic-1"}}


def test_a_role_with_a_number_of_its_own_stands_for_itself() -> None:
    bundle = request_bundle()
    bundle["entry"][5]["resource"]["identifier"] = [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1444444446"}]
    assert submitted(bundle).face.providers == {"1444444446": {"reference": f"{CLIENT}/PractitionerRole/role-1"}}


def test_an_update_names_the_claim_before_it() -> None:
    before = {"claim": {"reference": "Claim/claim-0"}, "relationship": concept("urn:r", "prior")}
    prior = request(claim={"related": [before]}).prior
    assert prior is not None
    assert prior.url == f"{CLIENT}/Claim/claim-0"


@pytest.mark.parametrize(
    ("body", "use"),
    [
        (request_bundle(), "preauthorization"),
        (billing_claim(), "claim"),
        ({"resourceType": "Bundle"}, ""),
        ({"resourceType": "Bundle", "entry": "x"}, ""),
        ({"resourceType": "Bundle", "entry": [1]}, ""),
        ({"resourceType": "Bundle", "entry": [{"resource": 1}]}, ""),
        ({"resourceType": "Claim", "use": 1}, ""),
    ],
)
def test_the_use_distinguishes_requests_and_bills(body: dict[str, Any], use: str) -> None:
    assert claim_use(unchecked(body)) == use


def test_the_order_of_entries_does_not_change_the_request() -> None:
    bundle = request_bundle()
    turned = {**bundle, "entry": [bundle["entry"][0], *reversed(bundle["entry"][1:])]}
    first: SubmittedRequest = submitted(bundle)
    assert submitted(turned).request == first.request
