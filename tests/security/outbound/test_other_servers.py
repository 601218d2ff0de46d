"""Requests to other servers: hostile answers cost little time and memory, and lead nowhere else."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network
from typing import Any

import httpcore
import pytest

from app.access.outbound.endpoint import Endpoint, OutboundRules, read_endpoint
from app.adapters.outbound import http
from app.adapters.outbound.guard import REFUSAL, Guard
from app.adapters.outbound.http import Outbound, Unreachable
from tests.support.other_server import Recorder, other_server, outbound, resolving

RULES = OutboundRules(networks=(ip_network("127.0.0.0/8"),), http=True, unlisted=True)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nCache-Control: max-age=5\r\n\r\n{}"


def at(port: int, path: str = "/hook?a=b") -> Endpoint:
    return read_endpoint(f"http://127.0.0.1:{port}{path}", RULES)


async def test_a_notification_is_sent_with_its_headers_and_nothing_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with other_server(OK) as server, outbound() as calls:
        status = await calls.post(at(server.port), [("Authorization", "Bearer a")], b"{}")
    assert status == 200
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert body == b"{}"
    assert head.split(b"\r\n") == [
        b"POST /hook?a=b HTTP/1.1", b"Host: 127.0.0.1:%d" % server.port, b"Accept-Encoding: identity",
        b"User-Agent: preauth", b"Authorization: Bearer a", b"Content-Length: 2",
    ]  # fmt: skip


async def test_a_document_is_fetched_with_its_headers() -> None:
    async with other_server(OK) as server, outbound() as calls:
        answer = await calls.get(at(server.port))
    assert (answer.status, answer.body, answer.headers["cache-control"], answer.cut) == (200, b"{}", "max-age=5", False)


@pytest.mark.acceptance("E55")
async def test_a_redirect_to_a_private_address_is_not_followed() -> None:
    async with other_server(OK) as private:
        redirect = b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n" % private.port
        async with other_server(redirect) as server, outbound() as calls:
            assert await calls.post(at(server.port), (), b"{}") == 307
            assert (await calls.get(at(server.port))).status == 307
    assert private.requests == []


@pytest.mark.acceptance("E57")
async def test_an_endless_answer_is_cut_and_its_connection_closed() -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"a" * 65536 + b"\r\n")
            await writer.drain()

    async with other_server(endless) as server, outbound() as calls:
        assert await calls.post(at(server.port), (), b"") == 200
        await asyncio.wait_for(server.closed_by_client.wait(), 5)
        answer = await calls.get(at(server.port))
    assert answer.cut
    assert len(answer.body) == 64 * 1024


@pytest.mark.acceptance("E57")
@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"])
async def test_a_slow_answer_frees_the_caller_in_time(start: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "HOOK_SECONDS", 0.2)
    monkeypatch.setattr(http, "FETCH_SECONDS", 0.2)

    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            await asyncio.sleep(0.05)
            writer.write(b"X" if start.endswith(b"\r\n\r\n") else b"")
            await writer.drain()

    async with other_server(slow) as server, outbound() as calls:
        with pytest.raises(Unreachable, match=REFUSAL):
            await calls.post(at(server.port), (), b"")
        with pytest.raises(Unreachable, match=REFUSAL):
            await calls.get(at(server.port))


@pytest.mark.acceptance("E57")
async def test_a_hook_that_never_answers_does_not_hold_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "HOOK_SECONDS", 1.0)

    async def silent(_: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    async with other_server(silent) as dead, other_server(OK) as alive, outbound() as calls:
        waiting = [asyncio.create_task(calls.post(at(dead.port), (), b"")) for _ in range(5)]
        assert await calls.post(at(alive.port), (), b"") == 200
        assert not any(task.done() for task in waiting)
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Unreachable] * 5


@pytest.mark.parametrize(
    "answer",
    [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
     b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 40_000],
)  # fmt: skip
async def test_a_broken_answer_has_the_same_refusal(answer: bytes) -> None:
    async with other_server(answer) as server, outbound() as calls:
        with pytest.raises(Unreachable, match=REFUSAL):
            await calls.post(at(server.port), (), b"")


async def test_a_closed_port_has_the_same_refusal_as_a_private_address() -> None:
    async with other_server(OK) as server:
        pass
    async with outbound() as calls:
        with pytest.raises(Unreachable, match=REFUSAL):
            await calls.get(at(server.port))
    async with outbound(resolving(["10.0.0.1"])) as calls:
        with pytest.raises(Unreachable, match=REFUSAL):
            await calls.get(at(server.port))


@pytest.mark.acceptance("E55")
async def test_the_pool_of_httpcore_connects_through_the_guard_only() -> None:
    """A release of httpcore that leaves `network_backend` out would fail here."""
    recorder = Recorder(OK)
    async with outbound(resolving(["8.8.8.8"]), recorder) as calls:
        await calls.get(read_endpoint("http://hooks.example/", RULES))
    assert recorder.targets == [("8.8.8.8", 80)]
    calls = Outbound(Guard((), resolving(["127.0.0.1"]), recorder))
    with pytest.raises(Unreachable):
        await calls.get(read_endpoint("http://hooks.example/", RULES))
    assert recorder.targets == [("8.8.8.8", 80)]


async def test_tls_verifies_the_name_although_the_address_is_connected() -> None:
    names: list[str | None] = []

    class Stream(httpcore.AsyncMockStream):
        async def start_tls(self, *_: Any, **tls: Any) -> httpcore.AsyncNetworkStream:
            names.append(tls["server_hostname"])
            return self

    class Tls(Recorder):
        async def connect_tcp(self, host: str, port: int, *_: Any) -> httpcore.AsyncNetworkStream:
            self.targets.append((host, port))
            return Stream([OK])

    recorder = Tls()
    async with outbound(resolving(["8.8.8.8"]), recorder) as calls:
        await calls.get(read_endpoint("https://hooks.example/", RULES))
    assert (recorder.targets, names) == ([("8.8.8.8", 443)], ["hooks.example"])
