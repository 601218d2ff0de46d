"""A client writes its Subscription: what is accepted, what is echoed, and what is refused with the accepted values."""

from __future__ import annotations

from typing import Any

import pytest

from app.codes import backport
from app.workflow.subscriptions.subscribe import MOST_OF_A_CLIENT
from tests.api.reading import issues, resources
from tests.support.server import Server
from tests.support.subscribing import ENDPOINT, SECRET, Endpoint, create, subscribed, subscription, work

HIDDEN = "Authorization: ***"
OTHER_TYPE = {"extension": [{"url": backport("backport-channel-type"), "valueCoding": {"code": "other"}}]}
CONTENT = backport("backport-payload-content")


def with_content(code: str) -> dict[str, Any]:
    return {"extension": [{"url": CONTENT, "valueCode": code}]}


@pytest.mark.requirement("pas-2.2.1/capability-Subscription-create")
async def test_a_create_echoes_headers_and_payload_with_the_status_requested(server: Server) -> None:
    sent = subscription(status="active")
    created = await server.post("/Subscription", sent)
    assert created.status_code == 201
    body = created.json()
    assert (body["status"], body["channel"], body["criteria"]) == ("requested", sent["channel"], sent["criteria"])
    assert created.headers["Location"].endswith(f"/fhir/Subscription/{body['id']}/_history/1")
    assert created.headers["ETag"] == 'W/"1"'


@pytest.mark.acceptance("E56")
async def test_the_value_of_a_header_is_shown_to_its_writer_only(server: Server) -> None:
    created = await subscribed(server)
    path = f"/Subscription/{created['id']}"
    for below in (path, f"{path}/_history", f"{path}/_history/1", "/Subscription", "/Subscription/_history"):
        answer = await server.get(below)
        assert answer.status_code == 200
        assert (SECRET in answer.text, HIDDEN in answer.text) == (False, True), below
    trail = await server.get("/AuditEvent?_count=200", "auditor")
    assert SECRET not in trail.text


@pytest.mark.parametrize("name", ["org-identifier", "orgIdentifier"])
async def test_a_filter_names_own_organizations(server: Server, name: str) -> None:
    created = await create(server, f"{name}=8189991234,1987654328")
    assert created.status_code == 201
    assert created.json()["_criteria"]["extension"][0]["valueString"] == f"{name}=8189991234,1987654328"


@pytest.mark.parametrize(
    ("changes", "place", "accepted"),
    [
        ({"criteria": "https://example.org/other"}, "Subscription.criteria", "PASSubscriptionTopic"),
        ({"channel": {"type": "email"}}, "Subscription.channel.type", "rest-hook"),
        ({"channel": {"type": "websocket"}}, "Subscription.channel.type", "rest-hook"),
        ({"channel": {"_type": OTHER_TYPE}}, "Subscription.channel.type", "rest-hook"),
        ({"channel": {"payload": "application/fhir+xml"}}, "Subscription.channel.payload", "application/fhir+json"),
        ({"channel": {"payload": None}}, "Subscription.channel.payload", "application/fhir+json"),
        ({"channel": {"_payload": with_content("id-only")}}, "Subscription.channel.payload", "full-resource"),
        ({"channel": {"_payload": with_content("empty")}}, "Subscription.channel.payload", "full-resource"),
        ({"channel": {"_payload": None}}, "Subscription.channel.payload", "full-resource"),
        ({"channel": {"endpoint": None}}, "Subscription.channel.endpoint", "required"),
        ({"channel": {"endpoint": "ftp://ehr.example.org/"}}, "Subscription.channel.endpoint", "https"),
        ({"channel": {"header": ["Host: evil.example"]}}, "Subscription.channel.header", "Authorization"),
        ({"channel": {"header": ["Authorization: a", "authorization: b"]}}, "Subscription.channel.header", "repeat"),
        ({"channel": {"header": [HIDDEN]}}, "Subscription.channel.header", "value itself"),
        ({"status": "error"}, "Subscription.status", "requested or active or off"),
        ({"end": "2025-12-31T00:00:00Z"}, "Subscription.end", "future"),
        ({"channel": {"extension": [{"url": backport("backport-heartbeat-period"), "valueUnsignedInt": 1}]}},
         "Subscription.channel", "10 to 86400"),
        ({"channel": {"extension": [{"url": backport("backport-timeout"), "valueString": "1"}]}},
         "Subscription.channel", "1 to 86400"),
    ],
)  # fmt: skip
@pytest.mark.requirement("pas-2.2.1/spec-56")
@pytest.mark.requirement("pas-2.2.1/spec-57")
@pytest.mark.requirement("pas-2.2.1/spec-62")
async def test_an_unsupported_value_is_refused_with_the_supported_ones(
    server: Server, changes: dict[str, Any], place: str, accepted: str
) -> None:
    refused = await create(server, **changes)
    assert refused.status_code == 422
    [issue] = issues(refused)
    assert (issue["expression"], accepted in issue["details"]["text"]) == ([place], True), issue


@pytest.mark.parametrize("value", ["patient=Patient/1", "Encounter.patient=Patient/123", "org-identifier="])
async def test_an_unsupported_filter_is_refused_with_the_supported_one(server: Server, value: str) -> None:
    refused = await create(server, value)
    assert refused.status_code == 422
    assert "org-identifier" in issues(refused)[0]["details"]["text"] or "identifiers" in refused.text


