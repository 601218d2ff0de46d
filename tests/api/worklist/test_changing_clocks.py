"""A reviewer extends the time of a decision once, and moves a request between the expedited and the standard clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from app.conformance.admission import base_validator
from app.conformance.strictness import Level
from app.workflow.due.perform import perform_due
from tests.api.reading import issues
from tests.api.reviewing import clock_change, decide, pended, ruling
from tests.api.trail import events
from tests.api.updating import MRI, THERAPY, added, sent, submitted, update_of
from tests.api.worklist.worklist import task
from tests.support.samples import billed_line, billing_claim, concept, request_item
from tests.support.server import Server, serving
from tests.support.subscribing import Endpoint, subscribed, work

STAT = concept("http://terminology.hl7.org/CodeSystem/processpriority", "stat")
INJECTION = request_item(3, code="62323", quantity=1)
BOTH = pytest.mark.parametrize("code", ["extend", "set-urgency"])


async def act(
    server: Server, code: str, response: str, client: str = "reviewer", version: str | None = 'W/"1"', **values: Any
) -> httpx.Response:
    headers = {} if version is None else {"If-Match": version}
    return await server.post(f"/ClaimResponse/{response}/${code}", clock_change(code, **values), client, **headers)


async def due(server: Server, response: str) -> str:
    found: str = (await task(server, response))["restriction"]["period"]["end"]
    return found


def texts(resource: dict[str, Any]) -> str:
    return " ".join(note["text"] for note in resource["processNote"])


async def test_an_extension_moves_the_due_time_of_task_and_answer(server: Server) -> None:
    response = await pended(server)
    answer = await act(server, "extend", response, note="The surgeon's report is on its way.")
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"'), answer.text
    assert await due(server, response) == "2026-01-15T15:00:00.000Z"
    text = texts(answer.json())
    assert "A decision is due by 2026-01-15T15:00:00.000Z." in text
    assert "evidence that may change its decision, so the time is extended by 7 days." in text
    assert "The surgeon's report is on its way." in text
    assert base_validator().validate(answer.json(), level=Level.STRICT) == ()
    assert (await server.get(f"/ClaimResponse/{response}")).json() == answer.json()


async def test_the_trail_has_reason_person_and_both_due_times_of_an_extension(server: Server) -> None:
    response = await pended(server)
    await act(server, "extend", response)
    [_, event] = events(server, response)
    assert {name: event[name] for name in ("action", "client", "days", "reason", "was_due", "due")} == {
        "action": "extend",
        "client": "reviewer",
        "days": 7,
        "reason": "more-evidence",
        "was_due": "2026-01-08T15:00:00.000Z",
        "due": "2026-01-15T15:00:00.000Z",
    }


async def test_the_provider_is_notified_of_an_extension(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with serving(tmp_path, notifier=endpoint) as server:
        await subscribed(server)
        response = await pended(server)
        await act(server, "extend", response)
        await work(server)
    [event] = endpoint.events
    assert "the time is extended by 7 days" in texts(event.answer)


async def test_the_marks_follow_the_extended_time(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=6)
    await perform_due(server.system)
    await act(server, "extend", response, days=14)
    await perform_due(server.system)
    assert "businessStatus" not in await task(server, response)
    server.clock.move(days=14)
    await perform_due(server.system)
    assert (await task(server, response))["businessStatus"]["coding"][0]["code"] == "due-soon"


async def test_a_second_extension_is_refused(server: Server) -> None:
    response = await pended(server)
    await act(server, "extend", response, days=1)
    refused = await act(server, "extend", response, version='W/"2"')
    assert (refused.status_code, await due(server, response)) == (409, "2026-01-09T15:00:00.000Z")


async def test_an_update_of_an_extended_request_allows_no_second_extension(server: Server) -> None:
    request = sent([THERAPY, MRI])
    response = (await submitted(server, request))["id"]
    await act(server, "extend", response)
    await submitted(server, update_of(request, [THERAPY, MRI, added(INJECTION)]))
    assert await due(server, response) == "2026-01-08T15:00:00.000Z"
    assert (await act(server, "extend", response, version="*")).status_code == 409


async def test_the_clock_of_a_later_pend_can_be_extended_again(server: Server) -> None:
    request = sent([THERAPY, MRI])
    response = (await submitted(server, request))["id"]
    await act(server, "extend", response)
    await decide(server, response, ruling(2), **{"If-Match": "*"})
    await submitted(server, update_of(request, [THERAPY, MRI, added(INJECTION)]))
    assert (await act(server, "extend", response, version="*")).status_code == 200


@pytest.mark.parametrize(("late", "status"), [(0, 200), (1, 409)], ids=["at the due time", "late"])
async def test_an_extension_must_come_before_the_decision_is_due(server: Server, late: int, status: int) -> None:
    response = await pended(server)
    server.clock.move(days=7, seconds=late)
    assert (await act(server, "extend", response)).status_code == status


@pytest.mark.parametrize("days", [15, 400, 2_147_483_647])
async def test_an_extension_by_more_than_fourteen_days_is_refused(server: Server, days: int) -> None:
    response = await pended(server)
    refused = await act(server, "extend", response, days=days)
    assert (refused.status_code, issues(refused)[0]["expression"]) == (
        422,
        ["Parameters.parameter.where(name = 'days')"],
    )
    assert "14 days" in refused.text


@pytest.mark.parametrize(
    ("code", "values", "text"),
    [
        ("extend", {"days": None}, "`days` is required"),
        ("extend", {"days": 0}, "positiveInt"),
        ("extend", {"days": -3}, "positiveInt"),
        ("extend", {"reason": None}, "`reason` is required"),
        ("extend", {"reason": "busy"}, "`reason` must be one of member-request, provider-request, more-evidence"),
        ("extend", {"until": "2026"}, "must be one of days, note, reason"),
        ("extend", {"note": "x" * 4001}, "`note` must have at most 4000 characters"),
        ("set-urgency", {"urgency": None}, "`urgency` is required"),
        ("set-urgency", {"urgency": "U"}, "`urgency` must be one of standard, expedited"),
        ("set-urgency", {"reason": None}, "`reason` is required"),
        ("set-urgency", {"reason": "x" * 4001}, "`reason` must have at most 4000 characters"),
    ],
)
async def test_wrong_parameters_are_refused_with_the_right_ones(
    server: Server, code: str, values: dict[str, Any], text: str
) -> None:
    response = await pended(server)
    refused = await act(server, code, response, **values)
    assert (refused.status_code, refused.json()["resourceType"]) == (422, "OperationOutcome")
    assert text in refused.text
    assert await due(server, response) == "2026-01-08T15:00:00.000Z"


async def test_an_expedited_review_is_due_seventy_two_hours_after_the_change(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=1)
    assert (await act(server, "set-urgency", response)).status_code == 200
    found = await task(server, response)
    assert (found["restriction"]["period"]["end"], found["priority"]) == ("2026-01-05T15:00:00.000Z", "urgent")
    event = events(server, response)[-1]
    assert (event["from"], event["to"], event["reason"]) == ("standard", "expedited", "The pain grows.")


async def test_an_expedited_review_never_gets_more_time(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=5)
    await act(server, "set-urgency", response)
    assert await due(server, response) == "2026-01-08T15:00:00.000Z"


async def test_a_standard_review_is_due_seven_days_after_the_receipt(server: Server) -> None:
    response = await pended(server, claim={"priority": STAT})
    server.clock.move(days=2)
    assert (await act(server, "set-urgency", response, urgency="standard")).status_code == 200
    found = await task(server, response)
    assert (found["restriction"]["period"]["end"], found["priority"]) == ("2026-01-08T15:00:00.000Z", "routine")


async def test_an_extension_survives_a_change_of_urgency(server: Server) -> None:
    response = await pended(server, claim={"priority": STAT})
    await act(server, "extend", response, days=2)
    await act(server, "set-urgency", response, version='W/"2"', urgency="standard")
    assert await due(server, response) == "2026-01-10T15:00:00.000Z"
    assert (await act(server, "extend", response, version='W/"3"')).status_code == 409


async def test_a_late_request_stays_expedited(server: Server) -> None:
    response = await pended(server, claim={"priority": STAT})
    server.clock.move(days=4)
    assert (await act(server, "set-urgency", response, urgency="standard")).status_code == 409
    assert await due(server, response) == "2026-01-04T15:00:00.000Z"


async def test_the_urgency_that_a_request_has_is_refused(server: Server) -> None:
    response = await pended(server)
    assert (await act(server, "set-urgency", response, urgency="standard")).status_code == 409


@BOTH
async def test_a_decided_request_has_no_clock_to_change(server: Server, code: str) -> None:
    response = await pended(server)
    await decide(server, response, ruling(), **{"If-Match": "*"})
    assert (await act(server, code, response, version="*")).status_code == 409


@BOTH
async def test_a_change_of_a_clock_must_name_the_current_version(server: Server, code: str) -> None:
    response = await pended(server)
    assert (await act(server, code, response, version=None)).status_code == 428
    assert (await act(server, code, response, version='W/"7"')).status_code == 412
    assert await due(server, response) == "2026-01-08T15:00:00.000Z"


@BOTH
@pytest.mark.parametrize("client", ["ehr-a", "ehr-b", "biller", "auditor"])
async def test_only_reviewers_change_a_clock(server: Server, code: str, client: str) -> None:
    response = await pended(server)
    assert (await act(server, code, response, client)).status_code == 403


@BOTH
async def test_the_request_of_another_payer_is_answered_like_an_unknown_one(server: Server, code: str) -> None:
    response = await pended(server)
    foreign, unknown = await act(server, code, response, "reviewer-2"), await act(server, code, "x" * 36, "reviewer-2")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.text.replace(response, "") == unknown.text.replace("x" * 36, "")


@BOTH
async def test_a_billing_answer_has_no_clock(server: Server, code: str) -> None:
    bill = await server.post("/Claim/$submit", billing_claim(number=None, lines=[billed_line(1)]), "biller")
    assert (await act(server, code, bill.json()["id"])).status_code == 422
