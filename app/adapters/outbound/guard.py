"""Check each connection when it is made: all addresses of the host must be allowed, and it goes to a checked one.

A check of the name beforehand can be outwitted by DNS that answers differently the second time. TLS still verifies the
name, because only the target of the connection is replaced.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore

from app.access.outbound.addresses import Network, may_connect

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host."""

MOST_ADDRESSES = 16
REFUSAL = "The connection failed."
"""The one text for every reason, so that refusals do not map a network."""


_threads = ThreadPoolExecutor(4, "resolver")
"""Threads of the resolver: a name whose server is silent holds one for long, and none of the loop's own."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, each once, by the system's resolver."""
    answers = await asyncio.get_running_loop().run_in_executor(_threads, _answers, host, port)
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))


def _answers(host: str, port: int) -> Sequence[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class Guard(httpcore.AsyncNetworkBackend):
    """Connect to allowed addresses only. `backend` makes the connection."""

    def __init__(
        self,
        networks: Sequence[Network],
        resolver: Resolve = resolve,
        backend: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._networks = networks
        self._resolve = resolver
        self._backend = backend or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve the host once and connect to its first address that answers. Raises httpcore.ConnectError."""
        try:
            async with asyncio.timeout(timeout):
                for address in await self._checked(host, port):
                    try:
                        return await self._backend.connect_tcp(address, port, None, local_address, socket_options)
                    except httpcore.ConnectError:
                        continue
        except (OSError, ValueError):
            pass
        raise httpcore.ConnectError(REFUSAL)

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no endpoint is a file of this machine."""
        raise httpcore.ConnectError(REFUSAL)

    async def sleep(self, seconds: float) -> None:
        """Wait between two attempts."""
        await self._backend.sleep(seconds)

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of the host; none unless all are allowed."""
        addresses = [address.partition("%")[0] for address in await self._resolve(host, port)]
        allowed = len(addresses) <= MOST_ADDRESSES and all(may_connect(one, self._networks) for one in addresses)
        return addresses if allowed else ()
