"""Leases: one delivery at a time on a channel, also with several workers, and none is lost with its worker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from msgspec.structs import replace

from app.records.subscriptions import channels
from app.workers.deliveries import run_once
from app.workflow.subscriptions.deliver import deliver, lease
from app.workflow.subscriptions.fan_out import fan_out
from tests.api.reviewing import decide, pended, ruling
from tests.support.server import Server
from tests.support.subscribing import Endpoint, subscribed, subscription, work


async def decided(server: Server, identifier: str) -> None:
    server.clock.move(seconds=1)
    response = await pended(server, identifier=identifier)
    assert (await decide(server, response, ruling())).status_code == 200
    while await fan_out(server.system):
        pass


async def test_one_of_two_workers_gets_the_lease(server: Server) -> None:
    await subscribed(server)
    await decided(server, "R-1")
    [due] = await channels.due(server.system.documents, server.clock.now(), 10)
    taken = [await lease(server.system, due) for _ in range(2)]
    assert [one is not None for one in taken] == [True, False]
    assert await channels.due(server.system.documents, server.clock.now(), 10) == []


async def test_several_workers_deliver_each_event_once(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    for number in range(12):
        await decided(server, f"R-{number}")
    for _ in range(3):
        await asyncio.gather(*(run_once(server.system) for _ in range(5)))
    assert [event.number for event in endpoint.events] == list(range(1, 13))


async def test_a_lost_lease_is_taken_over_when_it_ends(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    await decided(server, "R-1")
    [due] = await channels.due(server.system.documents, server.clock.now(), 10)
    assert await lease(server.system, due) is not None  # and its worker is killed
    await work(server)
    assert endpoint.events == []
    server.clock.move(seconds=31)
    await work(server)
    assert [event.number for event in endpoint.events] == [1]


async def test_an_event_that_comes_during_a_delivery_keeps_its_number(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    await decided(server, "R-1")
    [due] = await channels.due(server.system.documents, server.clock.now(), 10)
    taken = await lease(server.system, due)
    assert taken is not None
    await decided(server, "R-2")
    await deliver(server.system, taken)
    await work(server)
    assert [event.number for event in endpoint.events] == [1, 2]


async def test_a_delivery_does_not_undo_an_update_of_the_client(server: Server, endpoint: Endpoint) -> None:
    created = await subscribed(server)
    await decided(server, "R-1")
    [due] = await channels.due(server.system.documents, server.clock.now(), 10)
    taken = await lease(server.system, due)
    assert taken is not None
    body = subscription(id=created["id"], status="off")
    assert (await server.put(f"/Subscription/{created['id']}", body, "ehr-a")).status_code == 200
    await deliver(server.system, taken)
    assert (await server.get(f"/Subscription/{created['id']}")).json()["status"] == "off"
    assert len(endpoint.events) == 1


async def test_a_slow_endpoint_gets_no_more_than_its_lease_allows(server: Server, endpoint: Endpoint) -> None:
    await subscribed(server)
    for number in range(8):
        await decided(server, f"R-{number}")
    [due] = await channels.due(server.system.documents, server.clock.now(), 10)
    taken = await lease(server.system, due)
    assert taken is not None

    class Slow(Endpoint):
        async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes, seconds: float) -> int:
            server.clock.move(seconds=9)
            return await super().post(url, headers, body, seconds)

    slow, hooks = Slow(), server.system.hooks
    await deliver(replace(server.system, hooks=replace(hooks, notifier=slow)), taken)
    assert [event.number for event in slow.events] == [1, 2, 3]
    stored = await channels.by_id(server.system.documents, taken.id)
    assert stored is not None
    assert (stored.channel.delivered, stored.channel.lease) == (3, "")
    await work(server)
    assert [event.number for event in endpoint.events] == [4, 5, 6, 7, 8]
