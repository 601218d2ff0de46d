"""Reviewers share the worklist: they take, assign and release Tasks, and each act names who and when."""

from __future__ import annotations

import asyncio

import pytest

from app.codes import CLIENT_ID, USER_ID
from app.conformance.admission import base_validator
from app.conformance.strictness import Level
from tests.api.reading import issues
from tests.api.reviewing import decide, pended, ruling
from tests.api.trail import events
from tests.api.worklist.worklist import Json, act, listed, task
from tests.support.samples import request_item
from tests.support.server import Server


def owner(resource: Json) -> Json:
    found: Json = resource["owner"]["identifier"]
    return found


async def test_a_reviewer_takes_a_task_and_releases_it(server: Server) -> None:
    response = await pended(server)
    server.clock.move(hours=1)
    taken = await act(server, "take", response)
    assert (taken.status_code, taken.headers["etag"]) == (200, 'W/"2"')
    assert taken.json() == await task(server, response)
    assert (taken.json()["status"], owner(taken.json())) == ("accepted", {"system": CLIENT_ID, "value": "reviewer"})
    assert taken.json()["lastModified"] == "2026-01-01T16:00:00.000Z"
    assert base_validator().validate(taken.json(), level=Level.STRICT) == ()
    assert [row["id"] for row in await listed(server, "owner:identifier=reviewer")] == [response]
    released = (await act(server, "release", response, version="2")).json()
    assert (released["status"], "owner" in released) == ("requested", False)
    assert await listed(server, "owner:identifier=reviewer") == []


async def test_a_task_goes_to_a_colleague_who_is_registered_for_the_payer(server: Server) -> None:
    response = await pended(server)
    assigned = await act(server, "assign", response, owner="medical-director")
    assert assigned.status_code == 200, assigned.text
    assert owner(assigned.json()) == {"system": USER_ID, "value": "medical-director"}


@pytest.mark.parametrize("user", ["unknown", "compliance", "patient-1", ""])
async def test_a_task_goes_to_no_user_who_does_not_review_for_the_payer(server: Server, user: str) -> None:
    response = await pended(server)
    refused = await act(server, "assign", response, owner=user or " ")
    assert refused.status_code in (400, 422)
    assert "owner" not in await task(server, response)


async def test_a_task_with_an_owner_is_not_taken_or_moved_by_another_reviewer(server: Server) -> None:
    response = await pended(server)
    await act(server, "take", response)
    assert (await act(server, "take", response, "physician", version="2")).status_code == 409
    assert (await act(server, "release", response, "physician", version="2")).status_code == 403
    refused = await act(server, "assign", response, "physician", version="2", owner="medical-director")
    assert refused.status_code == 403
    assert owner(await task(server, response))["value"] == "reviewer"
    moved = await act(server, "assign", response, "admin", version="2", owner="case-reviewer")
    assert owner(moved.json())["value"] == "case-reviewer"


async def test_a_task_without_an_owner_is_not_released(server: Server) -> None:
    response = await pended(server)
    assert (await act(server, "release", response)).status_code == 409


async def test_a_closed_task_keeps_its_owner(server: Server) -> None:
    response = await pended(server)
    await act(server, "take", response)
    await decide(server, response, ruling())
    closed = await task(server, response)
    assert (closed["status"], owner(closed)["value"]) == ("completed", "reviewer")
    for code in ("take", "release"):
        assert (await act(server, code, response, version="3")).status_code == 409
    assert await task(server, response) == closed


async def test_a_decision_on_one_of_two_items_leaves_the_owner(server: Server) -> None:
    response = await pended(server, items=[request_item(1, "72148", 2), request_item(2, "62323", 1)])
    await act(server, "take", response)
    await decide(server, response, ruling(1))
    found = await task(server, response)
    assert (found["status"], owner(found)["value"]) == ("accepted", "reviewer")


async def test_an_act_needs_the_current_version(server: Server) -> None:
    response = await pended(server)
    body = {"resourceType": "Parameters"}
    assert (await server.post(f"/Task/{response}/$take", body, "reviewer")).status_code == 428
    assert (await act(server, "take", response, version="9")).status_code == 412
    assert (await act(server, "take", response, version="9", color="red")).status_code == 400
    assert (await act(server, "take", "unknown")).status_code == 404


async def test_of_two_reviewers_who_take_a_task_at_once_one_gets_it(server: Server) -> None:
    response = await pended(server)
    answers = await asyncio.gather(act(server, "take", response), act(server, "take", response, "physician"))
    assert sorted(answer.status_code for answer in answers) == [200, 412]


@pytest.mark.parametrize("client", ["ehr-a", "biller", "patient-1", "auditor"])
async def test_only_those_who_review_share_the_work(server: Server, client: str) -> None:
    response = await pended(server)
    for code in ("take", "release", "assign"):
        refused = await act(server, code, response, client, **({"owner": "case-reviewer"} if code == "assign" else {}))
        assert (refused.status_code, issues(refused)[0]["code"]) == (403, "forbidden")


async def test_a_reviewer_of_another_payer_does_not_find_the_task(server: Server) -> None:
    response = await pended(server)
    for code in ("take", "release"):
        assert (await act(server, code, response, "reviewer-2")).status_code == 404
    assert (await act(server, "assign", response, "reviewer-2", owner="case-reviewer")).status_code == 404


async def test_the_trail_names_the_owners_of_a_task_and_the_callers(server: Server) -> None:
    response = await pended(server)
    await act(server, "take", response)
    await act(server, "assign", response, version="2", owner="medical-director")
    acts = [event for event in events(server, response) if event["action"] in ("take", "assign")]
    assert [(event["action"], event["client"], event["from"], event["to"]) for event in acts] == [
        ("take", "reviewer", None, "reviewer"),
        ("assign", "reviewer", "reviewer", "medical-director"),
    ]