async def test_a_filter_extension_of_another_specification_is_refused(server: Server) -> None:
    url = "http://hl7.org/fhir/5.0/subscriptions-backport/StructureDefinition/backport-filter-criteria"
    beside = {"extension": [{"url": url, "valueString": "org-identifier=8189991234"}]}
    refused = await create(server, _criteria=beside)
    assert (refused.status_code, backport("backport-filter-criteria") in refused.text) == (422, True)


async def test_all_faults_are_reported_at_once(server: Server) -> None:
    refused = await create(server, criteria="other", channel={"type": "sms", "payload": "text/plain"})
    assert len(issues(refused)) == 3


async def test_another_or_an_incomplete_body_is_refused(server: Server) -> None:
    assert (await server.post("/Subscription", {"resourceType": "Patient"})).status_code == 400
    incomplete = {"resourceType": "Subscription", "status": "requested"}
    assert (await server.post("/Subscription", incomplete)).status_code == 422


async def test_only_a_client_that_submits_requests_may_subscribe(server: Server) -> None:
    for client in ("biller", "reviewer", "admin", "patient-1", "auditor"):
        assert (await create(server, client=client)).status_code == 403


async def test_an_identical_subscription_replaces_the_earlier_one(server: Server) -> None:
    first, second = await subscribed(server), await subscribed(server)
    statuses = {id_: (await server.get(f"/Subscription/{id_}")).json()["status"] for id_ in (first["id"], second["id"])}
    assert statuses == {first["id"]: "off", second["id"]: "active"}


async def test_subscriptions_with_other_headers_stand_beside_each_other(server: Server) -> None:
    first = await subscribed(server)
    await subscribed(server, channel={"header": ["Authorization: Bearer other"]})
    assert (await server.get(f"/Subscription/{first['id']}")).json()["status"] == "active"


async def test_a_client_has_a_bounded_number_of_subscriptions(server: Server) -> None:
    for number in range(MOST_OF_A_CLIENT):
        assert (await create(server, channel={"endpoint": f"{ENDPOINT}/{number}"})).status_code == 201
    refused = await create(server, channel={"endpoint": f"{ENDPOINT}/more"})
    assert (refused.status_code, str(MOST_OF_A_CLIENT) in refused.text) == (403, True)
    assert (await create(server, client="ehr-b")).status_code == 201


@pytest.mark.requirement("pas-2.2.1/capability-Subscription-update")
async def test_an_update_needs_the_id_of_the_url_and_no_stale_version(server: Server) -> None:
    created = await subscribed(server)
    path = f"/Subscription/{created['id']}"
    assert (await server.put(path, subscription(id="other"), "ehr-a")).status_code == 400
    stale = await server.put(path, subscription(id=created["id"]), "ehr-a", **{"If-Match": 'W/"1"'})
    assert stale.status_code == 412
    fresh = await server.put(path, subscription(id=created["id"]), "ehr-a", **{"If-Match": 'W/"2"'})
    assert (fresh.status_code, fresh.headers["ETag"]) == (200, 'W/"3"')


async def test_a_hidden_value_never_moves_to_another_endpoint(server: Server, endpoint: Endpoint) -> None:
    created = await subscribed(server)
    path = f"/Subscription/{created['id']}"
    body = (await server.get(path)).json() | {"status": "requested"}
    body["channel"]["endpoint"] = "https://elsewhere.example.org/hook"
    refused = await server.put(path, body, "ehr-a")
    assert (refused.status_code, issues(refused)[0]["expression"]) == (422, ["Subscription.channel.header"])
    server.clock.move(minutes=1)
    await work(server)
    assert {one.url for one in endpoint.received} == {ENDPOINT}


@pytest.mark.requirement("pas-2.2.1/capability-Subscription-delete")
async def test_a_deleted_subscription_is_gone_with_its_versions(server: Server) -> None:
    created = await subscribed(server)
    path = f"/Subscription/{created['id']}"
    deleted = await server.http.delete(f"/fhir{path}", headers=server.headers("ehr-a"))
    assert (deleted.status_code, deleted.content, "content-type" in deleted.headers) == (204, b"", False)
    for below in (path, f"{path}/_history", f"{path}/_history/1", f"{path}/$status", f"{path}/$events"):
        assert (await server.get(below)).status_code == 404
    assert resources((await server.get("/Subscription/_history")).json()) == []
    again = await server.http.delete(f"/fhir{path}", headers=server.headers("ehr-a"))
    assert again.status_code == 404
    kinds = {kind for kind, _ in server.system.documents._documents}  # type: ignore[attr-defined]
    assert kinds.isdisjoint({"channel", "notification", "topic-event", "Subscription", "Subscription/history"})


async def test_subscriptions_are_found_by_url_and_by_status(server: Server) -> None:
    first = await subscribed(server)
    second = (await create(server, channel={"endpoint": f"{ENDPOINT}/2"})).json()

    async def found(query: str) -> set[str]:
        return {one["id"] for one in resources((await server.get(f"/Subscription?{query}")).json())}

    assert await found(f"url={ENDPOINT}") == {first["id"]}
    assert await found("status=requested") == {second["id"]}
    assert await found("status=active,requested") == {first["id"], second["id"]}
    assert await found("url=https://ehr.example.org") == set()


async def test_a_client_sets_no_id_and_no_other_managed_field(server: Server) -> None:
    created = await create(server, id="mine", meta={"versionId": "9", "lastUpdated": "2020-01-01T00:00:00Z"})
    body = created.json()
    assert (body["id"] != "mine", body["meta"]["versionId"]) == (True, "1")
    assert (await server.get(f"/Subscription/{body['id']}", "house")).status_code == 404
