"""The guard of connections: every address of a host must be allowed, at each connection."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore
import pytest

from app.adapters.outbound.guard import REFUSAL, Guard, resolve
from tests.support.hostile_addresses import NUMERIC_HOSTS, PRIVATE, PUBLIC
from tests.support.other_server import Recorder, resolving


@pytest.mark.acceptance("E55")
@pytest.mark.parametrize("address", PRIVATE)
async def test_a_name_with_a_private_address_is_refused(address: str) -> None:
    recorder = Recorder()
    with pytest.raises(httpcore.ConnectError, match=REFUSAL):
        await Guard((), resolving([address]), recorder).connect_tcp("hooks.example", 443)
    assert recorder.targets == []


@pytest.mark.parametrize("address", PUBLIC)
async def test_a_name_with_a_public_address_is_connected_by_address(address: str) -> None:
    recorder = Recorder()
    await Guard((), resolving([address]), recorder).connect_tcp("hooks.example", 443)
    assert recorder.targets == [(address, 443)]


@pytest.mark.acceptance("E55")
@pytest.mark.parametrize("answer", [["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["8.8.8.8", "::1"], []])
async def test_one_private_address_among_public_ones_refuses_the_host(answer: Sequence[str]) -> None:
    recorder = Recorder()
    with pytest.raises(httpcore.ConnectError, match=REFUSAL):
        await Guard((), resolving(answer), recorder).connect_tcp("hooks.example", 443)
    assert recorder.targets == []


@pytest.mark.acceptance("E55")
async def test_a_name_that_turns_private_afterwards_is_refused_at_the_next_connection() -> None:
    recorder = Recorder()
    guard = Guard((), resolving(["8.8.8.8"], ["127.0.0.1"]), recorder)
    await guard.connect_tcp("hooks.example", 443)
    with pytest.raises(httpcore.ConnectError, match=REFUSAL):
        await guard.connect_tcp("hooks.example", 443)
    assert recorder.targets == [("8.8.8.8", 443)]


@pytest.mark.acceptance("E55")
@pytest.mark.parametrize("host", [*NUMERIC_HOSTS[:-1], "localhost", "127.0.0.1", "::1", "0.0.0.0"])
async def test_the_resolver_of_the_system_lets_no_notation_of_loopback_pass(host: str) -> None:
    recorder = Recorder()
    with pytest.raises(httpcore.ConnectError, match=REFUSAL):
        await Guard((), backend=recorder).connect_tcp(host, 443)
    assert recorder.targets == []


@pytest.mark.parametrize("host", ["", "a" * 300, "\udcff", "no name", "nothing.invalid"])
async def test_a_host_without_an_address_is_refused_with_the_same_text(host: str) -> None:
    async def failing(_host: str, _port: int) -> Sequence[str]:
        raise (UnicodeError if host != "nothing.invalid" else OSError)

    with pytest.raises(httpcore.ConnectError, match=REFUSAL):
        await Guard((), failing).connect_tcp(host, 443)


async def test_a_slow_resolver_is_not_waited_for() -> None:
    async def never(_host: str, _port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return ()

    with pytest.raises(httpcore.ConnectError, match=REFUSAL):
        await Guard((), never).connect_tcp("hooks.example", 443, timeout=0.01)


async def test_more_addresses_than_a_host_has_are_refused() -> None:
    addresses = [f"8.8.8.{number}" for number in range(17)]
    with pytest.raises(httpcore.ConnectError, match=REFUSAL):
        await Guard((), resolving(addresses), Recorder()).connect_tcp("hooks.example", 443)


async def test_the_next_address_is_tried_if_the_first_does_not_answer() -> None:
    class FirstIsDead(Recorder):
        async def connect_tcp(self, host: str, port: int, *_: Any) -> httpcore.AsyncNetworkStream:
            stream = await super().connect_tcp(host, port)
            if len(self.targets) == 1:
                raise httpcore.ConnectError
            return stream

    recorder = FirstIsDead()
    await Guard((), resolving(["2606:4700:4700::1111", "8.8.8.8"]), recorder).connect_tcp("hooks.example", 443)
    assert [host for host, _ in recorder.targets] == ["2606:4700:4700::1111", "8.8.8.8"]


async def test_no_connection_is_made_to_a_socket_file() -> None:
    with pytest.raises(httpcore.ConnectError, match=REFUSAL):
        await Guard(()).connect_unix_socket("/run/docker.sock")


async def test_waiting_is_left_to_the_backend() -> None:
    await Guard((), backend=Recorder()).sleep(0)


async def test_names_are_resolved_while_the_threads_of_the_loop_are_taken() -> None:
    taken = threading.Event()
    with ThreadPoolExecutor(1) as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        held = asyncio.create_task(asyncio.to_thread(taken.wait))
        try:
            async with asyncio.timeout(30):
                assert await resolve("127.0.0.1", 443) == ("127.0.0.1",)
        finally:
            taken.set()
            await held
