"""The systems of a payer's reviewers learn that a decision is due soon, and that it is late."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from app.access.registry import Client
from app.codes import BREACHED_TOPIC, DUE_SOON_TOPIC, EXPIRING_TOPIC, PAS_TOPIC
from app.records.access.registry import change_row
from app.workflow.due.perform import perform_due
from tests.api.reading import resources
from tests.api.reviewing import decide, pended, ruling
from tests.api.trail import events as trail
from tests.support.server import Server
from tests.support.subscribing import Endpoint, create, subscribed, subscription, work

TOPICS = pytest.mark.parametrize("topic", [DUE_SOON_TOPIC, BREACHED_TOPIC])


async def after(server: Server, **time: float) -> None:
    """Move the clock, and let all workers work."""
    server.clock.move(**time)
    while await perform_due(server.system):
        pass
    await work(server)


async def clocks(server: Server, *filters: str, client: str = "admin", **changes: Any) -> None:
    for topic in (DUE_SOON_TOPIC, BREACHED_TOPIC):
        await subscribed(server, *filters, client=client, criteria=topic, **changes)


async def test_each_event_of_a_clock_is_notified_once(server: Server, endpoint: Endpoint) -> None:
    await clocks(server)
    response = await pended(server)
    await after(server, days=6)
    [soon] = endpoint.events
    assert (soon.status["topic"], soon.answer["id"]) == (DUE_SOON_TOPIC, response)
    await after(server, days=1, seconds=1)
    [_, late] = endpoint.events
    assert (late.status["topic"], late.answer["id"]) == (BREACHED_TOPIC, response)
    await after(server, days=30)
    assert len(endpoint.events) == 2


async def test_a_decision_in_time_gives_no_event(server: Server, endpoint: Endpoint) -> None:
    await clocks(server)
    response = await pended(server)
    await decide(server, response, ruling(), **{"If-Match": "*"})
    await after(server, days=8)
    assert endpoint.events == []


async def test_a_late_decision_is_not_said_to_be_due_soon(server: Server, endpoint: Endpoint) -> None:
    """As after a stop of the server."""
    await clocks(server)
    response = await pended(server)
    await after(server, days=8)
    assert [event.status["topic"] for event in endpoint.events] == [BREACHED_TOPIC]
    assert [event["action"] for event in trail(server, response)] == ["submit", "due-soon", "breached"]


async def test_the_staff_of_another_payer_gets_nothing(server: Server, endpoint: Endpoint) -> None:
    await clocks(server, client="admin-2")
    await pended(server)
    await after(server, days=8)
    assert endpoint.events == []


@TOPICS
@pytest.mark.parametrize("filters", [("payer=second-payer",), ("payer=sample-payer,second-payer",), ("payer=x",)])
async def test_a_filter_of_another_payer_is_refused(server: Server, topic: str, filters: tuple[str, ...]) -> None:
    refused = await create(server, *filters, client="admin", criteria=topic)
    assert refused.status_code == 403


async def test_a_filter_selects_the_events_of_a_payer(server: Server, endpoint: Endpoint) -> None:
    await clocks(server, "payer=sample-payer")
    await pended(server)
    await after(server, days=6)
    assert len(endpoint.events) == 1


@TOPICS
async def test_another_filter_is_refused_with_the_supported_one(server: Server, topic: str) -> None:
    refused = await create(server, "org-identifier=1234567893", client="admin", criteria=topic)
    assert (refused.status_code, "payer=VALUE" in refused.text) == (422, True)


@TOPICS
async def test_a_provider_gets_no_event_of_a_clock(server: Server, topic: str) -> None:
    assert (await create(server, criteria=topic)).status_code == 403


@pytest.mark.parametrize("topic", [PAS_TOPIC, EXPIRING_TOPIC])
async def test_the_staff_of_a_payer_gets_no_event_of_a_submitter(server: Server, topic: str) -> None:
    assert (await create(server, client="admin", criteria=topic)).status_code == 403


async def test_a_client_that_loses_its_payer_gets_no_more_events(server: Server, endpoint: Endpoint) -> None:
    await clocks(server)
    await pended(server)
    changed = await change_row(
        server.system.documents, Client, "admin", lambda row: replace(row, payers=("second-payer",))
    )
    assert changed is not None
    await after(server, days=8)
    assert endpoint.events == []


async def test_a_subscription_cannot_move_to_a_topic_of_another_audience(server: Server) -> None:
    created = await subscribed(server, client="admin", criteria=DUE_SOON_TOPIC)
    body = subscription(id=created["id"], criteria=PAS_TOPIC)
    assert (await server.put(f"/Subscription/{created['id']}", body, "admin")).status_code == 403


async def test_the_events_of_a_clock_are_read_again_by_their_subscriber_only(server: Server) -> None:
    created = await subscribed(server, client="admin", criteria=DUE_SOON_TOPIC)
    await pended(server)
    await after(server, days=6)
    path = f"/Subscription/{created['id']}"
    kept = resources((await server.get(f"{path}/$events", "admin")).json())
    assert [row["resourceType"] for row in kept] == ["Parameters", "Bundle"]
    for client in ("reviewer", "admin-2", "ehr-a"):
        assert (await server.get(f"{path}/$events", client)).status_code == 404
        assert (await server.get(path, client)).status_code == 404


async def test_a_delivery_to_a_payer_leaves_an_event_of_its_client(server: Server) -> None:
    await subscribed(server, client="admin", criteria=BREACHED_TOPIC)
    response = await pended(server)
    await after(server, days=8)
    found = await server.get(f"/AuditEvent?entity=ClaimResponse/{response}&agent-role=admin", "auditor")
    assert len(resources(found.json())) == 1, found.text
