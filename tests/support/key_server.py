"""A server with a key set that tests change, and the cache in front of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

from joserfc.jwk import ECKey

from app.access.outbound.endpoint import OutboundRules
from app.adapters.tokens.jwks_cache import JwksCache
from tests.support.other_server import other_server, outbound

RULES = OutboundRules(networks=(ip_network("127.0.0.0/8"),), http=True, unlisted=True)
KEY = ECKey.generate_key("P-384", {"kid": "one"})


class SetClock:
    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Source:
    """A server with a key set that tests change, and the cache in front of it."""

    def __init__(self) -> None:
        self.status = b"200 OK"
        self.keys: list[dict[str, Any]] = [KEY.as_dict(private=False)]
        self.body: bytes | None = None
        self.headers = b""
        self.clock = SetClock()
        self.wait = 0.0

    async def write(self, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.wait)
        body = self.body if self.body is not None else json.dumps({"keys": self.keys}).encode()
        head = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n" % (self.status, len(body), self.headers)
        writer.write(head + body)
        await writer.drain()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[SourceCache]:
        async with other_server(self.write) as server, outbound() as calls:
            cache = JwksCache(calls, RULES, self.clock)
            yield SourceCache(cache, f"http://127.0.0.1:{server.port}/jwks", server.requests)


class SourceCache:
    def __init__(self, cache: JwksCache, url: str, requests: list[bytes]) -> None:
        self.cache, self.url, self._requests = cache, url, requests

    @property
    def fetches(self) -> int:
        return len(self._requests)

    async def kids(self, kid: str = "one") -> list[str | None]:
        return [key.kid for key in await self.cache.keys(self.url, kid)]
