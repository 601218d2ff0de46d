"""An endpoint that fails: the same event again, after growing pauses, until the Subscription is in error."""

from __future__ import annotations

import pytest

from app.subscriptions.channel import PAUSES
from tests.api.reviewing import decide, pended, ruling
from tests.support.server import Server
from tests.support.subscribing import Endpoint, create, subscribed, subscription, work

Answers = int | None


async def decided(server: Server, identifier: str) -> None:
    server.clock.move(seconds=1)
    response = await pended(server, identifier=identifier)
    assert (await decide(server, response, ruling())).status_code == 200
    await work(server)


async def worn_out(server: Server) -> None:
    """Let all pauses pass."""
    for pause in PAUSES:
        server.clock.move(seconds=pause * 1.3)
        await work(server)


async def status_of(server: Server, id_: str) -> dict[str, str]:
    body = (await server.get(f"/Subscription/{id_}")).json()
    return {name: body[name] for name in ("status", "error") if name in body}


@pytest.mark.parametrize("answer", [None, 500, 404, 410, 302, 199])
async def test_a_failed_notification_comes_again_with_the_same_number(
    server: Server, endpoint: Endpoint, answer: Answers
) -> None:
    await subscribed(server)
    endpoint.answers = answer
    await decided(server, "R-1")
    assert (endpoint.attempts, endpoint.events) == (2, [])
    await work(server)
    assert endpoint.attempts == 2
    endpoint.answers = 200
    server.clock.move(seconds=2)
    await work(server)
    assert [event.number for event in endpoint.events] == [1]


async def test_later_events_wait_for_an_earlier_one(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    endpoint.answers = 503
    for number in range(3):
        await decided(server, f"R-{number}")
    endpoint.answers = 200
    server.clock.move(minutes=1)
    await work(server)
    assert [event.number for event in endpoint.events] == [1, 2, 3]


@pytest.mark.parametrize(
    ("answer", "text"),
    [(None, "could not be reached"), (500, "status of 5xx"), (301, "status of 3xx"), (401, "status of 4xx")],
)
async def test_after_the_last_pause_the_subscription_is_in_error(
    server: Server, endpoint: Endpoint, answer: Answers, text: str
) -> None:
    created = await subscribed(server)
    endpoint.answers = answer
    await decided(server, "R-1")
    await worn_out(server)
    state = await status_of(server, created["id"])
    assert (state["status"], text in state["error"]) == ("error", True)
    attempts = endpoint.attempts
    server.clock.move(days=1)
    await work(server)
    assert endpoint.attempts == attempts == len(PAUSES) + 2


async def test_a_handshake_that_always_fails_puts_the_subscription_in_error(server: Server, endpoint: Endpoint) -> None:
    endpoint.answers = 500
    created = (await create(server)).json()
    server.clock.move(seconds=2)
    await work(server)
    assert (await status_of(server, created["id"])) == {"status": "requested"}
    await worn_out(server)
    assert (await status_of(server, created["id"]))["status"] == "error"


async def test_a_client_ends_an_error_and_gets_the_events_that_it_has_missed(
    server: Server, endpoint: Endpoint
) -> None:
    created = await subscribed(server)
    endpoint.answers = 500
    await decided(server, "R-1")
    await worn_out(server)
    await decided(server, "R-2")
    endpoint.answers = 200
    server.clock.move(days=1)
    await work(server)
    assert endpoint.events == []
    updated = await server.put(f"/Subscription/{created['id']}", subscription(id=created["id"]), "ehr-a")
    assert (updated.status_code, updated.json()["status"]) == (200, "requested")
    assert "error" not in updated.json()
    server.clock.move(seconds=2)
    await work(server)
    await work(server)
    assert [one.kind for one in endpoint.received] == ["handshake", "handshake", *["event-notification"] * 2]
    assert [event.number for event in endpoint.events] == [1, 2]
    assert await status_of(server, created["id"]) == {"status": "active"}


async def test_a_read_and_sent_back_subscription_ends_an_error_with_its_headers(
    server: Server, endpoint: Endpoint
) -> None:
    created = await subscribed(server)
    endpoint.answers = 500
    await decided(server, "R-1")
    await worn_out(server)
    endpoint.answers = 200
    body = (await server.get(f"/Subscription/{created['id']}")).json() | {"status": "requested"}
    assert (await server.put(f"/Subscription/{created['id']}", body, "ehr-a")).status_code == 200
    server.clock.move(seconds=2)
    await work(server)
    assert endpoint.received[-1].headers["Authorization"] == endpoint.received[0].headers["Authorization"]


async def test_a_client_that_turns_its_subscription_off_gets_nothing(server: Server, endpoint: Endpoint) -> None:
    created = await subscribed(server)
    body = subscription(id=created["id"], status="off")
    assert (await server.put(f"/Subscription/{created['id']}", body, "ehr-a")).json()["status"] == "off"
    await decided(server, "R-1")
    server.clock.move(minutes=1)
    await work(server)
    assert [one.kind for one in endpoint.received] == ["handshake"]


async def test_one_failing_endpoint_does_not_hold_another(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    other = await subscribed(server, channel={"endpoint": "https://ehr.example.org/dead"})
    endpoint.dead.add("https://ehr.example.org/dead")
    await decided(server, "R-1")
    assert [event.url for event in endpoint.events] == ["https://ehr.example.org/hook"]
    assert await status_of(server, other["id"]) == {"status": "active"}
