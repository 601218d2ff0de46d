"""Rest-hooks: where they may lead, and how little a bad one costs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.access.outbound.endpoint import OutboundRules
from app.access.registry import Client
from app.adapters.outbound import http
from app.adapters.outbound.guard import Guard
from app.adapters.outbound.http import Outbound
from app.adapters.outbound.rest_hook import RestHook
from app.records.access.registry import change_row
from app.workers.deliveries import run_once
from tests.support.hostile_addresses import NUMERIC_HOSTS, PRIVATE
from tests.support.other_server import Recorder, other_server, resolving
from tests.support.server import Server, serving
from tests.support.subscribing import Endpoint, create, work

ORIGIN = "https://hooks.example.org"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
LOOPBACK = OutboundRules(networks=(ip_network("127.0.0.0/8"),), http=True, unlisted=True)


class CheckedHook(RestHook):
    """A rest-hook with a resolver and a backend of the test."""

    def __init__(self, rules: OutboundRules, guard: Guard) -> None:
        super().__init__(rules)
        self._outbound = Outbound(guard)


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Server]:
    """A server with the rules of production; `ehr-a` has one origin."""
    async with serving(tmp_path, notifier=Endpoint(), rules=OutboundRules()) as running:
        await change_row(running.system.documents, Client, "ehr-a", lambda row: replace(row, hooks=(ORIGIN,)))
        yield running


def at(url: str) -> dict[str, Any]:
    return {"channel": {"endpoint": url}}


@pytest.mark.acceptance("E55")
@pytest.mark.parametrize("host", [*PRIVATE, *NUMERIC_HOSTS, "localhost", "hooks.localhost"])
async def test_an_endpoint_with_a_private_address_is_refused_at_the_create(strict: Server, host: str) -> None:
    name = f"[{host}]" if ":" in host else host
    refused = await create(strict, **at(f"https://{name}/hook"))
    assert refused.status_code == 422
    assert host not in refused.text


@pytest.mark.acceptance("E55")
@pytest.mark.parametrize(
    ("url", "status"),
    [
        (f"{ORIGIN}/hook?a=b", 201),
        (f"{ORIGIN}:443/hook", 201),
        ("https://hooks.example.org.evil.test/hook", 403),
        ("https://evil.test/hooks.example.org", 403),
        (f"{ORIGIN}:8443/hook", 403),
        ("http://hooks.example.org/hook", 422),
        ("https://user@hooks.example.org/hook", 422),
        (f"{ORIGIN}/hook#part", 422),
        (f"{ORIGIN}/a hook", 422),
        (f"{ORIGIN}/" + "a" * 2048, 422),
    ],
)
async def test_an_endpoint_has_an_origin_of_its_client(strict: Server, url: str, status: int) -> None:
    answer = await create(strict, **at(url))
    assert answer.status_code == status, answer.text


@pytest.mark.acceptance("E55")
async def test_a_client_without_origins_may_not_subscribe(strict: Server) -> None:
    refused = await create(strict, client="ehr-b", **at(f"{ORIGIN}/hook"))
    assert (refused.status_code, "registered origins" in refused.text) == (403, True)


@pytest.mark.acceptance("E55")
async def test_an_origin_that_is_taken_away_ends_the_deliveries(strict: Server) -> None:
    created = (await create(strict, **at(f"{ORIGIN}/hook"))).json()
    await change_row(strict.system.documents, Client, "ehr-a", lambda row: replace(row, hooks=()))
    strict.clock.move(seconds=2)
    await work(strict)
    hook = strict.system.hooks.notifier
    assert isinstance(hook, Endpoint)
    assert hook.attempts == 0
    assert (await strict.get(f"/Subscription/{created['id']}")).json()["status"] == "error"


@pytest.mark.acceptance("E55")
async def test_a_name_that_turns_private_is_not_called(tmp_path: Path) -> None:
    recorder = Recorder(OK)
    guard = Guard((), resolving(["8.8.8.8"], ["10.0.0.1"]), recorder)
    hook = CheckedHook(OutboundRules(http=True, unlisted=True), guard)
    async with serving(tmp_path, notifier=hook, rules=OutboundRules(http=True, unlisted=True)) as server:
        heartbeat = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-heartbeat-period"
        channel = {"endpoint": "http://hooks.example/", "extension": [{"url": heartbeat, "valueUnsignedInt": 10}]}
        created = (await create(server, channel=channel)).json()
        server.clock.move(seconds=2)
        await work(server)
        assert recorder.targets == [("8.8.8.8", 80)]
        server.clock.move(seconds=11)
        await work(server)
        status = (await server.get(f"/Subscription/{created['id']}/$status")).json()
    assert recorder.targets == [("8.8.8.8", 80)]
    assert "could not be reached" in str(status)


@pytest.mark.acceptance("E57")
async def test_an_endless_and_a_dead_endpoint_hold_no_other_subscriber(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "HOOK_SECONDS", 0.5)

    async def silent(_: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"a" * 65536 + b"\r\n")
            await writer.drain()

    async with (
        other_server(silent) as dead,
        other_server(endless) as flood,
        other_server(OK) as alive,
        serving(tmp_path, notifier=RestHook(LOOPBACK), rules=LOOPBACK) as server,
    ):
        ports = [("ehr-a", dead.port), ("ehr-b", flood.port), ("house", alive.port)]
        created = [(await create(server, client=client, **at(f"http://127.0.0.1:{port}/"))).json()["id"]
                   for client, port in ports]  # fmt: skip
        server.clock.move(seconds=2)
        await run_once(server.system)
        states = [(await server.get(f"/Subscription/{id_}", client)).json()["status"]
                  for id_, (client, _) in zip(created, ports, strict=True)]  # fmt: skip
    assert states == ["requested", "active", "active"]
    assert [len(one.requests) for one in (dead, flood, alive)] == [1, 1, 1]


@pytest.mark.acceptance("E56")
async def test_a_notification_carries_the_allowed_headers_and_no_other(tmp_path: Path) -> None:
    async with (
        other_server(OK) as listener,
        serving(tmp_path, notifier=RestHook(LOOPBACK), rules=LOOPBACK) as server,
    ):
        lines = ["Authorization: Bearer a", "X-Tenant: 7"]
        url = f"http://127.0.0.1:{listener.port}/hook"
        assert (await create(server, channel={"endpoint": url, "header": lines})).status_code == 201
        server.clock.move(seconds=2)
        await run_once(server.system)
    head = listener.requests[0].partition(b"\r\n\r\n")[0].decode().split("\r\n")
    own = {"Host", "Accept-Encoding", "User-Agent", "Content-Type", "Content-Length"}
    assert {line.partition(":")[0] for line in head[1:]} == own | {"Authorization", "X-Tenant"}
    assert set(lines) <= set(head)
