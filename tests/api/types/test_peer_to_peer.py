"""Clinicians talk about a denial: a provider or a reviewer asks, the payer sets the time, a ruling may amend it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.conformance.admission import base_validator
from app.conformance.strictness import Level
from tests.api.imported import importing
from tests.api.reading import Json, actions, issues, resources
from tests.api.reviewing import decide, pended, ruling
from tests.api.trail import events
from tests.api.types.typed_items import billed, stored
from tests.api.worklist.worklist import listed
from tests.support.samples import billed_line, request_bundle
from tests.support.server import Server

CONTACT = {"name": "contact", "valueString": "Dr. Rivera, 1-800-555-0142"}
TIME = {"name": "time", "valueDateTime": "2026-01-05T15:00:00Z"}
START = {"name": "start", "valueDateTime": "2026-01-05T15:00:00Z"}
UPHELD = {"name": "outcome", "valueCode": "upheld"}


async def denied(server: Server, **changes: Any) -> str:
    response = await pended(server, **changes)
    answer = await decide(server, response, ruling(action="deny", reason="not-medically-necessary"))
    assert answer.status_code == 200, answer.text
    return response


async def ask(
    server: Server, response: str, *parameters: Json, client: str = "ehr-a", **headers: str
) -> httpx.Response:
    path = f"/ClaimResponse/{response}/$request-peer-to-peer"
    return await server.post(path, body_of(parameters or (CONTACT, TIME)), client, **{"If-Match": "*", **headers})


async def on_task(
    server: Server, code: str, task: str, *parameters: Json, client: str = "reviewer", version: str = "*"
) -> httpx.Response:
    return await server.post(f"/Task/{task}/${code}", body_of(parameters), client, **{"If-Match": version})


def body_of(parameters: tuple[Json, ...]) -> Json:
    return {"resourceType": "Parameters", **({"parameter": list(parameters)} if parameters else {})}


async def asked(server: Server, response: str, client: str = "ehr-a") -> str:
    answer = await ask(server, response, client=client)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize("client", ["ehr-a", "reviewer"])
async def test_a_talk_is_requested_and_scheduled_and_amends_the_denial(server: Server, client: str) -> None:
    response = await denied(server)
    answer = await ask(server, response, client=client)
    task = answer.json()
    assert (answer.status_code, task["status"], task["code"]["coding"][0]["code"]) == (200, "requested", "peer-to-peer")
    assert task["focus"] == {"reference": f"ClaimResponse/{response}"}
    assert task["restriction"]["period"]["end"] == "2026-01-16T05:00:00.000Z"
    assert base_validator().validate(task, level=Level.STRICT) == ()
    assert [row["id"] for row in await listed(server, "code=peer-to-peer&status=requested")] == [task["id"]]
    scheduled = await on_task(server, "schedule", task["id"], START)
    assert (scheduled.status_code, scheduled.json()["status"]) == (200, "accepted")
    assert (await server.get(f"/Task/{task['id']}")).json()["executionPeriod"] == {"start": "2026-01-05T15:00:00Z"}
    server.clock.move(days=4)
    assert (await decide(server, response, ruling(reason="less-time"))).status_code == 422
    amended = await decide(server, response, ruling())
    assert (amended.status_code, actions(amended.json())) == (200, {1: "A1"}), amended.text
    closed = (await server.get(f"/Task/{task['id']}")).json()
    assert (closed["status"], closed["output"][0]["valueCode"]) == ("completed", "amended")
    assert base_validator().validate(closed, level=Level.STRICT) == ()
    paid = await billed(server, billed_line(1, "72148", quantity=1), amended.json()["preAuthRef"])
    assert (paid.benefit, paid.why) == (paid.submitted, None)
    acts = [event["action"] for event in events(server, response)]
    assert acts == ["submit", "decide", "request-peer-to-peer", "schedule", "decide"]
    assert (await decide(server, response, ruling())).status_code == 409


async def test_an_upheld_denial_stays_and_another_talk_may_follow(server: Server) -> None:
    response = await denied(server)
    task = await asked(server, response)
    concluded = await on_task(server, "conclude", task, UPHELD)
    assert (concluded.status_code, concluded.json()["status"]) == (200, "completed")
    assert (await decide(server, response, ruling())).status_code == 409
    assert actions(await stored(server, response)) == {1: "A3"}
    assert (await on_task(server, "conclude", task, UPHELD)).status_code == 409
    assert (await on_task(server, "schedule", task, START)).status_code == 409
    second = await asked(server, response)
    not_held = await on_task(server, "conclude", second, {"name": "outcome", "valueCode": "not-held"})
    assert not_held.json()["status"] == "cancelled"


async def test_without_a_talk_a_denial_is_final_for_a_ruling(server: Server) -> None:
    response = await denied(server)
    assert (await decide(server, response, ruling())).status_code == 409


async def test_a_talk_never_denies_again(server: Server) -> None:
    response = await denied(server)
    await asked(server, response)
    again = await decide(server, response, ruling(action="deny", reason="not-medically-necessary"))
    assert again.status_code == 409


async def test_one_talk_is_open_at_a_time(server: Server) -> None:
    response = await denied(server)
    await asked(server, response)
    assert (await ask(server, response, client="reviewer")).status_code == 409


async def test_a_talk_about_a_pended_request_leaves_its_decision_to_the_reviewer(server: Server) -> None:
    response = await pended(server)
    task = await asked(server, response, "reviewer")
    assert (await decide(server, response, ruling())).status_code == 200
    assert (await on_task(server, "conclude", task, UPHELD)).status_code == 200


async def test_the_last_day_to_ask_is_the_fourteenth_after_the_denial(server: Server) -> None:
    first, second = await denied(server), await denied(server, identifier="REQ-2")
    server.clock.move(days=14)
    assert (await ask(server, first)).status_code == 200
    server.clock.move(days=1)
    late = await ask(server, second)
    assert (late.status_code, issues(late)[0]["details"]["text"]) == (
        422,
        "The last day to ask for a peer-to-peer review was 2026-01-15.",
    )


async def test_a_payer_without_terms_offers_no_talk(server: Server) -> None:
    response = await pended(server, payer="1666666668")
    refused = await ask(server, response)
    assert (refused.status_code, issues(refused)[0]["details"]["text"]) == (
        422,
        "The payer offers no peer-to-peer review.",
    )


async def test_an_approved_request_and_a_bill_have_no_talk(server: Server) -> None:
    approved = resources((await server.post("/Claim/$submit", request_bundle())).json())[0]["id"]
    assert (await ask(server, approved)).status_code == 422


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ((TIME,), 400),
        (({"name": "contact", "valueString": "x" * 201},), 400),
        ((CONTACT, {"name": "time", "valueDateTime": "2026-01-05"}), 400),
        ((CONTACT, TIME, TIME, TIME, TIME), 400),
        ((CONTACT, {"name": "reason", "valueString": "urgent"}), 400),
    ],
)
async def test_a_request_for_a_talk_that_cannot_be_read_is_refused(
    server: Server, parameters: tuple[Json, ...], status: int
) -> None:
    response = await denied(server)
    assert (await ask(server, response, *parameters)).status_code == status
    assert await listed(server, "code=peer-to-peer") == []


@pytest.mark.parametrize(
    ("code", "parameters", "status"),
    [
        ("schedule", (), 400),
        ("schedule", ({"name": "start", "valueDateTime": "2026-01-01T14:00:00Z"},), 422),
        ("schedule", (START, {"name": "end", "valueDateTime": "2026-01-05T14:00:00Z"}), 400),
        ("conclude", (), 400),
        ("conclude", ({"name": "outcome", "valueCode": "amended"},), 400),
    ],
)
async def test_a_talk_is_not_scheduled_or_concluded_without_the_facts(
    server: Server, code: str, parameters: tuple[Json, ...], status: int
) -> None:
    task = await asked(server, await denied(server))
    assert (await on_task(server, code, task, *parameters)).status_code == status
    assert (await server.get(f"/Task/{task}")).json()["status"] == "requested"


async def test_a_stale_or_missing_version_is_refused(server: Server) -> None:
    response = await denied(server)
    assert (await ask(server, response, **{"If-Match": 'W/"1"'})).status_code == 412
    task = await asked(server, response)
    await on_task(server, "schedule", task, START)
    assert (await on_task(server, "conclude", task, UPHELD, version='W/"1"')).status_code == 412
    body = {"resourceType": "Parameters", "parameter": [UPHELD]}
    assert (await server.post(f"/Task/{task}/$conclude", body, "reviewer")).status_code == 428


async def test_the_review_of_a_request_is_not_concluded_as_a_talk(server: Server) -> None:
    response = await pended(server)
    assert (await on_task(server, "conclude", response, UPHELD)).status_code == 422


async def test_a_foreign_organization_sees_no_talk_and_no_provider_concludes_one(server: Server) -> None:
    response = await denied(server)
    foreign, unknown = await ask(server, response, client="ehr-b"), await ask(server, "unknown", client="ehr-b")
    assert (foreign.status_code, foreign.content) == (404, unknown.content)
    task = await asked(server, response)
    assert (await server.get(f"/Task/{task}", "ehr-b")).status_code == 404
    assert resources((await server.get("/Task", "ehr-b")).json()) == []
    assert (await on_task(server, "conclude", task, UPHELD, client="ehr-a")).status_code == 403
    assert (await on_task(server, "conclude", task, UPHELD, client="reviewer-2")).status_code == 404


async def test_a_provider_does_not_see_which_reviewer_has_the_talk(server: Server) -> None:
    task = await asked(server, await denied(server))
    taken = await server.post(f"/Task/{task}/$take", {"resourceType": "Parameters"}, "reviewer", **{"If-Match": "*"})
    assert "owner" in taken.json()
    seen = (await server.get(f"/Task/{task}")).json()
    assert ("owner" in seen, seen["status"]) == (False, "accepted")


@pytest.mark.parametrize("query", ["owner:identifier=reviewer", "owner:identifier=nobody", "business-status=breached"])
async def test_a_provider_searches_by_visible_elements_only(server: Server, query: str) -> None:
    task = await asked(server, await denied(server))
    await server.post(f"/Task/{task}/$take", {"resourceType": "Parameters"}, "reviewer", **{"If-Match": "*"})
    refused = await server.get(f"/Task?{query}")
    assert (refused.status_code, "must not search Task by" in refused.text) == (403, True)
    [found] = resources((await server.get("/Task?code=peer-to-peer&text=1987654328&status=accepted")).json())
    assert found["id"] == task


async def test_an_amendment_of_a_denial_is_not_drafted(server: Server) -> None:
    response = await denied(server)
    await asked(server, response)
    draft = {"name": "draft", "valueBoolean": True}
    refused = await decide(server, response, ruling(), draft)
    assert (refused.status_code, "must count at once" in issues(refused)[0]["details"]["text"]) == (422, True)
    assert actions(await stored(server, response)) == {1: "A3"}


async def test_a_talk_about_an_imported_denial_names_no_claim_and_may_amend_it(server: Server) -> None:
    response = (await importing.imported(server, importing.denied()))["id"]
    task = (await ask(server, response, client="reviewer")).json()
    assert (task["focus"], task.get("basedOn")) == ({"reference": f"ClaimResponse/{response}"}, None)
    assert actions((await decide(server, response, ruling(end="2026-03-31"), client="physician")).json()) == {1: "A1"}
