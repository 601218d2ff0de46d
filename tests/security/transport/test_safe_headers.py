"""Every answer has the headers that keep browsers and caches from misusing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.process import server_process
from tests.support.raw import exchange, request
from tests.support.server import Server

PATHS = ["/", "/docs", "/openapi.json", "/health", "/fhir/metadata", "/fhir/Claim", "/fhir/Nothing", "/nothing"]
CLOSE = "Connection: close"


@pytest.mark.acceptance("H76")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accept", ["text/html", "application/fhir+json"])
async def test_every_answer_is_sealed_against_browsers_and_caches(server: Server, path: str, accept: str) -> None:
    answer = await server.http.get(path, headers={"Accept": accept})
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert answer.headers.get_list("referrer-policy") == ["no-referrer"]
    assert answer.headers.get_list("cache-control") == ["no-store"]
    (policy,) = answer.headers.get_list("content-security-policy")
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy


@pytest.mark.acceptance("H76")
@pytest.mark.parametrize(
    ("base_url", "sent"),
    [("https://pas.payer.example", "max-age=31536000"), ("http://127.0.0.1:8000", None), ("", None)],
)
def test_only_a_server_behind_https_asks_for_https(tmp_path: Path, base_url: str, sent: str | None) -> None:
    with server_process(tmp_path, base_url=base_url) as server:
        asked = [request("/", CLOSE), request("/fhir/Claim", CLOSE), b"GET / HTTP/1.1\r\n\r\n"]
        answers = [answer for data in asked for answer in exchange(server.address, data)]
    assert [answer.status for answer in answers] == [200, 401, 400]
    assert {answer.headers.get("strict-transport-security") for answer in answers} == {sent}
