"""A reviewer asks for a document: the item stays pended, the provider sends it, and the review goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.codes import X12_REPORT_TYPE
from tests.api.asking.asked import control_numbers, needed, of_type
from tests.api.asking.attaching import attach, note, parameters, receipt
from tests.api.reading import Json, actions, issues, notes
from tests.api.refusing import everything
from tests.api.reviewing import decide, pended, ruling, ruling_on_all
from tests.api.trail import events
from tests.api.worklist.worklist import inputs, task
from tests.support.samples import concept, inquiry_bundle, request_item
from tests.support.server import Server, serving
from tests.support.subscribing import Endpoint, subscribed, work

REPORT = {"system": "http://loinc.org", "code": "18748-4", "display": "Imaging report"}
NOTE = {"system": "http://loinc.org", "code": "11506-3", "display": "Progress note"}


async def open_requests(server: Server) -> list[str]:
    """Return the control numbers of an inquiry."""
    return control_numbers(await server.post("/Claim/$inquire", inquiry_bundle()))


async def test_a_reviewer_asks_for_another_document_and_the_item_stays_pended(server: Server) -> None:
    id_ = await pended(server)
    before = await task(server, id_)
    server.clock.move(hours=2)
    answer = await decide(server, id_, ruling(1, "ask", **{"ask-for": REPORT}, note="Please send the last MRI."))
    assert answer.status_code == 200, answer.text
    response = answer.json()
    assert actions(response) == {1: "A4"}
    assert [one["payload"][0]["contentString"] for one in response["contained"]] == ["11506-3", "18748-4"]
    texts = notes(response, response["item"][0])
    assert "Please send the last MRI." in texts
    assert "Please send: Progress note (LOINC 11506-3), Imaging report (LOINC 18748-4)." in texts
    after = await task(server, id_)
    assert after["restriction"] == before["restriction"]
    assert len(inputs(after)["document-requested"]) == 2
    inquired = await server.post("/Claim/$inquire", inquiry_bundle())
    assert needed(of_type(inquired, "Task")[0]) == [("11506-3", 1), ("18748-4", 1)]
    last = events(server, id_)[-1]["items"][0]
    assert (last["before"], last["after"]) == ("information-requested", "information-requested")


async def test_the_provider_sends_it_and_a_reviewer_decides(server: Server) -> None:
    id_ = await pended(server)
    await decide(server, id_, ruling(1, "ask", **{"ask-for": REPORT}))
    first, second = await open_requests(server)
    assert "Still missing" in receipt(await attach(server, parameters(second, note(code="18748-4"))))
    assert "all documents" in receipt(await attach(server, parameters(first, note())))
    decided = await decide(server, id_, ruling(1), **{"If-Match": "*"})
    assert actions(decided.json()) == {1: "A1"}


async def test_a_reviewer_asks_again_for_a_document_that_came(server: Server) -> None:
    id_ = await pended(server)
    [number] = await open_requests(server)
    await attach(server, parameters(number, note(b"Page one.")))
    assert (await decide(server, id_, ruling(1, "ask", **{"ask-for": NOTE}), **{"If-Match": "*"})).status_code == 200
    assert await open_requests(server) == [number]
    assert "all documents" in receipt(await attach(server, parameters(number, note(b"Page two."))))
    assert len(inputs(await task(server, id_))["document-received"]) == 1


async def test_one_ruling_asks_for_a_document_of_all_items(server: Server) -> None:
    await pended(server, items=[request_item(1, "72148", 2), request_item(2, "62323", 1)])
    [id_] = {event["subject"] for event in _submits(server)}
    assert (await decide(server, id_, ruling_on_all("ask", **{"ask-for": [REPORT]}))).status_code == 200
    assert len(await open_requests(server)) == 4


async def test_the_submitter_is_notified_of_the_request_for_documents(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with serving(tmp_path, notifier=endpoint) as server:
        await subscribed(server)
        id_ = await pended(server)
        await decide(server, id_, ruling(1, "ask", **{"ask-for": REPORT}))
        await work(server)
        [event] = endpoint.events
        bundle = event.bundle["entry"][1]["resource"]
        types = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
        assert types[:4] == ["ClaimResponse", "CommunicationRequest", "CommunicationRequest", "Task"]


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({}, "at least one `ask-for`"),
        ({"ask-for": NOTE}, "asks for these documents already"),
        ({"ask-for": REPORT, "reason": "more-detail"}, "no reason"),
        ({"ask-for": REPORT, "quantity": 1}, "no quantity"),
        ({"ask-for": REPORT | {"code": "18748-5"}}, "a LOINC code"),
        ({"ask-for": {"system": "http://loinc.org", "code": "18748-4"}}, "its name as display"),
        ({"ask-for": REPORT | {"system": "urn:other"}}, "a LOINC code"),
        ({"ask-for": {"system": X12_REPORT_TYPE, "code": "B", "display": "Order"}}, "a report type of X12 755"),
    ],
)
async def test_a_request_for_documents_that_does_not_fit_is_refused(server: Server, parts: Json, text: str) -> None:
    id_ = await pended(server)
    refused = await decide(server, id_, ruling(1, "ask", **parts))
    assert refused.status_code == 422
    assert text in issues(refused)[0]["details"]["text"]
    assert len(await open_requests(server)) == 1


async def test_another_action_takes_no_document_and_a_draft_does_not_ask(server: Server) -> None:
    id_ = await pended(server)
    refused = await decide(server, id_, ruling(1, "certify", **{"ask-for": REPORT}))
    assert "To ask for documents, use ask." in issues(refused)[0]["details"]["text"]
    draft = {"name": "draft", "valueBoolean": True}
    refused = await decide(server, id_, ruling(1, "ask", **{"ask-for": REPORT}), draft)
    assert "A draft must not have the actions ask" in issues(refused)[0]["details"]["text"]


async def test_a_decided_item_asks_for_no_document(server: Server) -> None:
    id_ = await pended(server)
    await decide(server, id_, ruling(1))
    refused = await decide(server, id_, ruling(1, "ask", **{"ask-for": REPORT}), **{"If-Match": "*"})
    assert refused.status_code == 409


def _submits(server: Server) -> list[Any]:
    subjects = {key[1] for key in everything(server) if key[0] == "ClaimResponse"}
    return [event for subject in subjects for event in events(server, subject)]


async def test_a_reviewer_asks_by_report_type(server: Server) -> None:
    await pended(server)
    [id_] = {event["subject"] for event in _submits(server)}
    order = {"system": X12_REPORT_TYPE, "code": "B3", "display": "Physician order"}
    assert (await decide(server, id_, ruling(1, "ask", **{"ask-for": order}))).status_code == 200
    inquired = await server.post("/Claim/$inquire", inquiry_bundle())
    by_loinc, by_report_type = of_type(inquired, "CommunicationRequest")
    assert "category" not in by_loinc
    assert "payload" not in by_report_type
    assert by_report_type["category"][0]["coding"] == [{"system": X12_REPORT_TYPE, "code": "B3"}]
    assert [needed(task) for task in of_type(inquired, "Task")] == [[("11506-3", 1)], [("B3", 1)]]
    number = by_report_type["identifier"][0]["value"]
    assert number.endswith("-1-B3")
    sent = note(type=concept(X12_REPORT_TYPE, "B3"))
    assert "Still missing: Progress note" in receipt(await attach(server, parameters(number, sent)))
    assert await open_requests(server) == [by_loinc["identifier"][0]["value"]]
