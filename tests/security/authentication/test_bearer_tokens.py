"""Every route but the public ones needs a token, in the Authorization header, that this server issued for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.main import create_app
from app.search.canonicals import DEFINED
from app.settings import Settings
from app.web.bases import BASES
from tests.api.reading import issues
from tests.support.hostile_tokens import FORGED, OF_ANOTHER_KIND, UNFIT, good
from tests.support.routes import served_paths
from tests.support.server import Server

PUBLIC = {
    *((method, path) for path in ("/oauth/token", "/oauth/revoke") for method in ("POST",)),
    *(("GET", path) for path in ("/oauth/jwks", "/health", "/health/live", "/health/ready")),
    *(("GET", f"/.well-known/{name}") for name in ("smart-configuration", "openid-configuration")),
    *(("GET", base + path) for base in BASES for path in ("/metadata", "/.well-known/smart-configuration")),
    *(("GET", f"{base}/.well-known/udap") for base in BASES),
    *((method, "/oauth/authorize") for method in ("GET", "POST")),
    *(("POST", f"/oauth/authorize/{step}") for step in ("login", "patient", "consent", "logout")),
}
PAGES = {("GET", path) for path in ("/", "/docs", "/openapi.json", "/assets/{digest}/{name}")}
DEFINITIONS = {("GET", f"{base}/{type_}{rest}") for base in BASES for type_ in DEFINED for rest in ("", "/{id}")}
"""Published profiles and value sets: they are the same for every caller, and clients need them to read metadata."""


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    folder: Path = tmp_path_factory.mktemp("routes")
    return sorted(served_paths(create_app(Settings(data=folder, store="memory"))))


def closed(routes: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the method and a path of each route that needs a token."""
    for method, path in routes:
        if (method, path) not in PUBLIC | PAGES | DEFINITIONS:
            yield method, re.sub(r"{\w+}", "1", path)


def refused(answer: httpx.Response) -> None:
    assert answer.status_code == 401, answer.request.url
    assert answer.headers["www-authenticate"].startswith('Bearer realm="preauth"')
    assert [issue["code"] for issue in issues(answer)] == ["login"]
    assert "set-cookie" not in answer.headers


@pytest.mark.acceptance("A1")
async def test_each_route_but_the_public_ones_needs_a_token(server: Server, routes: list[tuple[str, str]]) -> None:
    calls = [call for call in closed(routes) if not call[1].startswith("/oauth/")]
    assert len(calls) > 100
    assert {path.split("/")[1] for _, path in calls} == {base.split("/")[1] for base in BASES}
    for method, path in calls:
        refused(await server.http.request(method, path))


@pytest.mark.acceptance("A1")
async def test_each_endpoint_of_oauth_but_the_public_ones_needs_a_proof(
    server: Server, routes: list[tuple[str, str]]
) -> None:
    for method, path in (call for call in closed(routes) if call[1].startswith("/oauth/")):
        answer = await server.http.request(method, path, data={"token": "x", "patient": "1"})
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"]


@pytest.mark.acceptance("A2")
@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_token_is_refused(server: Server, name: str) -> None:
    await _refused(server, FORGED[name]())


@pytest.mark.acceptance("A3")
@pytest.mark.parametrize("name", UNFIT)
async def test_a_token_for_another_time_server_or_client_is_refused(server: Server, name: str) -> None:
    await _refused(server, UNFIT[name]())


@pytest.mark.acceptance("A4")
@pytest.mark.parametrize("name", OF_ANOTHER_KIND)
async def test_a_token_of_another_kind_is_refused(server: Server, name: str) -> None:
    await _refused(server, OF_ANOTHER_KIND[name]())


async def _refused(server: Server, token: str) -> None:
    for path in ("/fhir/Claim", "/2.0.1/fhir/ClaimResponse/1"):
        answer = await server.http.get(path, headers={"Authorization": f"Bearer {token}"})
        refused(answer)
        assert token.rpartition(".")[2] not in answer.text or token.endswith(".")


@pytest.mark.acceptance("A5")
async def test_a_token_outside_the_header_is_ignored(server: Server) -> None:
    assert (await server.http.get("/fhir/Claim", headers={"Authorization": f"Bearer {good()}"})).status_code == 200
    refused(await server.http.get("/fhir/Claim", params={"access_token": good()}))
    refused(await server.http.post("/fhir/Claim/_search", data={"access_token": good()}))
    refused(await server.http.get("/fhir/Claim", headers={"Cookie": f"access_token={good()}"}))


@pytest.mark.acceptance("A6")
@pytest.mark.parametrize(
    "values",
    [
        [b"Bearer %s", b"Bearer %s"],
        [b"Bearer %s", b"Basic YTpi"],
        [b"Basic YTpi", b"Bearer %s"],
        [b"Bearer " + b"a" * 9216],
        [b"Bearer %s" + b"a" * 9216],
        [b"Bearer \xff\xfe"],
        [b"Bearer %s\xc3\xa9"],
        [b"Bearer"],
        [b"Bearer %s %s"],
        [b"%s"],
    ],
)
async def test_several_or_odd_authorization_headers_are_refused(server: Server, values: list[bytes]) -> None:
    headers = [(b"authorization", value.replace(b"%s", good().encode())) for value in values]
    refused(await server.http.get("/fhir/Claim", headers=headers))
