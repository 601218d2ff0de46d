"""The clock of a decision marks the Task as due soon and as breached; time decides nothing about the request."""

from __future__ import annotations

import pytest

from app.domain.decision import ReviewAction
from app.records import authorizations
from app.records.waiting.due import due_rows
from app.workflow.due.perform import perform_due
from tests.api.reviewing import decide, pended, ruling
from tests.api.trail import events
from tests.api.updating import MRI, THERAPY, added, sent, submitted, update_of
from tests.api.worklist.worklist import act, listed, task
from tests.support.samples import concept, request_item
from tests.support.server import Server

CLOCK = "https://preauth.example.org/fhir/CodeSystem/worklist-clock"
STAT = concept("http://terminology.hl7.org/CodeSystem/processpriority", "stat")
INJECTION = request_item(3, code="62323", quantity=1)


async def mark(server: Server, response: str) -> str | None:
    """Do the acts that are due, and return the mark of the Task."""
    await perform_due(server.system)
    status = (await task(server, response)).get("businessStatus")
    return None if status is None else status["coding"][0]["code"]


async def test_a_task_is_marked_a_day_before_it_is_due_and_after_it_was_due(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=6, seconds=-1)
    assert await mark(server, response) is None
    server.clock.move(seconds=1)
    assert await mark(server, response) == "due-soon"
    server.clock.move(days=1)
    assert await mark(server, response) == "due-soon"
    server.clock.move(seconds=1)
    assert await mark(server, response) == "breached"
    assert [row["id"] for row in await listed(server, f"business-status={CLOCK}|breached")] == [response]
    assert await listed(server, "business-status=due-soon") == []


async def test_the_trail_names_the_marks_with_the_due_time(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=8)
    await perform_due(server.system)
    named = [(event["action"], event["due"]) for event in events(server, response) if "due" in event]
    assert named == [("due-soon", "2026-01-08T15:00:00.000Z"), ("breached", "2026-01-08T15:00:00.000Z")]


async def test_a_mark_decides_nothing_and_leaves_the_answer_unchanged(server: Server) -> None:
    response = await pended(server)
    before = (await server.get(f"/ClaimResponse/{response}")).json()
    server.clock.move(days=400)
    assert await mark(server, response) == "breached"
    stored = await authorizations.by_id(server.system.documents, response)
    assert stored is not None
    assert [item.decision.action for item in stored.authorization.items] == [ReviewAction.PENDED]
    assert (await server.get(f"/ClaimResponse/{response}")).json() == before
    assert (await decide(server, response, ruling(), **{"If-Match": 'W/"1"'})).status_code == 200


async def test_a_short_limit_is_due_soon_in_the_second_half_of_its_time(server: Server) -> None:
    response = await pended(server, claim={"priority": STAT})
    server.clock.move(hours=47, minutes=59)
    assert await mark(server, response) is None
    server.clock.move(minutes=1)
    assert await mark(server, response) == "due-soon"


async def test_a_decided_request_gets_no_mark_and_its_row_goes(server: Server) -> None:
    response = await pended(server)
    await decide(server, response, ruling(), **{"If-Match": 'W/"1"'})
    server.clock.move(days=8)
    assert await mark(server, response) is None
    assert await due_rows(server.system.documents, server.clock.now(), 50) == []


async def test_each_mark_is_made_once(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=8)
    assert await mark(server, response) == "breached"
    version = (await task(server, response))["meta"]["versionId"]
    assert await mark(server, response) == "breached"
    assert (await task(server, response))["meta"]["versionId"] == version


async def test_a_mark_keeps_the_owner_of_the_task(server: Server) -> None:
    response = await pended(server)
    await act(server, "take", response)
    server.clock.move(days=7)
    assert await mark(server, response) == "due-soon"
    found = await task(server, response)
    assert (found["status"], found["owner"]["identifier"]["value"]) == ("accepted", "reviewer")


async def test_a_new_due_time_runs_its_own_clock(server: Server) -> None:
    request = sent([THERAPY, MRI])
    response = (await submitted(server, request))["id"]
    server.clock.move(days=8)
    assert await mark(server, response) == "breached"
    await decide(server, response, ruling(2), **{"If-Match": 'W/"1"'})
    await submitted(server, update_of(request, [THERAPY, MRI, added(INJECTION)]))
    assert await mark(server, response) is None
    server.clock.move(days=6)
    assert await mark(server, response) == "due-soon"


@pytest.mark.parametrize("value", ["late", f"{CLOCK}|late"])
async def test_a_mark_that_does_not_exist_finds_no_task(server: Server, value: str) -> None:
    await pended(server)
    assert await listed(server, f"business-status={value}") == []
