"""Another server on loopback, which answers raw bytes; and a resolver with a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Any

import httpcore

from app.adapters.outbound.guard import Guard, Resolve
from app.adapters.outbound.http import Outbound

LOOPBACK = (ip_network("127.0.0.0/8"),)

Write = Callable[[asyncio.StreamWriter], Awaitable[None]]


class OtherServer:
    """The requests that arrived, as bytes, and the port."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.port = 0
        self.closed_by_client = asyncio.Event()


@asynccontextmanager
async def other_server(answer: Write | bytes) -> AsyncIterator[OtherServer]:
    """Serve one request a connection: send bytes, or let a function write them."""
    server = OtherServer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
            )
            server.requests.append(head + await reader.readexactly(length))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            server.closed_by_client.set()
        finally:
            writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


def resolving(*answers: Sequence[str]) -> Resolve:
    """Return a resolver that gives the answers in turn, and the last one from then on."""
    left = list(answers)

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


class Recorder(httpcore.AsyncMockBackend):
    """A backend that records the targets of connections and answers with bytes."""

    def __init__(self, answer: bytes = b"") -> None:
        super().__init__([answer])
        self.targets: list[tuple[str, int]] = []

    async def connect_tcp(self, host: str, port: int, *_: Any) -> httpcore.AsyncNetworkStream:
        self.targets.append((host, port))
        return await super().connect_tcp(host, port)


@asynccontextmanager
async def outbound(
    resolver: Resolve | None = None, backend: httpcore.AsyncNetworkBackend | None = None
) -> AsyncIterator[Outbound]:
    """Yield an `Outbound` that may call loopback."""
    calls = Outbound(Guard(LOOPBACK, resolver, backend) if resolver else Guard(LOOPBACK))
    try:
        yield calls
    finally:
        await calls.close()
