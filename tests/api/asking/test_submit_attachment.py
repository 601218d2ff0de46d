"""A document that answers a request for it moves the item back to review, and stops no clock."""

from __future__ import annotations

from tests.api.asking.asked import control_numbers, of_type
from tests.api.asking.attaching import attach, attachment, note, parameters, receipt
from tests.api.reading import Json, actions, answered, notes
from tests.api.refusing import everything
from tests.api.reviewing import decide, ruling
from tests.api.trail import events
from tests.api.updating import MRI
from tests.api.worklist.worklist import inputs, task
from tests.support.samples import inquiry_bundle, request_bundle, request_item
from tests.support.server import Server

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
    [output] = after["output"]
    opened = await server.get(f"/{output['valueReference']['reference']}", "reviewer")
    assert opened.json()["content"][0]["attachment"]["contentType"] == "text/plain"
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
