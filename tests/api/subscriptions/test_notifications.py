"""A result that changes reaches the subscriber: once, in order, whole, and in its own references."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from app.domain.authorization import Authorization
from app.workflow.subscriptions import fan_out as module_of_fan_out
from app.workflow.subscriptions.current_answer import current_answer
from app.workflow.system import System
from tests.api.reading import Json, resources
from tests.api.reviewing import decide, pended, ruling
from tests.support.samples import request_bundle, request_item
from tests.support.server import Server
from tests.support.subscribing import ENDPOINT, SECRET, Endpoint, create, subscribed, work

NPI = "8189991234"
OWN = {"ClaimResponse", "CommunicationRequest", "Task"}
"""The resources of an answer that the server adds to those of the client."""


def echoed(answer: Json) -> list[Json]:
    """Return the entries of an answer that the client sent: no ClaimResponse, and no request for documents."""
    return [entry for entry in answer["entry"] if entry["resource"]["resourceType"] not in OWN]


async def decided(server: Server, **asked: Any) -> str:
    """Submit a request that is pended, and certify its item; return the id of the ClaimResponse."""
    server.clock.move(seconds=1)
    response = await pended(server, **asked)
    assert (await decide(server, response, ruling())).status_code == 200
    return response


@pytest.mark.requirement("pas-2.2.1/spec-54")
async def test_a_handshake_makes_a_subscription_active(server: Server, endpoint: Endpoint) -> None:
    created = await create(server, f"org-identifier={NPI}")
    assert created.status_code == 201, created.text
    assert created.json()["status"] == "requested"
    await work(server)
    assert endpoint.attempts == 0
    server.clock.move(seconds=2)
    await work(server)
    [handshake] = endpoint.received
    assert (handshake.kind, handshake.status["status"]) == ("handshake", "requested")
    assert handshake.status["events-since-subscription-start"] == "0"
    read = (await server.get(f"/Subscription/{created.json()['id']}")).json()
    assert (read["status"], read["meta"]["versionId"]) == ("active", "2")


@pytest.mark.requirement("pas-2.2.1/spec-51")
async def test_a_decision_reaches_the_subscriber_with_the_whole_answer(server: Server, endpoint: Endpoint) -> None:
    created = await subscribed(server, f"org-identifier={NPI}")
    response = await decided(server)
    await work(server)
    [event] = endpoint.events
    assert (event.url, event.headers) == (
        ENDPOINT,
        {"Content-Type": "application/fhir+json", "Authorization": SECRET},
    )
    assert event.status["subscription"]["reference"].endswith(f"/fhir/Subscription/{created['id']}")
    assert (event.status["status"], event.number) == ("active", 1)
    assert event.answer["id"] == response
    assert event.answer["preAuthRef"]


@pytest.mark.requirement("pas-2.2.1/spec-61")
async def test_a_notification_has_the_entries_of_the_first_answer_and_the_present_decision(
    server: Server, endpoint: Endpoint
) -> None:
    await subscribed(server)
    bundle = request_bundle(items=[request_item(code="72148", quantity=2)])
    first = (await server.post("/Claim/$submit", bundle)).json()
    response = first["entry"][0]["resource"]["id"]
    await decide(server, response, ruling())
    await work(server)
    notified = endpoint.events[0].bundle["entry"][1]["resource"]
    assert all(entry in notified["entry"] for entry in echoed(first))
    assert notified["entry"][0]["fullUrl"] == first["entry"][0]["fullUrl"]
    assert (notified["type"], notified["identifier"]) == ("collection", first["identifier"])
    before, after = first["entry"][0]["resource"], notified["entry"][0]["resource"]
    assert after["patient"] == before["patient"]
    assert after["item"] != before["item"]


async def test_each_entry_has_request_and_response(server: Server, endpoint: Endpoint) -> None:
    created = await subscribed(server)
    await decided(server)
    await work(server)
    for notification in endpoint.received:
        status, *focuses = notification.bundle["entry"]
        assert notification.bundle["type"] == "history"
        assert status["request"]["method"] == "GET"
        assert status["request"]["url"].endswith(f"/Subscription/{created['id']}/$status")
        assert [one["response"]["status"] for one in (status, *focuses)] == ["200", "201"][: 1 + len(focuses)]
    [focus] = [part for part in endpoint.events[0].status["notification-event"] if part["name"] == "focus"]
    assert focus["valueReference"]["reference"] == endpoint.events[0].bundle["entry"][1]["fullUrl"]


async def test_a_parameters_request_is_answered_in_its_own_references(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    bundle = request_bundle(items=[request_item(code="72148", quantity=2)])
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": bundle}]}
    first = (await server.post("/Claim/$submit", wrapped)).json()
    await decide(server, first["entry"][0]["resource"]["id"], ruling())
    await work(server)
    notified = endpoint.events[0].bundle["entry"][1]["resource"]
    assert all(entry in notified["entry"] for entry in echoed(first))


async def test_events_are_numbered_and_arrive_in_order(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    responses = [await decided(server, identifier=f"R-{number}") for number in range(15)]
    for _ in range(3):
        await work(server)
    assert [event.number for event in endpoint.events] == list(range(1, 16))
    assert [event.answer["id"] for event in endpoint.events] == responses
    assert [event.status["events-since-subscription-start"] for event in endpoint.events][-1] == "15"


@pytest.mark.requirement("pas-2.2.1/spec-60")
async def test_a_decision_on_one_of_two_items_is_an_event_too(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    items = [request_item(code="72148", quantity=2, sequence=number) for number in (1, 2)]
    response = await pended(server, items=items)
    await decide(server, response, ruling(1))
    await decide(server, response, ruling(2))
    await work(server)
    assert [event.number for event in endpoint.events] == [1, 2]


async def test_the_synchronous_answer_is_not_notified_again(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    await pended(server)
    await work(server)
    assert endpoint.events == []


async def test_each_subscription_has_numbers_of_its_own(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    await decided(server, identifier="R-1")
    await work(server)
    other = await subscribed(server, channel={"endpoint": f"{ENDPOINT}/2"})
    await decided(server, identifier="R-2")
    await work(server)
    numbers = {(event.url.rpartition("/")[2], event.number) for event in endpoint.events}
    assert numbers == {("hook", 1), ("hook", 2), ("2", 1)}
    assert other["id"]


async def test_an_event_without_subscribers_leaves_no_row(server: Server, endpoint: Endpoint) -> None:
    await decided(server)
    await work(server)
    await subscribed(server)
    assert endpoint.events == []


async def test_an_event_that_cannot_be_written_holds_no_other(
    server: Server, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribed(server)
    bad, good = await decided(server, identifier="R-1"), await decided(server, identifier="R-2")

    async def fails_once(system: System, authorization: Authorization, now: datetime) -> str:
        if authorization.id == bad:
            raise KeyError
        return await current_answer(system, authorization, now)

    with monkeypatch.context() as patched:
        patched.setattr(module_of_fan_out, "current_answer", fails_once)
        await work(server)
    assert [event.answer["id"] for event in endpoint.events] == [good]
    server.clock.move(minutes=2)
    await work(server)
    assert [(event.number, event.answer["id"]) for event in endpoint.events] == [(1, good), (2, bad)]


async def test_an_edition_with_ids_only_refers_to_the_claim_response(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server, content="id-only", base="/2.0.1/fhir")
    response = await decided(server)
    await work(server)
    [event] = endpoint.events
    [focus] = [part for part in event.status["notification-event"] if part["name"] == "focus"]
    url = f"http://preauth.test/2.0.1/fhir/ClaimResponse/{response}"
    assert focus["valueReference"]["reference"] == url
    [entry] = event.bundle["entry"][1:]
    assert (entry["fullUrl"], "resource" in entry) == (url, False)


async def test_a_heartbeat_follows_a_period_without_a_notification(server: Server, endpoint: Endpoint) -> None:
    url = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-heartbeat-period"
    await subscribed(server, channel={"extension": [{"url": url, "valueUnsignedInt": 60}]})
    server.clock.move(seconds=59)
    await work(server)
    assert [one.kind for one in endpoint.received] == ["handshake"]
    server.clock.move(seconds=2)
    await work(server)
    assert [one.kind for one in endpoint.received] == ["handshake", "heartbeat"]


async def test_a_subscription_ends_at_its_end(server: Server, endpoint: Endpoint) -> None:
    created = await subscribed(server, end="2026-01-01T16:00:00Z")
    server.clock.move(hours=2)
    await work(server)
    assert (await server.get(f"/Subscription/{created['id']}")).json()["status"] == "off"
    await decided(server)
    await work(server)
    assert endpoint.events == []


async def test_a_delivery_leaves_an_audit_event(server: Server, endpoint: Endpoint) -> None:
    created = await subscribed(server)
    response = await decided(server)
    await work(server)
    assert endpoint.events
    named = f"Subscription/{created['id']}", f"ClaimResponse/{response}"
    found = resources((await server.get("/AuditEvent?_count=200", "auditor")).json())
    accesses = [[one["what"].get("reference") for one in event["entity"] if "what" in one] for event in found]
    assert len([access for access in accesses if set(named) <= set(access)]) == 1
