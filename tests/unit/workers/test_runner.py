"""The workers run while the server runs: at a ring, after a failure, and until the end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.ports import StoreUnavailable
from app.subscriptions.channel import Channel
from app.workers import deliveries, runner
from app.workflow.subscriptions.deliver import deliver
from app.workflow.system import System
from tests.api.reviewing import decide, pended, ruling
from tests.support.logged import logged
from tests.support.server import serving
from tests.support.subscribing import Endpoint, create

PATIENCE = 10


class Waited(Endpoint):
    """An endpoint that wakes the test, and can hold an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes, seconds: float) -> int:
        status = await super().post(url, headers, body, seconds)
        self.arrived.set()
        await self.may_answer.wait()
        return status


async def test_a_running_server_delivers_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "SECONDS_BETWEEN", 0.01)
    endpoint = Waited()
    async with serving(tmp_path, notifier=endpoint, has_workers=True) as server:
        assert (await create(server)).status_code == 201
        server.clock.move(seconds=2)
        await asyncio.wait_for(endpoint.arrived.wait(), PATIENCE)
        endpoint.arrived.clear()
        await decide(server, await pended(server), ruling())
        await asyncio.wait_for(endpoint.arrived.wait(), PATIENCE)
    assert [one.kind for one in endpoint.received] == ["handshake", "event-notification"]


async def test_the_end_of_a_server_gives_a_delivery_a_moment_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "SECONDS_BETWEEN", 0.01)
    monkeypatch.setattr(deliveries, "SECONDS_TO_END", 0.01)
    endpoint = Waited()
    endpoint.may_answer.clear()
    async with serving(tmp_path, notifier=endpoint, has_workers=True) as server:
        await create(server)
        server.clock.move(seconds=2)
        await asyncio.wait_for(endpoint.arrived.wait(), PATIENCE)
    assert endpoint.attempts == 1


@pytest.mark.parametrize(
    ("failure", "line", "count"),
    [(StoreUnavailable("gone"), "a worker waits for the store", 1), (KeyError("odd"), "worker failed", 3)],
)
async def test_a_failing_worker_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failure: Exception, line: str, count: int
) -> None:
    """A lost store is logged once: each request logs it, too."""
    monkeypatch.setattr(runner, "SECONDS_BETWEEN", 0.001)
    calls, is_done = 0, asyncio.Event()

    async def act() -> bool:
        nonlocal calls
        calls += 1
        if calls <= 3:
            raise failure
        is_done.set()
        return False

    running = asyncio.create_task(runner._run("deliveries", act, asyncio.Event()))
    await asyncio.wait_for(is_done.wait(), PATIENCE)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(logged(capsys, line)) == count


async def test_a_delivery_that_breaks_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Endpoint()
    async with serving(tmp_path, notifier=broken) as server:
        first = (await create(server)).json()["id"]
        second = (await create(server, client="ehr-b")).json()["id"]
        server.clock.move(seconds=2)

        async def fails(system: System, channel: Channel) -> None:
            if channel.id == first:
                raise KeyError
            await deliver(system, channel)

        monkeypatch.setattr(deliveries, "deliver", fails)
        await deliveries.run_once(server.system)
        states = [(await server.get(f"/Subscription/{id_}", client)).json()["status"]
                  for id_, client in ((first, "ehr-a"), (second, "ehr-b"))]  # fmt: skip
    assert states == ["requested", "active"]
    assert len(logged(capsys, "delivery failed")) == 1


async def test_a_client_has_few_deliveries_at_once(tmp_path: Path) -> None:
    endpoint = Waited()
    endpoint.may_answer.clear()
    async with serving(tmp_path, notifier=endpoint) as server:
        for number in range(deliveries.MOST_OF_A_CLIENT + 2):
            await create(server, channel={"endpoint": f"https://ehr.example.org/{number}"})
        await create(server, client="ehr-b")
        server.clock.move(seconds=2)
        running = deliveries.Deliveries(server.system)
        await running.begin()
        assert len(running._tasks) == deliveries.MOST_OF_A_CLIENT + 1
        endpoint.may_answer.set()
        await running.finish()
        await running.begin()
        await running.finish()
    assert endpoint.attempts == deliveries.MOST_OF_A_CLIENT + 3
