"""Read the CapabilityStatement as a client does."""

from __future__ import annotations

from typing import Any

from tests.support.server import Server

Json = dict[str, Any]

BASES = {"/fhir": "2.2.1", "/2.2.1/fhir": "2.2.1", "/2.0.1/fhir": "2.0.1"}


async def statement(server: Server, base: str) -> Json:
    answer = await server.http.get(f"{base}/metadata")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/fhir+json"
    found: Json = answer.json()
    return found


async def declared(server: Server, base: str) -> list[Json]:
    [rest] = (await statement(server, base))["rest"]
    assert rest["mode"] == "server"
    found: list[Json] = rest["resource"]
    return found


async def kept(server: Server, base: str) -> list[Json]:
    """Return what is declared of the types that resources are kept of: evidence stays part of its request."""
    return [resource for resource in await declared(server, base) if "searchParam" in resource]
