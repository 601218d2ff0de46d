"""Notifications go to the organization that owns the changed authorization, and to nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.access.registry import Client
from app.fhir.json import write
from app.records.access.registry import change_row
from app.records.subscriptions import channels
from tests.api.reading import resources
from tests.api.reviewing import decide, pended, ruling
from tests.security.tenancy.parties import OF_A, OF_B, OF_C, sent_by, with_more_clients
from tests.support.apps import Browser, people, with_people
from tests.support.samples import request_item
from tests.support.server import Server, serving
from tests.support.subscribing import ENDPOINT, Endpoint, create, subscribed, subscription, work

Json = dict[str, Any]


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
async def server(tmp_path: Path, endpoint: Endpoint) -> AsyncIterator[Server]:
    async with serving(tmp_path, notifier=endpoint, requestor_client_bound=True) as running:
        yield running


async def decided(server: Server, client: str, requestor: str, identifier: str = "R-1") -> str:
    server.clock.move(seconds=1)
    response = await pended(server, client, requestor=requestor, identifier=identifier)
    assert (await decide(server, response, ruling())).status_code == 200
    return response


async def lost(server: Server, client: str, *organizations: str, **changes: Any) -> None:
    """Change a registered client, as a command does."""
    changed = {"organizations": organizations, **changes}
    assert await change_row(server.system.documents, Client, client, lambda row: replace(row, **changed)) is not None


@pytest.mark.acceptance("B34")
@pytest.mark.parametrize("filters", [[OF_B], [f"{OF_A},{OF_B}"], ["0000000000"], [OF_A, OF_B], [f"{OF_A},N123456"]])
async def test_a_filter_of_a_foreign_organization_is_refused(server: Server, filters: list[str]) -> None:
    wanted = [f"org-identifier={one}" for one in filters]
    refused = await create(server, *wanted)
    assert (refused.status_code, OF_B in refused.text) == (403, False)
    created = await subscribed(server, f"org-identifier={OF_A}")
    body = subscription(*wanted, id=created["id"])
    assert (await server.put(f"/Subscription/{created['id']}", body, "ehr-a")).status_code == 403
    assert (await server.get(f"/Subscription/{created['id']}")).json()["meta"]["versionId"] == "2"


@pytest.mark.acceptance("B34")
@pytest.mark.parametrize("other", ["ehr-b", "house", "ehr-c"])
@pytest.mark.requirement("pas-2.2.1/spec-59")
async def test_another_client_neither_reads_nor_changes_a_subscription(
    server: Server, endpoint: Endpoint, other: str
) -> None:
    """Also another client of the same organization: the Subscription has the endpoint of one system."""
    await with_more_clients(server)
    created = await subscribed(server, f"org-identifier={OF_A}")
    path = f"/Subscription/{created['id']}"
    answers = [
        await server.get(path, other),
        await server.get(f"{path}/_history/1", other),
        await server.put(path, subscription(id=created["id"]), other),
        await server.http.delete(f"/fhir{path}", headers=server.headers(other)),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    await decided(server, "ehr-a", OF_A)
    await work(server)
    assert len(endpoint.events) == 1


@pytest.mark.acceptance("E58")
async def test_a_notification_goes_to_subscribers_of_the_owner_only(server: Server, endpoint: Endpoint) -> None:
    for client in ("ehr-a", "ehr-b", "house"):
        await subscribed(server, client=client, channel={"endpoint": f"{ENDPOINT}/{client}"})
    for client, requestor in (("ehr-a", OF_A), ("ehr-b", OF_B), ("house", OF_C)):
        await decided(server, client, requestor, client)
    await work(server)
    received = sorted((event.url.rpartition("/")[2], event.number) for event in endpoint.events)
    # The clearinghouse acts for org-a and org-c.
    assert received == [("ehr-a", 1), ("ehr-b", 1), ("house", 1), ("house", 2)]


async def test_a_filter_selects_among_the_organizations_of_a_client(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server, f"org-identifier={OF_C}", client="house")
    await decided(server, "ehr-a", OF_A, "R-1")
    response = await decided(server, "house", OF_C, "R-2")
    await work(server)
    assert [event.answer["id"] for event in endpoint.events] == [response]


@pytest.mark.requirement("pas-2.2.1/spec-58")
async def test_a_sender_id_selects_the_results_of_its_system(server: Server, endpoint: Endpoint) -> None:
    await with_more_clients(server)
    await subscribed(server, "org-identifier=SENDER-D", client="ehr-d")
    items = [request_item(code="72148", quantity=2)]
    bundle = sent_by("SENDER-D", requestor="1999999992", items=items)
    answer = (await server.post("/Claim/$submit", bundle, "ehr-d")).json()["entry"][0]["resource"]
    assert (await decide(server, answer["id"], ruling())).status_code == 200
    await decided(server, "ehr-d", OF_C, "R-2")
    await work(server)
    assert [event.answer["id"] for event in endpoint.events] == [answer["id"]]


@pytest.mark.acceptance("B35")
async def test_an_organization_that_is_lost_ends_its_notifications_also_queued_ones(
    server: Server, endpoint: Endpoint
) -> None:
    created = await subscribed(server, f"org-identifier={OF_A},{OF_C}", client="house")
    endpoint.answers = 500
    await decided(server, "house", OF_C, "R-1")
    await work(server)
    endpoint.answers = 200
    await lost(server, "house", "org-a")
    server.clock.move(minutes=1)
    await work(server)
    assert endpoint.events == []
    state = (await server.get(f"/Subscription/{created['id']}", "house")).json()
    assert (state["status"], OF_C in state["error"]) == ("error", False)


@pytest.mark.acceptance("B35")
async def test_a_narrower_subscription_withholds_the_queued_results_of_a_lost_organization(
    server: Server, endpoint: Endpoint
) -> None:
    created = await subscribed(server, client="house")
    endpoint.answers = 500
    await decided(server, "house", OF_C, "R-1")
    kept = await decided(server, "house", OF_A, "R-2")
    await work(server)
    await lost(server, "house", "org-a")
    endpoint.answers = 200
    server.clock.move(minutes=1)
    await work(server)
    assert [(event.number, event.answer["id"]) for event in endpoint.events] == [(2, kept)]
    read = (await server.get(f"/Subscription/{created['id']}/$events", "house")).json()
    assert [entry["resource"]["entry"][0]["resource"]["id"] for entry in read["entry"][1:]] == [kept]


@pytest.mark.acceptance("B35")
@pytest.mark.parametrize("changes", [{"disabled": True}, {"role": "biller"}])
async def test_a_client_without_its_rights_gets_nothing_more(server: Server, endpoint: Endpoint, changes: Json) -> None:
    await subscribed(server)
    await decided(server, "ehr-a", OF_A)
    await lost(server, "ehr-a", "org-a", **changes)
    await work(server)
    assert endpoint.events == []


@pytest.mark.acceptance("B34")
async def test_a_person_of_an_app_for_many_organizations_neither_subscribes_nor_sees_subscriptions(
    server: Server,
) -> None:
    """The app is one client: its Subscriptions would show each organization those of the others."""
    await with_people(server)
    app = next(client for client in people().clients if client.id == "app-ehr")
    server.clients = {**server.clients, app.id: replace(app, scopes=("system/*.cruds",))}
    created = await subscribed(server, client=app.id)
    browser = Browser(server)
    await browser.open(app.id, scope="user/Subscription.cruds")
    await browser.log_in("bob")
    await browser.send("consent", decision="allow")
    token = (await browser.redeem(browser.sent_back["code"], app.id)).json()["access_token"]
    sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
    path = f"/fhir/Subscription/{created['id']}"
    statuses = {
        (method, url): (await server.http.request(method, url, headers=sent, content=body)).status_code
        for method, url, body in (
            ("POST", "/fhir/Subscription", write(subscription())),
            ("PUT", path, write(subscription(id=created["id"]))),
            ("GET", path, None),
            ("GET", f"{path}/$events", None),
            ("DELETE", path, None),
        )
    }
    assert list(statuses.values()) == [403, 404, 404, 404, 404]
    for url in ("/fhir/Subscription", "/fhir/Subscription/$status"):
        assert resources((await server.http.get(url, headers=sent)).json()) == []


async def test_a_token_for_one_organization_narrows_its_subscription_to_it(server: Server, endpoint: Endpoint) -> None:
    created = await subscribed(server, client="house")
    endpoint.answers = 500
    await decided(server, "ehr-a", OF_A, "R-1")
    await work(server)
    endpoint.answers = 200
    stored = await channels.by_id(server.system.documents, created["id"])
    assert stored is not None
    narrow = replace(stored.channel, organizations=("org-c",))
    await server.system.documents.commit(channels.channel_replace(stored, narrow))
    server.clock.move(minutes=1)
    await work(server)
    assert endpoint.events == []


async def test_an_organization_that_is_won_later_counts_after_the_next_update(
    server: Server, endpoint: Endpoint
) -> None:
    created = await subscribed(server)
    await lost(server, "ehr-a", "org-a", "org-c")
    await decided(server, "house", OF_C, "R-1")
    await work(server)
    assert endpoint.events == []
    server.clock.move(minutes=1)
    await server.put(f"/Subscription/{created['id']}", subscription(id=created["id"]), "ehr-a")
    server.clock.move(seconds=2)
    await decided(server, "house", OF_C, "R-2")
    await work(server)
    await work(server)
    assert len(endpoint.events) == 1


async def test_a_test_bed_ignores_foreign_filters_and_keeps_the_owner(tmp_path: Path, endpoint: Endpoint) -> None:
    async with serving(tmp_path, notifier=endpoint, subscription_client_bound=False) as bed:
        for number, value in enumerate(("org-identifier=1234567893", "Encounter.patient=Patient/123")):
            past: Json = {"end": "2020-01-01T00:00:00Z", "channel": {"endpoint": f"{ENDPOINT}/{number}"}}
            await subscribed(bed, value, **past)
        await decided(bed, "ehr-b", OF_B, "R-1")
        response = await decided(bed, "ehr-a", OF_A, "R-2")
        await work(bed)
    assert [event.answer["id"] for event in endpoint.events] == [response] * 2
