"""A rule that needs a document pends, and asks for it, unless the request brings a valid one about the patient."""

from __future__ import annotations

import pytest

from tests.api.reading import actions, answered, issues, notes
from tests.support.evidence import PATIENT, PLACE, SOMEBODY
from tests.support.samples import Json, concept, entry, extension, request_bundle, request_item, supporting_document
from tests.support.server import Server

INJECTION = [request_item(code="62323", quantity=1, period=("2026-12-01", "2027-01-29"))]
"""Approved where a progress note comes with it, and pended otherwise."""

NOTE = {
    "resourceType": "DocumentReference",
    "status": "current",
    "type": concept("http://loinc.org", "11506-3"),
    "category": [concept("http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category", "clinical-note")],
    "subject": PATIENT,
    "content": [{"attachment": {"contentType": "text/plain", "data": "QQ=="}}],
}
ORDER = {
    "resourceType": "ServiceRequest",
    "status": "active",
    "intent": "order",
    "code": concept("http://www.ama-assn.org/go/cpt", "97110"),
    "subject": PATIENT,
}


def documented(**changes: object) -> Json:
    note = {name: value for name, value in (NOTE | changes).items() if value is not None}
    return request_bundle(
        items=INJECTION,
        entries=[entry("DocumentReference/note-1", note), SOMEBODY],
        claim={"supportingInfo": [supporting_document("DocumentReference/note-1")]},
    )


def ordered(**changes: object) -> Json:
    asked = request_item()
    asked["extension"].append(
        extension("extension-requestedService", valueReference={"reference": "ServiceRequest/order-1"})
    )
    return request_bundle(items=[asked], entries=[entry("ServiceRequest/order-1", ORDER | changes), SOMEBODY])


async def test_a_valid_note_about_the_patient_certifies(server: Server) -> None:
    assert actions(answered(await server.post("/Claim/$submit", documented()))) == {1: "A1"}


async def test_a_document_that_is_attached_is_not_requested_again(server: Server) -> None:
    bundle = documented(type=concept("urn:oid:2.16.840.1.113883.6.1", "11506-3"))
    bundle["entry"][0]["resource"]["item"] = [request_item(code="72148", quantity=2)]
    response = answered(await server.post("/Claim/$submit", bundle))
    texts = notes(response, response["item"][0])
    assert actions(response) == {1: "A4"}
    assert "Received: Progress note (LOINC 11506-3). A reviewer reads them and decides." in texts
    assert "send" not in " ".join(texts).lower()


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"status": "entered-in-error"}, "status"),
        ({"status": "superseded"}, "status"),
        ({"docStatus": "entered-in-error"}, "docStatus"),
        ({"subject": {"reference": "Patient/patient-2"}}, "subject"),
        ({"content": [{"attachment": {"contentType": "text/plain", "title": "Progress note"}}]}, "content"),
    ],
)
async def test_the_answer_asks_again_for_a_note_that_does_not_count(
    server: Server, changes: Json, element: str
) -> None:
    response = answered(await server.post("/Claim/$submit", documented(**changes)))
    assert actions(response) == {1: "A4"}
    assert "11506-3" in " ".join(notes(response, response["item"][0]))
    assert any(note["text"].startswith(f"{PLACE}.{element}: ") for note in response["processNote"])


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"status": "entered-in-error"}, "status"),
        ({"status": "revoked"}, "status"),
        ({"doNotPerform": True}, "doNotPerform"),
        ({"subject": {"reference": "Patient/patient-2"}}, "subject"),
    ],
)
async def test_an_order_that_is_not_valid_refuses_the_request(server: Server, changes: Json, element: str) -> None:
    answer = await server.post("/Claim/$submit", ordered(**changes))
    assert answer.status_code == 422
    assert f"{PLACE}.{element}" in [place for issue in issues(answer) for place in issue["expression"]]


async def test_a_valid_order_supports_its_item(server: Server) -> None:
    assert actions(answered(await server.post("/Claim/$submit", ordered()))) == {1: "A1"}


@pytest.mark.parametrize(("status", "action"), [("completed", "A1"), ("in-progress", "A4"), ("entered-in-error", "A4")])
async def test_a_form_is_a_document_once_it_is_completed(server: Server, status: str, action: str) -> None:
    answers = [{"linkId": "1", "answer": [{"valueString": "six weeks of therapy"}]}]
    form = {"resourceType": "QuestionnaireResponse", "status": status, "subject": PATIENT, "item": answers}
    information = supporting_document("QuestionnaireResponse/form-1")
    report_type = information["extension"][0]["extension"][0]["valueCodeableConcept"]
    report_type["coding"].append({"system": "http://loinc.org", "code": "11506-3"})
    attached = request_bundle(
        items=INJECTION,
        entries=[entry("QuestionnaireResponse/form-1", form)],
        claim={"supportingInfo": [information]},
    )
    assert actions(answered(await server.post("/Claim/$submit", attached))) == {1: action}


async def test_an_organization_that_is_not_active_refuses_the_request(server: Server) -> None:
    bundle = request_bundle()
    bundle["entry"][1]["resource"]["active"] = False
    answer = await server.post("/Claim/$submit", bundle)
    assert answer.status_code == 422
    assert [issue["expression"] for issue in issues(answer)] == [["Bundle.entry[1].resource.active"]]


async def test_a_condition_that_is_not_valid_is_named_in_the_answer(lenient_server: Server) -> None:
    refuted = concept("http://terminology.hl7.org/CodeSystem/condition-ver-status", "refuted")
    condition = {
        "resourceType": "Condition",
        "verificationStatus": refuted,
        "code": concept("http://hl7.org/fhir/sid/icd-10-cm", "M51.26"),
        "subject": PATIENT,
    }
    diagnosis = {"sequence": 1, "diagnosisReference": {"reference": "Condition/c-1"}}
    bundle = request_bundle(claim={"diagnosis": [diagnosis]}, entries=[entry("Condition/c-1", condition)])
    response = answered(await lenient_server.post("/Claim/$submit", bundle))
    assert any(note["text"].startswith(f"{PLACE}.verificationStatus: ") for note in response["processNote"])
