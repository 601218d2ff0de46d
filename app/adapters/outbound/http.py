"""Make HTTP requests to other servers, within limits of time and size.

httpcore's pool takes the guard as its documented `network_backend`. It follows no redirect, decodes no content and
reads no environment variable: httpx would need a setting against each.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from functools import cache

import httpcore
from msgspec import Struct

from app.access.outbound.endpoint import Endpoint
from app.adapters.outbound.guard import REFUSAL, Guard

CONNECT_SECONDS = 3.0
HOOK_SECONDS = 10.0
HOOK_ANSWER_BYTES = 4 * 1024
FETCH_SECONDS = 3.0
FETCH_BYTES = 64 * 1024
MOST_CONNECTIONS = 20

Headers = Sequence[tuple[str, str]]


class Unreachable(Exception):  # noqa: N818 - the fault is the other server's
    """The request had no complete answer in time. The text is the same for every reason."""

    def __init__(self) -> None:
        super().__init__(REFUSAL)


class Answer(Struct, frozen=True):
    """The status of an answer, its headers by lower-case name, and its body up to the limit of bytes.

    `cut`: the body was longer.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False


class Outbound:
    """Requests to other servers; each makes a new connection, so each is checked by the guard."""

    def __init__(self, guard: Guard) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_trusted_roots(),
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=0,
            network_backend=guard,
        )

    async def post(self, endpoint: Endpoint, headers: Headers, body: bytes, seconds: float | None = None) -> int:
        """Send a notification and return the status; a redirect is an answer like others.

        `seconds` can shorten the limit of time. Raises Unreachable.
        """
        length = ("Content-Length", str(len(body)))
        limit = HOOK_SECONDS if seconds is None else min(seconds, HOOK_SECONDS)
        answer = await self._request("POST", endpoint, (*headers, length), body, seconds=limit, most=HOOK_ANSWER_BYTES)
        return answer.status

    async def get(self, endpoint: Endpoint) -> Answer:
        """Fetch a small JSON document. Raises Unreachable if it does not arrive within 3 seconds."""
        accepted = (("Accept", "application/json"),)
        return await self._request("GET", endpoint, accepted, b"", seconds=FETCH_SECONDS, most=FETCH_BYTES)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.aclose()

    async def _request(
        self, method: str, endpoint: Endpoint, headers: Headers, body: bytes, *, seconds: float, most: int
    ) -> Answer:
        origin = endpoint.origin
        url = httpcore.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=endpoint.target)
        own = (("Host", _authority(endpoint)), ("Accept-Encoding", "identity"), ("User-Agent", "preauth"))
        times = {"connect": CONNECT_SECONDS, "pool": seconds}
        try:
            async with (
                asyncio.timeout(seconds),
                self._pool.stream(
                    method, url, headers=[*own, *headers], content=body, extensions={"timeout": times}
                ) as response,
            ):
                return await _read(response, most)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as failed:
            raise Unreachable from failed


async def _read(response: httpcore.Response, most: int) -> Answer:
    """Read at most `most` bytes of the body; the rest stays unread and the connection is closed."""
    content = bytearray()
    async for chunk in response.aiter_stream():
        content += chunk[: most + 1 - len(content)]
        if len(content) > most:
            break
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return Answer(response.status, headers, bytes(content[:most]), cut=len(content) > most)


def _authority(endpoint: Endpoint) -> str:
    """Return the value of the Host header."""
    scheme, host, port = endpoint.origin.scheme, endpoint.origin.host, endpoint.origin.port
    name = f"[{host}]" if ":" in host else host
    return name if port == {"https": 443, "http": 80}[scheme] else f"{name}:{port}"


@cache
def _trusted_roots() -> ssl.SSLContext:
    """Read the system's certificates once per process; OpenSSL's SSL_CERT_FILE can name others."""
    return ssl.create_default_context()
