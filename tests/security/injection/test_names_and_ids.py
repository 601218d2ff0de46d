"""Names, ids and paths reach no language but FHIR's: others are refused, and no file is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.refusing import everything, refusal
from tests.support.process import ServerProcess, bearer, server_process
from tests.support.raw import exchange, request
from tests.support.samples import request_bundle
from tests.support.server import Server

NAMES = [
    "$ne",
    "$where",
    "a.b",
    "__proto__",
    "constructor.prototype",
    "",
    "x" * 10_240,
    "a[0]",
    "a'b",
    'a"b',
    "a b",
    "ä",
]


@pytest.mark.acceptance("D49")
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
@pytest.mark.parametrize("depth", [0, 1, 4])
async def test_a_name_that_no_element_has_is_refused_at_any_depth(server: Server, name: str, depth: int) -> None:
    body = request_bundle()
    place: Any = (body, body["entry"][0], body["entry"][0]["resource"]["item"][0]["productOrService"])[min(depth, 2)]
    for _ in range(depth - 2):
        place = place.setdefault("extension", [{"url": "https://ehr.example.org/x"}])[0]
    place[name] = {"$gt": ""}
    before = everything(server)
    answer = await server.post("/Claim/$submit", body)
    assert refusal(answer).status == 400
    assert everything(server) == before
    assert name == "" or name not in answer.text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("paths")


@pytest.fixture(scope="module")
def process(folder: Path) -> Iterator[ServerProcess]:
    with server_process(folder) as running:
        yield running


IDS = [
    "..",
    ".",
    "%2e%2e",
    "%2e%2e%2fpasswd",
    "..%2f..%2fetc%2fpasswd",
    "a%00",
    "a%0d%0a",
    "a%20b",
    "a_b",
    "x" * 65,
    "%ff",
]
PATHS = [
    "/fhir/Claim/{}",
    "/fhir/Claim/1/_history/{}",
    "/fhir/StructureDefinition/{}",
    "/assets/{}/docs.js",
    "/assets/1/{}",
]


@pytest.mark.acceptance("D52")
@pytest.mark.parametrize("id_", IDS)
@pytest.mark.parametrize("path", PATHS)
def test_a_path_without_an_id_finds_nothing(process: ServerProcess, folder: Path, id_: str, path: str) -> None:
    login = f"Authorization: {bearer(folder, 'ehr-a')}"
    (answer,) = exchange(process.address, request(path.format(id_), login, "Connection: close"))
    assert answer.status in {400, 404}
    assert answer.issue["code"]
    assert b"root:" not in answer.body


@pytest.mark.acceptance("D52")
@pytest.mark.parametrize(
    "query", ["_sort=$where", "_sort=created;drop", "_sort=__proto__", "_sort=-", "_sort=status", "_sort=_id,x"]
)
async def test_an_order_that_is_not_offered_is_refused(server: Server, query: str) -> None:
    assert refusal(await server.get(f"/Claim?{query}")).status == 400


@pytest.mark.acceptance("D52")
@pytest.mark.parametrize("names", ["$where", "__proto__", "../x", "item[0]", "a.b", "constructor"])
async def test_elements_that_a_type_does_not_have_select_nothing(server: Server, names: str) -> None:
    await server.post("/Claim/$submit", request_bundle())
    answer = await server.http.get("/fhir/Claim", params={"_elements": names}, headers=server.headers("ehr-a"))
    assert answer.status_code in {200, 400}
    assert names not in answer.text.replace(str(answer.url), "")
