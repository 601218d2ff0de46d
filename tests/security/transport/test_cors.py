"""Scripts of every origin read the discovery; scripts of registered origins use FHIR and tokens; others get nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.access.grant import Role
from app.access.origins import origins_of
from app.access.registry import Client, People
from app.adapters.memory import MemoryDocuments
from app.ports import Document, Query, StoreUnavailable
from app.records.access.registry import KINDS
from tests.support.people import register
from tests.support.server import Server, serving

APP = "https://app.example"
OTHER_APP = "http://localhost:9000"
PUBLIC = ["/fhir/metadata", "/2.0.1/fhir/metadata", "/fhir/.well-known/smart-configuration", "/oauth/jwks"]
FOR_APPS = ["/fhir/Claim", "/fhir/Claim/1", "/2.2.1/fhir/ClaimResponse?_id=1", "/oauth/token", "/oauth/userinfo"]
FOR_NONE = ["/", "/docs", "/health", "/oauth/authorize", "/oauth/login", "/assets/000000000000/docs.js"]
LOOK_ALIKES = [
    "null",
    "https://app.example.evil.test",
    "https://evil-app.example",
    "https://app.example:8443",
    "http://app.example",
    "https://APP.EXAMPLE",
    "https://app.example/",
    "https://app.exampl",
    "https://user@app.example",
    "https://app.example https://evil.test",
    "https://app.example,https://evil.test",
    "app.example",
    "*",
    "",
    "https://disabled.example",
    "file://",
]


def client(id_: str, **more: object) -> Client:
    return Client(id=id_, role=Role.PATIENT, scopes=("patient/*.rs",), **more)  # type: ignore[arg-type]


PEOPLE = People(
    clients=(
        client("app", redirect_uris=(f"{APP}/callback", "com.example.app://callback")),
        client("other", origins=(OTHER_APP,)),
        client("off", origins=("https://disabled.example",), disabled=True),
        *(client(f"many {number}", origins=(f"https://many{number}.example",)) for number in range(250)),
    )
)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path) as running:
        await register(running.system.documents, PEOPLE)
        yield running


def cors(headers: object) -> dict[str, str]:
    return {name: value for name, value in dict(headers).items() if name.startswith("access-control-")}  # type: ignore[call-overload]


@pytest.mark.acceptance("H77")
@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("origin", [APP, "https://stranger.example", "null"])
async def test_every_origin_reads_the_discovery_without_credentials(server: Server, path: str, origin: str) -> None:
    answer = await server.http.get(path, headers={"Origin": origin})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    preflight = await server.http.options(path, headers={"Origin": origin, "Access-Control-Request-Method": "GET"})
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, "*")


@pytest.mark.acceptance("H77")
@pytest.mark.parametrize("path", FOR_APPS)
@pytest.mark.parametrize("origin", [APP, OTHER_APP, "https://many0.example", "https://many249.example"])
async def test_a_registered_origin_uses_fhir_and_tokens(server: Server, path: str, origin: str) -> None:
    answer = await server.http.get(path, headers={"Origin": origin})
    assert answer.headers["access-control-allow-origin"] == origin
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-credentials" not in answer.headers
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    preflight = await server.http.options(path, headers={"Origin": origin, **asks})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == origin
    assert {"Authorization", "Content-Type"} <= set(preflight.headers["access-control-allow-headers"].split(", "))
    assert "POST" in preflight.headers["access-control-allow-methods"]
    for response in (answer, preflight):
        exposed = set(response.headers["access-control-expose-headers"].split(", "))
        assert {"ETag", "Location", "WWW-Authenticate", "Retry-After"} <= exposed


@pytest.mark.acceptance("H77")
@pytest.mark.parametrize("origin", LOOK_ALIKES)
async def test_another_origin_gets_no_header(server: Server, origin: str) -> None:
    asks = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    for path in FOR_APPS:
        assert cors((await server.http.get(path, headers={"Origin": origin})).headers) == {}
        preflight = await server.http.options(path, headers=asks)
        assert cors(preflight.headers) == {}
        assert preflight.status_code != 204


@pytest.mark.acceptance("H77")
@pytest.mark.parametrize("path", FOR_NONE)
async def test_no_origin_reads_the_pages(server: Server, path: str) -> None:
    assert cors((await server.http.get(path, headers={"Origin": APP})).headers) == {}
    preflight = await server.http.options(path, headers={"Origin": APP, "Access-Control-Request-Method": "GET"})
    assert cors(preflight.headers) == {}


@pytest.mark.acceptance("H77")
async def test_two_origins_in_one_request_are_none(server: Server) -> None:
    answer = await server.http.get("/fhir/Claim", headers=[("Origin", APP), ("Origin", "https://evil.test")])
    assert cors(answer.headers) == {}


async def test_an_answer_without_an_origin_is_unchanged(server: Server) -> None:
    assert cors((await server.get("/Claim")).headers) == {}


@pytest.mark.acceptance("H77")
async def test_the_origins_of_a_new_client_count_within_a_minute(server: Server) -> None:
    late = {"Origin": "https://late.example"}
    assert cors((await server.http.get("/fhir/Claim", headers=late)).headers) == {}
    await register(server.system.documents, People(clients=(client("late", origins=("https://late.example",)),)))
    server.clock.move(seconds=60)
    answer = await server.http.get("/fhir/Claim", headers=late)
    assert answer.headers["access-control-allow-origin"] == "https://late.example"


async def test_no_origin_is_known_while_the_store_is_away(tmp_path: Path) -> None:
    documents = Leaving()
    async with serving(tmp_path, documents=documents) as server:
        documents.away = True
        answer = await server.http.get("/fhir/Claim", headers={"Origin": APP})
        assert answer.status_code == 401
        assert cors(answer.headers) == {}


class Leaving(MemoryDocuments):
    """Cannot search the clients once it is away."""

    away = False

    async def find(self, query: Query) -> list[Document]:
        if self.away and query.kind == KINDS[Client]:
            raise StoreUnavailable("away")
        return await super().find(query)


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("https://App.Example/callback?x=1", APP),
        ("https://app.example:443/", APP),
        ("http://localhost:9000/cb", OTHER_APP),
        ("http://[::1]:9000/cb", "http://[::1]:9000"),
        ("com.example.app://callback", None),
        ("https://app.example:port/", None),
        ("https:///callback", None),
        ("junk", None),
    ],
)
def test_the_origin_of_a_redirect_uri_is_the_one_of_browsers(uri: str, origin: str | None) -> None:
    assert origins_of(client("app", redirect_uris=(uri,))) == ({origin} if origin else set())
