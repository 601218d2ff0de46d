"""A decision can be undone during the grace period; the provider sees it afterwards, and a kill loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.adapters.memory import MemoryDocuments
from app.records import authorizations
from app.workflow.contention import Contention
from app.workflow.due.perform import perform_due
from tests.api.asking.asked import control_numbers
from tests.api.asking.attaching import attach, note, parameters, receipt
from tests.api.reading import Json, actions, answered, extension, issues
from tests.api.review.terms import COSIGN, GRACE, under
from tests.api.reviewing import decide, pended, ruling, ruling_on_all
from tests.api.trail import events
from tests.api.types.test_peer_to_peer import asked
from tests.api.updating import added, sent, submitted, update_of
from tests.api.worklist.worklist import inputs, task
from tests.support.samples import request_bundle, request_item
from tests.support.server import Server
from tests.support.subscribing import Endpoint, subscribed, work


@pytest.fixture
async def server(tmp_path: Path, endpoint: Endpoint) -> AsyncIterator[Server]:
    async with under(tmp_path, GRACE, notifier=endpoint) as running:
        yield running


async def seen(server: Server, response: str) -> dict[int, str]:
    """Do what is due, and return the review actions that the provider reads."""
    await perform_due(server.system)
    return actions((await server.get(f"/ClaimResponse/{response}")).json())


async def test_the_provider_sees_a_decision_at_the_end_of_the_grace_period(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    response = await pended(server)
    decided = await decide(server, response, ruling())
    assert actions(decided.json()) == {1: "A4"}
    assert "preAuthRef" not in decided.json()
    server.clock.move(minutes=15, seconds=-1)
    assert await seen(server, response) == {1: "A4"}
    server.clock.move(seconds=1)
    assert await seen(server, response) == {1: "A1"}
    assert (await server.get(f"/ClaimResponse/{response}")).json()["preAuthRef"]
    await work(server)
    assert [actions(event.answer) for event in endpoint.events] == [{1: "A1"}]
    server.clock.move(days=30)
    assert await seen(server, response) == {1: "A1"}
    assert [event["action"] for event in events(server, response)] == ["submit", "decide", "release"]


async def test_the_task_waits_for_the_release_and_is_then_completed(server: Server) -> None:
    response = await pended(server)
    await decide(server, response, ruling())
    waiting = await task(server, response)
    assert (waiting["status"], waiting["code"]["coding"][0]["code"]) == ("requested", "release")
    assert inputs(waiting)["decision-proposed"] == [
        "1: A1 by reviewer (reviewer), release until 2026-01-01T15:15:00.000Z"
    ]
    server.clock.move(minutes=15)
    await perform_due(server.system)
    assert (await task(server, response))["status"] == "completed"


async def test_an_undone_decision_is_never_released(server: Server) -> None:
    response = await pended(server)
    await decide(server, response, ruling())
    assert (await decide(server, response, ruling(1, "undo"))).status_code == 200
    server.clock.move(days=2)
    assert await seen(server, response) == {1: "A4"}
    assert (await task(server, response))["code"]["coding"][0]["code"] == "review"


async def test_a_decision_in_its_grace_period_must_be_undone_before_another(server: Server) -> None:
    response = await pended(server)
    await decide(server, response, ruling())
    refused = await decide(server, response, ruling(1, "deny", reason="not-covered"))
    assert (refused.status_code, "Undo it" in issues(refused)[0]["details"]["text"]) == (409, True)
    assert (await decide(server, response, ruling_on_all())).status_code == 409
    await decide(server, response, ruling(1, "undo"))
    assert (await decide(server, response, ruling(1, "deny", reason="not-covered"))).status_code == 200
    server.clock.move(minutes=15)
    assert await seen(server, response) == {1: "A3"}
    assert (await decide(server, response, ruling(1, "undo"))).status_code == 409


async def test_two_decisions_are_released_each_at_its_time(server: Server) -> None:
    response = await pended(server, items=[request_item(1, "72148", 2), request_item(2, "72148", 2)])
    await decide(server, response, ruling(1))
    server.clock.move(minutes=10)
    await decide(server, response, ruling(2, "deny", reason="not-covered"))
    server.clock.move(minutes=5)
    assert await seen(server, response) == {1: "A1", 2: "A4"}
    server.clock.move(minutes=10)
    assert await seen(server, response) == {1: "A1", 2: "A3"}


async def test_a_decision_in_time_is_released_in_time(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=7, minutes=-5)
    await decide(server, response, ruling())
    server.clock.move(minutes=4, seconds=1)
    assert await seen(server, response) == {1: "A1"}
    stored = await authorizations.by_id(server.system.documents, response)
    assert stored is not None
    assert stored.authorization.items[0].decision.late is False
    server.clock.move(minutes=5)
    await perform_due(server.system)
    assert "breached" not in [event["action"] for event in events(server, response)]


async def test_a_decision_in_the_last_minute_counts_at_once(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=7, seconds=-30)
    assert actions((await decide(server, response, ruling())).json()) == {1: "A1"}


async def test_a_late_decision_has_its_whole_grace_period(server: Server) -> None:
    response = await pended(server)
    server.clock.move(days=8)
    await decide(server, response, ruling())
    server.clock.move(minutes=14)
    assert await seen(server, response) == {1: "A4"}
    server.clock.move(minutes=1)
    assert await seen(server, response) == {1: "A1"}


async def test_a_decision_has_the_day_of_its_release(server: Server) -> None:
    response = await pended(server)
    server.clock.move(hours=13, minutes=50)
    await decide(server, response, ruling())
    server.clock.move(minutes=15)
    await perform_due(server.system)
    [item] = (await server.get(f"/ClaimResponse/{response}")).json()["item"]
    assert extension(item, "extension-itemPreAuthIssueDate")["valueDate"] == "2026-01-02"


async def test_an_update_during_the_grace_period_goes_back_to_the_reviewer(server: Server) -> None:
    items = [request_item(1, "72148", 2)]
    body = sent(items)
    response = (await submitted(server, body))["id"]
    await decide(server, response, ruling(1, "deny", reason="not-medically-necessary"))
    await submitted(server, update_of(body, [*items, added(request_item(2, "97110", 4))]))
    server.clock.move(minutes=15)
    assert await seen(server, response) == {1: "A4", 2: "A1"}


@pytest.mark.parametrize(
    ("rule", "after"), [(ruling(1, "deny", reason="not-covered"), "A4"), (ruling(1), "A1")], ids=["deny", "certify"]
)
async def test_a_document_ends_a_denial_in_its_grace_period_and_no_approval(
    server: Server, rule: Json, after: str
) -> None:
    submitted = await server.post("/Claim/$submit", request_bundle(items=[request_item(1, "72148", 2)]))
    response, [number] = answered(submitted)["id"], control_numbers(submitted)
    await decide(server, response, rule)
    receipt(await attach(server, parameters(number, note())))
    server.clock.move(minutes=15)
    assert await seen(server, response) == {1: after}


async def test_the_grace_period_begins_with_the_signature(tmp_path: Path) -> None:
    async with under(tmp_path, GRACE, COSIGN) as server:
        response = await pended(server)
        await decide(server, response, ruling(1, "deny", reason="not-medically-necessary"))
        server.clock.move(hours=1)
        assert await seen(server, response) == {1: "A4"}
        await decide(server, response, ruling(1, "sign"), client="physician")
        assert await seen(server, response) == {1: "A4"}
        server.clock.move(minutes=15)
        assert await seen(server, response) == {1: "A3"}


async def test_two_servers_release_a_decision_once(server: Server) -> None:
    response = await pended(server)
    await decide(server, response, ruling())
    server.clock.move(minutes=15)
    other = replace(server.system, contention=Contention())
    await asyncio.gather(perform_due(server.system), perform_due(other))
    await asyncio.gather(perform_due(server.system), perform_due(other))
    assert [event["action"] for event in events(server, response)] == ["submit", "decide", "release"]
    assert (await server.get(f"/ClaimResponse/{response}")).headers["etag"] == 'W/"3"'


async def test_the_next_server_releases_the_decisions_of_a_killed_one(tmp_path: Path) -> None:
    store = MemoryDocuments()
    async with under(tmp_path, GRACE, documents=store) as killed:
        response = await pended(killed)
        await decide(killed, response, ruling())
    async with under(tmp_path, GRACE, documents=store) as server:
        server.clock.move(hours=3)
        assert await seen(server, response) == {1: "A1"}


async def test_an_amendment_counts_at_once_and_another_decision_beside_it_does_not(server: Server) -> None:
    items = [request_item(1, "72148", 2), request_item(2, "72148", 3)]
    denial = {"action": "deny", "reason": "not-medically-necessary"}
    response = await pended(server, items=items)
    await decide(server, response, ruling(1, **denial))
    server.clock.move(minutes=16)
    assert await seen(server, response) == {1: "A3", 2: "A4"}
    await asked(server, response)
    assert (await decide(server, response, ruling(1), ruling(2, **denial))).status_code == 200
    assert await seen(server, response) == {1: "A1", 2: "A4"}
    assert (await decide(server, response, ruling(2, "undo"))).status_code == 200
    server.clock.move(minutes=16)
    assert await seen(server, response) == {1: "A1", 2: "A4"}
