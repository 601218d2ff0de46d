"""Every error at an endpoint of OAuth is JSON in the form of RFC 6749, whatever goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.access.limiter import Limiter, Limits
from app.access.pace import Pace
from app.adapters.udap.server import udap_server
from app.ports import StoreUnavailable, TooLarge
from app.web.smart.oauth_routes import oauth_routes
from app.web.smart.udap import registration_routes
from tests.support.broken_store import BrokenDocuments
from tests.support.server import ROOT, Server, serving
from tests.support.udap import software, written

BASIC = {"Authorization": "Basic YTpi"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DESCRIPTION = re.compile(r"[ !#-\[\]-~]{10,300}")
"""https://www.rfc-editor.org/rfc/rfc6749#section-5.2: no quotation marks, backslashes or characters outside ASCII."""

Sending = Mapping[str, Any]
GOOD: Mapping[str, Callable[[Server], Sending]] = {
    "/oauth/token": lambda _: {"content": "grant_type=client_credentials&scope=system/*.rs", "headers": BASIC | FORM},
    "/oauth/introspect": lambda _: {"content": "token=x", "headers": BASIC | FORM},
    "/oauth/revoke": lambda _: {"content": "token=x", "headers": BASIC | FORM},
    "/oauth/launch": lambda server: {"content": "patient=x", "headers": server.headers("ehr-a") | FORM},
    "/oauth/register": lambda server: {"json": {"software_statement": software(server), "udap": "1"}},
}
"""For each endpoint that takes a body, a request that reaches the store."""


async def send(server: Server, path: str, **changes: Any) -> httpx.Response:
    request = {**GOOD[path](server), **changes}
    if "content" in changes:
        request.pop("json", None)
    return await server.http.post(path, **request)


def refused(answer: httpx.Response, status: int, error: str) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json"), answer.text
    body = answer.json()
    assert body.keys() == {"error", "error_description"}
    assert body["error"] == error
    assert DESCRIPTION.fullmatch(body["error_description"]), body
    assert answer.headers["cache-control"] == "no-store"


@pytest.fixture
def every_part(tmp_path: Path) -> Mapping[str, Any]:
    """A store that can break, and the registration of UDAP."""
    udap = udap_server(written(tmp_path, f"{ROOT}/fhir"), ROOT)
    return {"folder": tmp_path, "documents": BrokenDocuments(), "udap": udap}


async def test_the_table_has_every_endpoint(community: Server) -> None:
    system = community.system
    routes = [*oauth_routes(system), *registration_routes(system)]
    posts = {route.path for route in routes if "POST" in (route.methods or ()) and route.path.startswith("/oauth/")}
    assert posts == GOOD.keys() | {"/oauth/userinfo"}


@pytest.mark.acceptance("H80")
async def test_a_wrong_method_lists_the_right_ones(community: Server) -> None:
    for route in [*oauth_routes(community.system), *registration_routes(community.system)]:
        methods = route.methods or set()
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - methods:
            answer = await community.http.request(method, route.path)
            refused(answer, 405, "invalid_request")
            assert set(answer.headers["allow"].split(", ")) == methods


@pytest.mark.parametrize("path", ["/oauth/", "/oauth/none", "/oauth/token/", "/oauth/TOKEN", "/.well-known/none"])
async def test_an_unknown_path_is_not_found(server: Server, path: str) -> None:
    for method in ("GET", "POST"):
        refused(await server.http.request(method, path, content=b"x"), 404, "invalid_request")


@pytest.mark.parametrize("path", GOOD)
async def test_a_body_over_the_limit_is_too_large(community: Server, path: str) -> None:
    headers = {"Content-Type": "application/json", **GOOD[path](community).get("headers", {})}
    answer = await send(community, path, content=b"a=" + b"x" * 100_000, headers=headers)
    refused(answer, 413, "invalid_request")


@pytest.mark.acceptance("C42")
@pytest.mark.parametrize("path", GOOD)
@pytest.mark.parametrize("media_type", ["text/plain", "application/fhir+json", "multipart/form-data; boundary=x", None])
async def test_a_body_of_another_media_type_is_refused(community: Server, path: str, media_type: str | None) -> None:
    headers = {**GOOD[path](community).get("headers", {}), "Content-Type": media_type}
    answer = await send(community, path, content=b"x", headers={k: v for k, v in headers.items() if v is not None})
    refused(answer, 415, "invalid_request")
    accepted = "application/json" if path == "/oauth/register" else "application/x-www-form-urlencoded"
    assert accepted in answer.json()["error_description"]


@pytest.mark.parametrize("path", GOOD)
async def test_a_compressed_body_is_refused(community: Server, path: str) -> None:
    headers = {"Content-Type": "application/json", **GOOD[path](community).get("headers", {})}
    answer = await send(community, path, content=b"x", headers={**headers, "Content-Encoding": "gzip"})
    refused(answer, 415, "invalid_request")


@pytest.mark.acceptance("F67")
@pytest.mark.parametrize("path", GOOD)
async def test_an_outage_of_the_store_is_temporary(every_part: Mapping[str, Any], path: str) -> None:
    async with serving(**every_part) as server:
        every_part["documents"].error = StoreUnavailable()
        answer = await send(server, path)
        every_part["documents"].error = None
    refused(answer, 503, "temporarily_unavailable")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("path", GOOD)
async def test_an_unexpected_failure_reveals_no_internals(every_part: Mapping[str, Any], path: str) -> None:
    async with serving(**every_part) as server:
        every_part["documents"].error = ValueError("secret of the inside")
        answer = await send(server, path)
        every_part["documents"].error = None
    refused(answer, 500, "server_error")
    assert "secret" not in answer.text
    assert answer.headers.get_list("cache-control") == ["no-store"]


async def test_a_store_without_room_refuses_the_body(every_part: Mapping[str, Any]) -> None:
    async with serving(**every_part) as server:
        every_part["documents"].error = TooLarge()
        answer = await send(server, "/oauth/register")
        every_part["documents"].error = None
    refused(answer, 413, "invalid_request")


@pytest.mark.acceptance("H81")
@pytest.mark.parametrize("path", [*GOOD, "/oauth/jwks", "/oauth/none", "/.well-known/openid-configuration"])
async def test_an_address_that_asks_too_often_must_wait(tmp_path: Path, path: str) -> None:
    once = Pace(0.001, 1)
    async with serving(
        tmp_path, limiter=Limiter(Limits(client=once, concurrent=9, address=once, failures=once))
    ) as server:
        for method in ("GET", "POST"):
            answer = await server.http.request(method, path)
    refused(answer, 429, "temporarily_unavailable")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("authorization", [None, "Bearer", "Basic YTpi", "Bearer e30.e30.e30"])
async def test_a_launch_without_a_valid_token_gets_a_challenge(server: Server, authorization: str | None) -> None:
    headers = FORM if authorization is None else {**FORM, "Authorization": authorization}
    answer = await server.http.post("/oauth/launch", content="patient=x", headers=headers)
    refused(answer, 401, "invalid_token")
    assert answer.headers["www-authenticate"].startswith('Bearer realm="preauth"')


async def test_a_launch_with_too_few_scopes_gets_a_challenge(server: Server) -> None:
    answer = await send(server, "/oauth/launch", headers=server.headers("patient-1") | FORM)
    assert answer.status_code == 403
    assert answer.json()["error"] in {"insufficient_scope", "unauthorized_client"}
