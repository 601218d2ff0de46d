"""`$status` and `$events`: a client finds out what it has missed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.reading import resources
from tests.api.reviewing import decide, pended, ruling
from tests.support.server import Server
from tests.support.subscribing import ENDPOINT, Endpoint, subscribed, work

Json = dict[str, Any]


def values(parameters: Json) -> Json:
    found: Json = {}
    for one in parameters["parameter"]:
        found.setdefault(one["name"], next((value for name, value in one.items() if name != "name"), None))
    return found


async def decided(server: Server, count: int) -> list[str]:
    ids = []
    for number in range(count):
        server.clock.move(seconds=1)
        ids.append(await pended(server, identifier=f"R-{number}"))
        assert (await decide(server, ids[-1], ruling())).status_code == 200
        await work(server)
    return ids


def numbers(bundle: Json) -> list[int]:
    events = [one for one in bundle["entry"][0]["resource"]["parameter"] if one["name"] == "notification-event"]
    return [int(part["valueString"]) for event in events for part in event["part"] if part["name"] == "event-number"]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_status_of_a_subscription_has_its_count_of_events(server: Server, method: str) -> None:
    created = await subscribed(server)
    await decided(server, 2)
    path = f"/Subscription/{created['id']}/$status"
    body = {"resourceType": "Parameters"}
    answer = await (server.get(path) if method == "GET" else server.post(path, body))
    assert answer.status_code == 200
    assert (answer.json()["type"], answer.json()["total"]) == ("searchset", 1)
    [status] = resources(answer.json())
    found = values(status)
    assert (found["type"], found["status"], found["events-since-subscription-start"]) == ("query-status", "active", "2")
    assert found["subscription"]["reference"].endswith(f"/Subscription/{created['id']}")


async def test_the_status_has_the_reason_of_failed_deliveries(server: Server, endpoint: Endpoint) -> None:
    created = await subscribed(server)
    endpoint.answers = 500
    await decided(server, 1)
    [status] = resources((await server.get(f"/Subscription/{created['id']}/$status")).json())
    assert "5xx" in values(status)["error"]["text"]


async def test_statuses_are_selected_by_id_and_by_status(server: Server) -> None:
    first = await subscribed(server)
    second = await subscribed(server, channel={"endpoint": f"{ENDPOINT}/2"}, status="off")
    await subscribed(server, client="ehr-b")

    async def found(query: str) -> set[str]:
        answer = await server.get(f"/Subscription/$status{query}")
        assert answer.status_code == 200
        return {values(one)["subscription"]["reference"].rpartition("/")[2] for one in resources(answer.json())}

    assert await found("") == {first["id"], second["id"]}
    assert await found(f"?id={first['id']}") == {first["id"]}
    assert await found(f"?id={first['id']}&id={second['id']}") == {first["id"], second["id"]}
    assert await found("?status=off") == {second["id"]}
    assert await found("?id=unknown") == set()
    body = {"resourceType": "Parameters", "parameter": [{"name": "status", "valueCode": "active"}]}
    posted = await server.post("/Subscription/$status", body)
    assert [values(one)["status"] for one in resources(posted.json())] == ["active"]


async def test_events_are_read_again_by_number(server: Server) -> None:
    created = await subscribed(server)
    ids = await decided(server, 4)
    path = f"/Subscription/{created['id']}/$events"
    for query, expected in (
        ("", [1, 2, 3, 4]),
        ("?eventsSinceNumber=3", [3, 4]),
        ("?eventsUntilNumber=2", [1, 2]),
        ("?eventsSinceNumber=2&eventsUntilNumber=3&content=full-resource", [2, 3]),
        ("?eventsSinceNumber=9", []),
        ("?eventsSinceNumber=3&eventsUntilNumber=2", []),
    ):
        answer = (await server.get(path + query)).json()
        assert numbers(answer) == expected
        bundles = [entry["resource"] for entry in answer["entry"][1:]]
        assert [one["entry"][0]["resource"]["id"] for one in bundles] == [ids[number - 1] for number in expected]
        assert values(answer["entry"][0]["resource"])["type"] == "query-event"


@pytest.mark.parametrize(
    "query", ["eventsSinceNumber=x", "eventsSinceNumber=-1", "content=empty", "content=id-only", "color=red",
              "eventsSinceNumber=1&eventsSinceNumber=2", "eventsUntilNumber=99999999999"],
)  # fmt: skip
async def test_bad_parameters_of_events_are_refused(server: Server, query: str) -> None:
    created = await subscribed(server)
    assert (await server.get(f"/Subscription/{created['id']}/$events?{query}")).status_code == 400


async def test_events_leave_an_audit_event_for_each_patient(server: Server) -> None:
    created = await subscribed(server)
    await decided(server, 2)
    before = (await server.get("/AuditEvent?_total=accurate&subtype=operation", "auditor")).json()["total"]
    await server.get(f"/Subscription/{created['id']}/$events")
    after = (await server.get("/AuditEvent?_total=accurate&subtype=operation", "auditor")).json()["total"]
    assert after == before + 1


@pytest.mark.parametrize("operation", ["$status", "$events"])
async def test_a_foreign_subscription_is_as_unknown(server: Server, operation: str) -> None:
    created = await subscribed(server)
    for client, status in (("house", 404), ("ehr-b", 404), ("reviewer", 404), ("biller", 403), ("patient-1", 403)):
        foreign = await server.get(f"/Subscription/{created['id']}/{operation}", client)
        unknown = await server.get(f"/Subscription/unknown/{operation}", client)
        assert (foreign.status_code, foreign.text) == (status, unknown.text)
