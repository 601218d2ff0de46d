"""A pended request asks for its missing documents: in the answer, in an inquiry, in a notification and when read."""

from __future__ import annotations

import pytest

from app.pas.edition import EDITIONS, base_path
from tests.api.asking.asked import control_numbers, entries, needed, of_type, payer_url
from tests.api.reading import administration_number, answered
from tests.api.reviewing import decide, ruling
from tests.api.updating import MRI, THERAPY
from tests.support.samples import concept, entry, inquiry_bundle, request_bundle, request_item, supporting_document
from tests.support.server import ROOT, Server

INJECTION = request_item(3, code="62323", quantity=1)
NOTE = {
    "resourceType": "DocumentReference",
    "status": "current",
    "type": concept("http://loinc.org", "11506-3"),
    "category": [concept("http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category", "clinical-note")],
    "subject": {"reference": "Patient/patient-1"},
    "content": [{"attachment": {"contentType": "text/plain", "data": "QQ=="}}],
}


@pytest.mark.requirement("pas-2.2.1/ainfo-2")
async def test_a_pend_asks_for_each_missing_document_of_each_line(server: Server) -> None:
    response = await server.post("/Claim/$submit", request_bundle(items=[THERAPY, MRI, INJECTION]))
    claim_response, *others = entries(response)
    asked = of_type(response, "CommunicationRequest")
    lines = [one["extension"][0]["valuePositiveInt"] for one in asked]
    assert lines == [MRI["sequence"], 3]
    assert [one["payload"][0]["contentString"] for one in asked] == ["11506-3", "11506-3"]
    assert [one["note"][0]["text"] for one in asked] == ["Please send: Progress note."] * 2
    case = administration_number(claim_response)
    assert control_numbers(response) == [f"{case}-{MRI['sequence']}-11506-3", f"{case}-3-11506-3"]
    urls = {one["fullUrl"]: one["resource"] for one in response.json()["entry"]}
    named = [urls[one["reference"]] for one in claim_response["communicationRequest"]]
    assert named == asked
    for one in asked:
        assert (one["status"], one["medium"][0]["coding"][0]["code"]) == ("active", "CDEX")
        assert (one["requester"], one["sender"]) == (claim_response["insurer"], claim_response["requestor"])
        assert one["recipient"] == [one["sender"]]
    assert others.index(asked[0]) == 0


async def test_one_task_has_all_documents_and_the_url_that_takes_them(server: Server) -> None:
    response = await server.post("/Claim/$submit", request_bundle(items=[MRI, INJECTION]))
    [task] = of_type(response, "Task")
    claim_response = entries(response)[0]
    assert (task["status"], task["intent"]) == ("requested", "order")
    assert needed(task) == [("11506-3", MRI["sequence"]), ("11506-3", 3)]
    assert payer_url(task) == f"{ROOT}/fhir/$submit-attachment"
    assert task["for"] == claim_response["patient"]
    assert [one["value"] for one in task["identifier"]] == ["REQ-0001", administration_number(claim_response)]
    assert task["requester"]["identifier"]["value"] == "1234567893"
    assert task["owner"]["identifier"]["value"] == "1987654328"
    assert task["reasonReference"]["identifier"]["value"] == "REQ-0001"
    assert task["restriction"]["period"]["end"] == "2026-01-08T15:00:00.000Z"
    assert task["statusReason"]["text"]


@pytest.mark.parametrize("edition", EDITIONS)
async def test_each_edition_has_its_own_places_for_the_line(server: Server, edition: str) -> None:
    base = base_path(edition)
    response = await server.post("/Claim/$submit", request_bundle(items=[MRI]), base=base)
    [asked], [task] = of_type(response, "CommunicationRequest"), of_type(response, "Task")
    where = asked if edition == "2.2.1" else asked["payload"][0]
    lines = [
        one["valuePositiveInt"] for one in where["extension"] if one["url"].endswith("extension-serviceLineNumber")
    ]
    assert lines == [MRI["sequence"]]
    assert needed(task) == [("11506-3", MRI["sequence"])]
    assert payer_url(task) == f"{ROOT}{base}/$submit-attachment"


async def test_an_inquiry_and_the_stored_answer_ask_for_the_same(server: Server) -> None:
    response = await server.post("/Claim/$submit", request_bundle(items=[MRI]))
    inquired = await server.post("/Claim/$inquire", inquiry_bundle())
    assert control_numbers(inquired) == control_numbers(response)
    assert needed(of_type(inquired, "Task")[0]) == needed(of_type(response, "Task")[0])
    stored = (await server.get(f"/ClaimResponse/{answered(response)['id']}")).json()
    [contained] = stored["contained"]
    assert stored["communicationRequest"] == [{"reference": f"#{contained['id']}"}]
    assert [contained["identifier"][0]["value"]] == control_numbers(response)
    assert contained["requester"] == {"reference": "Organization/sample-payer"}


async def test_a_document_that_came_is_not_requested(server: Server) -> None:
    attached = request_bundle(
        items=[MRI],
        entries=[entry("DocumentReference/note-1", NOTE)],
        claim={"supportingInfo": [supporting_document("DocumentReference/note-1")]},
    )
    response = await server.post("/Claim/$submit", attached)
    assert of_type(response, "CommunicationRequest") == of_type(response, "Task") == []
    assert "communicationRequest" not in answered(response)


async def test_a_decided_item_asks_for_nothing(server: Server) -> None:
    response = await server.post("/Claim/$submit", request_bundle(items=[MRI, INJECTION]))
    ruled = await decide(server, answered(response)["id"], ruling(MRI["sequence"]))
    assert ruled.status_code == 200, ruled.text
    inquired = await server.post("/Claim/$inquire", inquiry_bundle())
    assert control_numbers(inquired) == control_numbers(response)[1:]
    assert needed(of_type(inquired, "Task")[0]) == [("11506-3", 3)]
    await decide(server, answered(response)["id"], ruling(3))
    assert control_numbers(await server.post("/Claim/$inquire", inquiry_bundle())) == []
    stored = (await server.get(f"/ClaimResponse/{answered(response)['id']}")).json()
    assert "contained" not in stored
    assert "communicationRequest" not in stored


async def test_an_approved_request_asks_for_nothing(server: Server) -> None:
    response = await server.post("/Claim/$submit", request_bundle(items=[THERAPY]))
    assert of_type(response, "CommunicationRequest") == of_type(response, "Task") == []
