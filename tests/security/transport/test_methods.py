"""Only the methods of a path do something: others are refused, and HEAD and OPTIONS change nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.refusing import everything
from tests.support.process import ServerProcess, server_process
from tests.support.raw import exchange, request
from tests.support.server import Server

PATHS = ["/", "/docs", "/health", "/fhir/metadata", "/fhir/Claim", "/fhir/Claim/1", "/fhir/Claim/$submit"]
CLOSE = "Connection: close"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with server_process(tmp_path_factory.mktemp("methods")) as running:
        yield running


@pytest.mark.acceptance("H80")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "PURGE", "DELETE", "PATCH", "BREW", "get"])
def test_a_method_that_a_path_does_not_have_is_refused(process: ServerProcess, method: str, path: str) -> None:
    secret = "X-Secret: kept-to-ourselves"
    (answer,) = exchange(process.address, request(path, secret, CLOSE, method=method))
    assert (answer.status, answer.issue["code"]) == (405, "not-supported")
    assert {"GET", "POST"} & set(answer.headers["allow"].split(", "))
    assert b"kept-to-ourselves" not in answer.body


@pytest.mark.acceptance("H80")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE"])
async def test_a_safe_method_stores_nothing_and_reveals_no_more_than_get(
    server: Server, method: str, path: str
) -> None:
    before = everything(server)
    safe = await server.http.request(method, path)
    read = await server.http.get(path)
    assert everything(server) == before
    assert safe.content == b"" or safe.status_code == 405
    assert safe.status_code in {read.status_code, 405}
