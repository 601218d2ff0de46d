"""A document that answers a request for it moves the item back to review, and stops no clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.asking.asked import control_numbers, of_type
from tests.api.asking.attaching import NPI, attach, attachment, note, parameters, receipt
from tests.api.reading import Json, actions, answered, issues, notes
from tests.api.refusing import everything
from tests.api.reviewing import decide, ruling
from tests.api.trail import events
from tests.api.updating import MRI
from tests.api.worklist.worklist import inputs, task
from tests.support.samples import inquiry_bundle, request_bundle, request_item
from tests.support.server import Server, serving

INJECTION = request_item(3, code="62323", quantity=1)


async def asked(server: Server, *items: Json, client: str = "ehr-a") -> tuple[str, list[str]]:
    """Submit a request that is pended; return the id of its answer, and the control numbers."""
    response = await server.post("/Claim/$submit", request_bundle(items=list(items or [MRI])), client)
    return answered(response)["id"], control_numbers(response)


async def read(server: Server, id_: str) -> Json:
    found: Json = (await server.get(f"/ClaimResponse/{id_}", "reviewer")).json()
    return found


async def test_a_document_that_came_is_no_longer_requested_and_a_reviewer_decides(server: Server) -> None:
    id_, [number] = await asked(server)
    due = (await task(server, id_))["restriction"]
    server.clock.move(hours=1)
    text = receipt(await attach(server, parameters(number, note())))
    assert text == "The documents were added. The request has all documents and is with a reviewer."
    stored = await read(server, id_)
    assert "communicationRequest" not in stored
    assert actions(stored) == {MRI["sequence"]: "A4"}
    assert stored["meta"]["versionId"] == "2"
    assert "Received: Progress note (LOINC 11506-3). A reviewer reads them and decides." in notes(
        stored, stored["item"][0]
    )
    after = await task(server, id_)
    assert after["restriction"] == due
    assert "document-requested" not in inputs(after)
    assert [one["coding"][0]["code"] for one in inputs(after)["document-received"]] == ["11506-3"]
    inquired = await server.post("/Claim/$inquire", inquiry_bundle())
    assert control_numbers(inquired) == []
    assert of_type(inquired, "Task") == []


async def test_the_trail_names_the_documents_and_the_states(server: Server) -> None:
    id_, [number] = await asked(server)
    await attach(server, parameters(number, note()))
    event = events(server, id_)[-1]
    assert (event["action"], event["client"], event["tracking"]) == ("submit-attachment", "ehr-a", number)
    assert len(event["contents"]) == 1
    assert [(one["before"], one["after"]) for one in event["items"]] == [("information-requested", "pended")]


async def test_one_of_two_documents_leaves_the_other_open(server: Server) -> None:
    _, numbers = await asked(server, MRI, INJECTION)
    body = parameters(numbers[0])
    body["parameter"].append(attachment(note(), None, str(MRI["sequence"])))
    assert receipt(await attach(server, body)) == (
        f"The documents were added. Still missing: Progress note (LOINC 11506-3) ({numbers[1]})."
    )


async def test_a_document_without_a_line_counts_for_all_items(server: Server) -> None:
    _, numbers = await asked(server, MRI, INJECTION)
    assert "all documents" in receipt(await attach(server, parameters(numbers[0], note())))


async def test_a_document_without_a_type_is_the_one_of_its_tracking_number(server: Server) -> None:
    _, [number] = await asked(server)
    assert "all documents" in receipt(await attach(server, parameters(number, note(code=None))))


async def test_a_code_of_the_attachment_counts_beside_that_of_the_document(server: Server) -> None:
    _, [number] = await asked(server)
    body = parameters(number, note(code="57833-6"), code="11506-3")
    assert "all documents" in receipt(await attach(server, body))


async def test_another_document_than_the_requested_one_is_kept_and_the_request_stays(server: Server) -> None:
    _, [number] = await asked(server)
    assert "Still missing" in receipt(await attach(server, parameters(number, note(code="57833-6"))))


async def test_the_case_reference_finds_the_request_of_another_tracking_number(server: Server) -> None:
    id_, [number] = await asked(server)
    case = number.partition("-")[0]
    body = parameters("ACN-77", note(), AdminRefNumber={"valueIdentifier": {"value": case}})
    assert "all documents" in receipt(await attach(server, body))
    assert "communicationRequest" not in await read(server, id_)


async def test_the_payer_may_be_left_out(server: Server) -> None:
    _, [number] = await asked(server)
    assert "all documents" in receipt(await attach(server, parameters(number, note(), PayerId=None)))


async def test_with_final_false_more_may_come(server: Server) -> None:
    _, [number] = await asked(server)
    first = await attach(server, parameters(number, note(), Final={"valueBoolean": False}))
    assert receipt(first) == "The documents were added. The reviewer may wait for the others."
    await attach(server, parameters(number, note(b"Page two.")))


async def test_a_repeated_document_is_stored_once(server: Server) -> None:
    id_, [number] = await asked(server)
    await attach(server, parameters(number, note()))
    again = receipt(await attach(server, parameters(number, note(), note())))
    assert again.endswith("has these documents already. They were not stored again.")
    assert (await read(server, id_))["meta"]["versionId"] == "2"
    assert contents(server) == 1


async def test_equal_documents_of_two_requests_share_one_content(server: Server) -> None:
    _, [first] = await asked(server)
    second = await server.post("/Claim/$submit", request_bundle(items=[MRI], identifier="REQ-0002"))
    [number] = control_numbers(second)
    await attach(server, parameters(first, note()))
    assert "all documents" in receipt(await attach(server, parameters(number, note())))
    assert contents(server) == 1


def contents(server: Server) -> int:
    return sum(kind == "attachment" for kind, _ in everything(server))


async def test_a_document_for_a_decided_request_changes_no_decision(server: Server) -> None:
    id_, [number] = await asked(server)
    await decide(server, id_, ruling(MRI["sequence"]))
    assert "All items are decided" in receipt(await attach(server, parameters(number, note())))
    assert actions(await read(server, id_)) == {MRI["sequence"]: "A1"}


@pytest.mark.parametrize(
    ("changes", "place", "text"),
    [
        ({"TrackingId": None}, "Parameters.parameter", "`TrackingId` is required"),
        ({"TrackingId": {"valueIdentifier": {"system": NPI}}}, "Parameters.parameter[0].value", "with a value"),
        ({"TrackingId": {"valueIdentifier": {"value": "9" * 101}}}, "Parameters.parameter[0].value", "100 characters"),
        ({"AttachTo": None}, "Parameters.parameter", "`AttachTo` is required"),
        ({"AttachTo": {"valueCode": "claim"}}, "Parameters.parameter[1].value", "`preauthorization`"),
        (
            {"PayerId": {"valueIdentifier": {"value": "9"}}},
            "Parameters.parameter.where(name = 'PayerId')",
            "a payer on",
        ),
        ({"OrganizationId": None}, "Parameters.parameter", "`OrganizationId` and `ProviderId`"),
        ({"MemberId": None}, "Parameters.parameter", "`MemberId` is required"),
        (
            {"MemberId": {"valueIdentifier": {"value": "M002"}}},
            "Parameters.parameter.where(name = 'MemberId')",
            "member number of the patient",
        ),
        ({"Final": {"valueString": "yes"}}, "Parameters.parameter[5].value", "valueBoolean"),
        ({"Surprise": {"valueString": "x"}}, "Parameters.parameter[5].name", "must be one of"),
    ],
)
async def test_a_wrong_parameter_is_refused_with_its_place(
    server: Server, changes: Json, place: str, text: str
) -> None:
    id_, [number] = await asked(server)
    refused = await attach(server, parameters(number, note(), **changes))
    assert refused.status_code == 422
    [issue] = issues(refused)
    assert (issue["expression"], text in issue["details"]["text"]) == ([place], True), issue
    assert (await read(server, id_))["meta"]["versionId"] == "1"


async def test_two_final_parameters_are_refused(server: Server) -> None:
    _, [number] = await asked(server)
    body = parameters(number, note(), Final={"valueBoolean": True})
    body["parameter"].append({"name": "Final", "valueBoolean": False})
    [issue] = issues(await attach(server, body))
    assert issue["details"]["text"] == "`Final` must be given once."


@pytest.mark.parametrize(
    ("document", "place", "text"),
    [
        (note(content=[{"attachment": {"data": "QQ="}}]), "content[0].attachment.data", "base64"),
        (note(content=[{"attachment": {"contentType": "text/plain"}}]), "content", "no `attachment` has `data`"),
        (note(status="entered-in-error"), "status", "entered-in-error"),
        ({"resourceType": "Patient"}, "resourceType", "must be a resource of type"),
        ({"resourceType": "QuestionnaireResponse", "status": "completed"}, "item", "no `item` has an `answer`"),
    ],
)
async def test_a_document_that_does_not_count_is_refused(server: Server, document: Json, place: str, text: str) -> None:
    _, [number] = await asked(server)
    refused = await attach(server, parameters(number, document))
    assert refused.status_code == 422
    found = {issue["expression"][0]: issue["details"]["text"] for issue in issues(refused)}
    assert text in found[f"Parameters.parameter[5].part[0].resource.{place}"]


async def test_an_unknown_loinc_code_a_foreign_line_and_an_empty_attachment_are_refused(server: Server) -> None:
    _, [number] = await asked(server)
    wrong = issues(await attach(server, parameters(number, note(), code="11506-4")))
    assert "check digit" in wrong[0]["details"]["text"]
    body = parameters(number)
    assert "At least one parameter `Attachment`" in issues(await attach(server, body))[0]["details"]["text"]
    body["parameter"].append(attachment(note(), None, "17"))
    line = issues(await attach(server, body))[0]
    assert line["details"]["text"] == f"`LineItem` must be the sequence of an item: {MRI['sequence']}."
    assert line["expression"] == ["Parameters.parameter[5]"]
    body["parameter"][-1]["part"].pop()
    assert "one part `Content`" in issues(await attach(server, body))[0]["details"]["text"]


async def test_all_issues_of_a_call_come_at_once(server: Server) -> None:
    body = parameters("X", note(status="entered-in-error"), MemberId=None, AttachTo={"valueCode": "claim"})
    assert len(issues(await attach(server, body))) == 3


async def test_more_attachments_than_a_call_may_have_are_refused(server: Server) -> None:
    refused = await attach(server, parameters("X", *(note(bytes([65 + number])) for number in range(21))))
    assert "more than 20 attachments" in issues(refused)[0]["details"]["text"]


@pytest.mark.parametrize("client", ["reviewer", "biller", "patient-1"])
async def test_only_providers_send_documents(server: Server, client: str) -> None:
    assert (await attach(server, parameters("X", note()), client)).status_code == 403


async def test_an_organization_of_another_client_is_refused(tmp_path: Path) -> None:
    foreign = {"valueIdentifier": {"system": NPI, "value": "1444444446"}}
    async with serving(tmp_path, requestor_client_bound=True) as server:
        refused = await attach(server, parameters("X", note(), OrganizationId=foreign))
        assert refused.status_code == 403
        assert "an NPI of this client" in issues(refused)[0]["details"]["text"]
        assert everything(server).keys() & {("held", "X")} == set()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_only_post_sends_documents(server: Server, method: str) -> None:
    answer = await server.http.request(method, "/fhir/$submit-attachment", headers=server.headers("ehr-a"))
    assert answer.status_code == 405
