"""URLs in a body are data: the server connects to none of them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.support.samples import Json, billing_claim, entry, inquiry_bundle, request_bundle
from tests.support.server import Server


@asynccontextmanager
async def listener() -> AsyncIterator[tuple[str, list[str]]]:
    """Listen on loopback; yield a URL and the list of connections that came."""
    connections: list[str] = []

    async def count(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append("connected")
        writer.close()

    serving = await asyncio.start_server(count, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{serving.sockets[0].getsockname()[1]}/x", connections
    finally:
        serving.close()


@pytest.fixture
def lookups(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names that anything in this process resolves."""
    names: list[str] = []

    def record(host: Any, *_: Any, **__: Any) -> Any:
        names.append(str(host))
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", record)
    return iter([names])


def pointing(resource: Json, url: str) -> Json:
    """Add URLs wherever R4 has room for one that a careless reader would follow."""
    named = url.replace("127.0.0.1", "listener.example")
    return {
        **resource,
        "$schema": url,
        "implicitRules": url,
        "meta": {"source": url, "profile": [*resource.get("meta", {}).get("profile", []), url, named]},
        "extension": [{"url": url, "valueUrl": named}],
        "contained": [
            {
                "resourceType": "DocumentReference", "id": "d1", "status": "current",
                "content": [{"attachment": {"contentType": "application/pdf", "url": url}}],
            },
            {
                "resourceType": "ServiceRequest", "id": "s1", "status": "active", "intent": "order",
                "instantiatesUri": [url], "instantiatesCanonical": [named], "subject": {"reference": url},
            },
        ],
    }  # fmt: skip


def bodies(url: str) -> dict[str, Json]:
    """Return a body by path, each full of URLs."""
    referring = {"referral": {"reference": url}, "related": [{"claim": {"reference": f"{url}/Claim/1"}}]}
    with_references = request_bundle(
        claim=referring, entries=[entry("DocumentReference/d", pointing(document(url), url))]
    )
    for number, row in enumerate(with_references["entry"]):
        row["fullUrl"] = f"{url}/{number}" if number > 5 else row["fullUrl"]
    claim = request_bundle()
    claim["entry"][0]["resource"] = pointing(claim["entry"][0]["resource"], url)
    return {
        "/Claim/$submit": claim,
        "/Claim/$submit?references": with_references,
        "/Claim/$inquire": {**inquiry_bundle(), "link": [{"relation": "next", "url": url}]},
        "/Claim": pointing(billing_claim(provider={"reference": url}), url),
        "/Claim/$validate": pointing(claim["entry"][0]["resource"], url),
    }


def document(url: str) -> Json:
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "content": [{"attachment": {"url": url}}],
        "subject": {"reference": url},
    }


@pytest.mark.acceptance("E59")
@pytest.mark.parametrize("path", list(bodies("http://listener.example/x")))
async def test_no_url_of_a_body_is_followed(lenient_server: Server, lookups: Iterator[list[str]], path: str) -> None:
    async with listener() as (url, connections):
        answer = await lenient_server.post(path.partition("?")[0], bodies(url)[path])
        await asyncio.sleep(0.05)
    assert answer.status_code < 500
    assert connections == []
    assert next(lookups) == []


@pytest.mark.acceptance("E59")
async def test_the_listener_would_notice_a_connection() -> None:
    async with listener() as (url, connections):
        _, writer = await asyncio.open_connection("127.0.0.1", int(url.split(":")[2].partition("/")[0]))
        await asyncio.sleep(0.05)
        writer.close()
    assert connections == ["connected"]
