"""A document counts if it is valid, about the patient, and has content."""

from __future__ import annotations

import pytest

from app.pas.requests.read_request import SubmittedRequest
from tests.support.answers import submitted
from tests.support.evidence import PATIENT, PLACE, attaching
from tests.support.samples import CLIENT, Json, concept, request_bundle, supporting_document

FINAL = ("completed", "amended")


def warned(read: SubmittedRequest) -> list[str | None]:
    return [issue.expression for issue in read.warnings if issue.severity == "warning"]


STUB = {"content": [{"attachment": {"contentType": "application/pdf", "title": "Progress note"}}]}


@pytest.mark.parametrize(
    ("type_", "changes", "element"),
    [
        ("DocumentReference", {"status": "entered-in-error"}, "status"),
        ("DocumentReference", {"status": "superseded"}, "status"),
        ("DocumentReference", {"status": None}, "status"),
        ("DocumentReference", {"docStatus": "entered-in-error"}, "docStatus"),
        ("DocumentReference", {"subject": {"reference": "Patient/patient-2"}}, "subject"),
        ("DocumentReference", {"subject": {"reference": "Patient/elsewhere"}}, "subject"),
        ("DocumentReference", {"subject": None}, "subject"),
        ("DocumentReference", STUB, "content"),
        ("DocumentReference", {"content": [{"attachment": {"data": " "}}]}, "content"),
        ("QuestionnaireResponse", {"status": "in-progress"}, "status"),
        ("QuestionnaireResponse", {"status": "entered-in-error"}, "status"),
        ("QuestionnaireResponse", {"status": "stopped"}, "status"),
        ("QuestionnaireResponse", {"subject": None, "source": {"reference": "Patient/patient-2"}}, "source"),
        ("QuestionnaireResponse", {"item": [{"linkId": "1", "item": [{"linkId": "1.1"}]}]}, "item"),
        ("Observation", {"status": "entered-in-error"}, "status"),
        ("Observation", {"status": "cancelled"}, "status"),
        ("DiagnosticReport", {"status": "registered"}, "status"),
        ("Procedure", {"status": "not-done"}, "status"),
        ("Immunization", {"status": "completed", "isSubpotent": True}, "isSubpotent"),
        ("Immunization", {"status": "completed", "patient": {"reference": "Patient/patient-2"}}, "patient"),
        ("AllergyIntolerance", {"verificationStatus": concept("urn:any", "refuted")}, "verificationStatus"),
        ("Condition", {"verificationStatus": concept("urn:any", "refuted")}, "verificationStatus"),
        ("ServiceRequest", {"status": "revoked"}, "status"),
    ],
)
def test_a_document_that_is_not_valid_or_has_no_content_does_not_count(type_: str, changes: Json, element: str) -> None:
    read = submitted(attaching(type_, **changes))
    assert (read.request.has_documents, read.request.documents) == (False, ())
    assert warned(read) == [f"{PLACE}.{element}"]


@pytest.mark.parametrize(
    ("type_", "changes"),
    [
        ("DocumentReference", {"docStatus": "preliminary"}),
        ("DocumentReference", {"content": [{"attachment": {"url": "https://ehr.example.org/Binary/1"}}]}),
        *(("QuestionnaireResponse", {"status": status}) for status in FINAL),
        ("QuestionnaireResponse", {"subject": None, "source": PATIENT}),
        ("Observation", {}),
        ("Procedure", {"status": "completed"}),
        ("AllergyIntolerance", {"type": "allergy"}),
        ("Immunization", {"status": "completed"}),
    ],
)
def test_a_valid_document_counts(type_: str, changes: Json) -> None:
    read = submitted(attaching(type_, **changes))
    assert read.request.has_documents
    assert warned(read) == []


def test_only_documents_have_a_document_type() -> None:
    assert [coding.code for coding in submitted(attaching()).request.documents] == ["B3", "11506-3"]
    assert submitted(attaching("Observation")).request.documents == ()


@pytest.mark.parametrize(
    "value",
    [
        {"valueReference": {"reference": "DocumentReference/elsewhere"}},
        {"valueReference": {"identifier": {"value": "sent by fax"}}},
        {"valueReference": {"reference": "Organization/clinic-1"}},
        {"valueString": "see fax"},
    ],
)
def test_information_that_is_not_in_the_bundle_does_not_count_as_a_document(value: Json) -> None:
    information = supporting_document("")
    del information["valueReference"]
    read = submitted(request_bundle(claim={"supportingInfo": [information | value]}))
    assert (read.request.has_documents, read.request.documents) == (False, ())
    assert warned(read) == ["Bundle.entry[0].resource.supportingInfo[0].value"]


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": f"{CLIENT}/Patient/patient-1"},
        {"reference": f"{CLIENT}/Patient/patient-1/_history/2"},
        {"identifier": {"system": "https://sample-payer.example.org/members", "value": "M001"}},
    ],
)
def test_a_subject_is_the_patient_by_reference_or_by_identifier(subject: Json) -> None:
    assert submitted(attaching(subject=subject)).request.has_documents
