"""Headers about hosts and proxies change no URL of an answer."""

from __future__ import annotations

import pytest

from tests.support.samples import request_bundle
from tests.support.server import Server

EVIL = "evil.example.org"
SPOOFED = {
    "Host": EVIL,
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Port": "6666",
    "X-Forwarded-Prefix": f"/{EVIL}",
    "X-Forwarded-For": "198.51.100.1",
    "X-Original-URL": f"/{EVIL}",
    "Forwarded": f"host={EVIL};proto=gopher;for=198.51.100.1",
}
PUBLIC = [
    "/",
    "/openapi.json",
    "/fhir/metadata",
    "/fhir/StructureDefinition?_count=1",
    "/fhir/.well-known/smart-configuration",
    "/.well-known/openid-configuration",
    "/fhir/.well-known/udap",
    "/fhir/Claim",
]


@pytest.mark.acceptance("H79")
@pytest.mark.parametrize("path", PUBLIC)
async def test_a_spoofed_host_changes_no_answer(server: Server, path: str) -> None:
    plain, spoofed = await server.http.get(path), await server.http.get(path, headers=SPOOFED)
    assert (spoofed.status_code, spoofed.content) == (plain.status_code, plain.content)
    assert not [value for value in spoofed.headers.values() if EVIL in value or "gopher" in value]


@pytest.mark.acceptance("H79")
async def test_a_spoofed_host_changes_no_link_and_no_location(server: Server) -> None:
    answers = [
        await server.post("/Claim/$submit", request_bundle(), **SPOOFED),
        await server.get("/Claim?_count=1", **SPOOFED),
        await server.get("/Claim/_history", **SPOOFED),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert EVIL not in answer.text
        assert EVIL not in str(dict(answer.headers))
