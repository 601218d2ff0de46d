"""The keys of an external issuer: from a file, from a URL, or found by its OpenID configuration."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.access.smart.key_source import KeysUnavailable
from app.adapters.tokens.issuer_keys import IssuerKeys, keys_of
from app.adapters.tokens.jwks_cache import JwksCache
from tests.support.assertions import rsa_key
from tests.support.issuers import LOCAL, issuers, key_set
from tests.support.key_server import SetClock
from tests.support.other_server import other_server, outbound

ISSUER = issuers()[2]


@asynccontextmanager
async def discovered(
    issuer: str = "{here}", jwks_uri: str = "{here}/keys"
) -> AsyncIterator[tuple[IssuerKeys, list[bytes]]]:
    """Serve a configuration, in which {here} is the server, and yield the keys that it leads to, and the requests."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        here = f"http://127.0.0.1:{server.port}"
        document = {"issuer": issuer.replace("{here}", here), "jwks_uri": jwks_uri.replace("{here}", here)}
        asks_for_keys = server.requests[-1].startswith(b"GET /keys ")
        body = key_set(rsa_key()) if asks_for_keys else json.dumps(document).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()

    async with other_server(answer) as server, outbound() as calls:
        clock = SetClock()
        here = replace(ISSUER, issuer=f"http://127.0.0.1:{server.port}")
        yield keys_of(here, JwksCache(calls, LOCAL, clock), calls, LOCAL, clock), server.requests


async def test_the_openid_configuration_leads_to_the_keys() -> None:
    async with discovered() as (keys, requests):
        assert [key.kid for key in await keys.keys("rsa-1")] == ["rsa-1"]
        assert [key.kid for key in await keys.keys("rsa-1")] == ["rsa-1"]
    paths = [request.split(b" ")[1] for request in requests]
    assert paths == [b"/.well-known/openid-configuration", b"/keys"]


@pytest.mark.parametrize(
    ("issuer", "jwks_uri"),
    [
        ("https://other.example", "{here}/keys"),
        ("{here}/", "{here}/keys"),
        ("{here}", "https://10.0.0.1/keys"),
        ("{here}", "file:///etc/passwd"),
        ("{here}", ""),
    ],
)
async def test_a_configuration_of_another_issuer_or_with_a_private_address_is_refused(
    issuer: str, jwks_uri: str
) -> None:
    async with discovered(issuer, jwks_uri) as (keys, _):
        with pytest.raises(KeysUnavailable):
            await keys.keys("rsa-1")


async def test_a_url_of_keys_is_used_as_configured() -> None:
    async with discovered() as (_, requests), outbound() as calls:
        async with other_server(b"HTTP/1.1 200 OK\r\n\r\n" + key_set(rsa_key())) as server:
            clock = SetClock()
            named = replace(ISSUER, jwks=f"http://127.0.0.1:{server.port}/keys")
            keys = keys_of(named, JwksCache(calls, LOCAL, clock), calls, LOCAL, clock)
            assert [key.kid for key in await keys.keys("rsa-1")] == ["rsa-1"]
        assert requests == []


async def test_a_file_of_keys_is_read_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(key_set(rsa_key()))
    async with outbound() as calls:
        clock = SetClock()
        keys = keys_of(replace(ISSUER, jwks=str(file)), JwksCache(calls, LOCAL, clock), calls, LOCAL, clock)
    assert [key.kid for key in await keys.keys("rsa-1")] == ["rsa-1"]
    assert await keys.keys("rsa-2") == []


@pytest.mark.parametrize("content", [None, b"{", b'{"keys": []}', b"[]"])
async def test_a_file_without_keys_stops_the_start(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "keys.json"
    if content is not None:
        file.write_bytes(content)
    async with outbound() as calls:
        clock = SetClock()
        with pytest.raises(RuntimeError, match=r"keys\.json"):
            keys_of(replace(ISSUER, jwks=str(file)), JwksCache(calls, LOCAL, clock), calls, LOCAL, clock)
