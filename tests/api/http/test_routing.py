"""Each path has one route, also below the root path of a proxy; a truncated body stores nothing."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import Match
from starlette.types import Message

from app.main import create_app
from app.settings import Settings
from tests.support.routes import served_routes
from tests.support.server import ROOT, Server


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return create_app(Settings(data=tmp_path, store="memory", base_url=ROOT))


def test_a_path_matches_one_route_only(app: FastAPI) -> None:
    routes = [*served_routes(app)]
    assert len(routes) > 200
    for mount, route in routes:
        path = re.sub(r"{\w+(:\w+)?}", "1", route.path)
        scope = {"type": "http", "method": min(route.methods or {"GET"}), "path": path, "root_path": ""}
        beside = [other for other_mount, other in routes if other_mount == mount]
        assert [other for other in beside if other.matches(scope)[0] is Match.FULL] == [route]


async def test_the_root_path_of_a_proxy_does_not_change_the_answers(server: Server, tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path, store="memory"), system=server.system)
    direct = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ROOT)
    behind = httpx.AsyncClient(transport=httpx.ASGITransport(app, root_path="/payer"), base_url=f"{ROOT}/payer")
    for path in ("/fhir/metadata", "/2.0.1/fhir/metadata", "/health", "/fhir/Claim", "/fhir/Claim/$submit"):
        one, other = await direct.get(path), await behind.get(path)
        assert (one.status_code, one.headers.get("allow")) == (other.status_code, other.headers.get("allow"))
        assert one.content == other.content


async def test_the_path_of_a_route_does_not_include_the_root_path(server: Server, tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path, store="memory"), system=server.system)
    behind = httpx.AsyncClient(transport=httpx.ASGITransport(app, root_path="/fhir"), base_url=ROOT)
    assert (await behind.get("/fhir/metadata")).status_code == 404
    assert (await behind.get("/fhir/fhir/metadata")).status_code == 200


async def test_the_server_ignores_a_body_that_the_caller_does_not_complete(server: Server, tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path, store="memory"), system=server.system)
    heads = [(name.lower().encode(), value.encode()) for name, value in server.headers("ehr-a").items()]
    scope = {"type": "http", "method": "POST", "path": "/fhir/Claim/$submit", "query_string": b"", "headers": heads}
    half: Message = {"type": "http.request", "body": b"{}", "more_body": True}
    sent = iter((half, {"type": "http.disconnect"}))

    async def receive() -> Message:
        return next(sent)

    answered: list[Message] = []

    async def send(message: Message) -> None:
        answered.append(message)

    await app(scope, receive, send)
    assert not answered
