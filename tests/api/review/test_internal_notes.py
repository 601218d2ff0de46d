"""An internal note stays with the payer's staff: in the Task and in the trail, and in no answer to anybody else."""

from __future__ import annotations

import json

from app.records.decision_log.terms import EVENT_KIND
from tests.api.reading import resources
from tests.api.refusing import everything
from tests.api.reviewing import decide, pended, ruling
from tests.api.trail import events
from tests.api.updating import added, sent, submitted, update_of
from tests.api.worklist.worklist import task
from tests.support.samples import inquiry_bundle, request_item
from tests.support.server import Server
from tests.support.subscribing import Endpoint, subscribed, work

SECRET = "ask-the-medical-director-first"
NOTE = {"name": "internal-note", "valueString": f"Please {SECRET}."}

FOR_STAFF = {"Task", "Task/history", EVENT_KIND, "authorization"}
"""The kinds of rows that have the note. Only the payer's staff reads a Task; no interaction serves the others."""


async def test_the_task_and_the_trail_have_the_note(server: Server) -> None:
    response = await pended(server, items=[request_item(1, "72148", 2), request_item(2, "72148", 2)])
    await decide(server, response, ruling(1), NOTE)
    server.clock.move(hours=1)
    await decide(server, response, ruling(2), {"name": "internal-note", "valueString": "Done."})
    found = (await task(server, response))["note"]
    assert found == [
        {"authorString": "reviewer", "time": "2026-01-01T15:00:00.000Z", "text": f"Please {SECRET}."},
        {"authorString": "reviewer", "time": "2026-01-01T16:00:00.000Z", "text": "Done."},
    ]
    assert [event.get("internal_note") for event in events(server, response)] == [None, f"Please {SECRET}.", "Done."]


async def test_no_answer_to_a_provider_or_a_member_has_a_byte_of_the_note(server: Server, endpoint: Endpoint) -> None:
    created = await subscribed(server)
    items = [request_item(1, "72148", 2), request_item(2, "72148", 2)]
    body = sent(items)
    response = (await submitted(server, body))["id"]
    decided = await decide(server, response, ruling(1), NOTE)
    assert decided.status_code == 200
    await work(server)
    paths = [
        f"/ClaimResponse/{response}",
        f"/ClaimResponse/{response}/_history",
        f"/ClaimResponse/{response}/_history/2",
        "/ClaimResponse?_include=ClaimResponse:request",
        "/Claim",
        f"/Subscription/{created['id']}/$events",
        f"/Subscription/{created['id']}/$status",
        "/AuditEvent",
        f"/Task/{response}",
    ]
    answers = [decided.text]
    answers += [(await server.get(path, client)).text for path in paths for client in ("ehr-a", "biller", "patient-1")]
    inquired = await server.post("/Claim/$inquire", inquiry_bundle(items=[]))
    assert response in inquired.text
    answers += [inquired.text, (await server.post("/Claim/$submit", body)).text]
    answers.append((await server.post("/Claim/$submit", update_of(body, [*items, added(request_item(3))]))).text)
    answers += [json.dumps(received.bundle) for received in endpoint.received]
    assert len(endpoint.events) == 1
    assert [answer for answer in answers if SECRET in answer] == []


async def test_only_rows_for_the_staff_have_the_note(server: Server) -> None:
    response = await pended(server)
    await decide(server, response, ruling(), NOTE)
    assert {kind for (kind, _), row in everything(server).items() if SECRET in row.body} <= FOR_STAFF


async def test_the_staff_of_the_payer_finds_the_note_and_that_of_another_does_not(server: Server) -> None:
    response = await pended(server)
    await decide(server, response, ruling(), NOTE)
    assert SECRET in (await server.get(f"/Task/{response}", "physician")).text
    assert (await server.get(f"/Task/{response}", "reviewer-2")).status_code == 404
    assert resources((await server.get("/Task?status=completed", "reviewer-2")).json()) == []
