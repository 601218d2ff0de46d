"""The budget of a body is checked before it is read: bytes, depth, values, entries. The answer names the limit."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from app.fhir.budget import MOST_ENTRIES, MOST_VALUES
from app.fhir.json import write
from app.fhir.json_faults import MAX_DEPTH
from app.settings import Settings
from tests.api.reading import answered, issues
from tests.api.refusing import refused
from tests.support.samples import Json, entry, inquiry_bundle, patient, request_bundle
from tests.support.server import Server, serving

DOCUMENTS = {
    "/Claim/$submit": "ehr-a",
    "/Claim/$inquire": "ehr-a",
    "/Claim": "biller",
    "/Bundle/$validate": "ehr-a",
    "/Patient/$validate": "admin",
}
OTHERS = {"/ClaimResponse/1/$decide": "reviewer", "/Patient": "admin", "/Organization": "admin"}
EVERYWHERE = DOCUMENTS | OTHERS


def wrapped(body: Json) -> Json:
    return {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": body}]}


def roles(count: int) -> list[Json]:
    return [entry(f"Patient/p{number}", patient()) for number in range(count)]


@pytest.mark.acceptance("C39")
@pytest.mark.parametrize("path", EVERYWHERE)
async def test_a_body_of_too_many_values_is_a_bad_request(server: Server, path: str) -> None:
    body = '{"resourceType":"Bundle","entry":[' + "1," * MOST_VALUES + "1]}"
    found = await refused(server, path, body, client=EVERYWHERE[path])
    assert (found.status, len(found.texts)) == (400, 1)
    assert f"{MOST_VALUES:,}" in found.texts[0]


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("one", [b"[", b'{"a":', b'{"a":[', b'[{"a":'])
async def test_a_body_that_ends_early_is_a_bad_request_at_every_endpoint(server: Server, path: str, one: bytes) -> None:
    for size in (10_000, 900_000):
        body = b'{"resourceType":"Bundle","a":' + one * (size // len(one))
        assert (await refused(server, path, body, client=EVERYWHERE[path])).status == 400


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_the_budget_limits_the_depth_of_a_body(server: Server, path: str) -> None:
    inner = "[" * (MAX_DEPTH - 1) + "1" + "]" * (MAX_DEPTH - 1)
    deepest = f'{{"resourceType":"Bundle","a":{inner}}}'
    accepted = await server.post(path, deepest, EVERYWHERE[path])
    assert not [one for one in issues(accepted) if "deeper" in one["details"]["text"]]
    found = await refused(server, path, f'{{"resourceType":"Bundle","a":[{inner}]}}', client=EVERYWHERE[path])
    assert found.status == 400
    assert str(MAX_DEPTH) in found.texts[0]


@pytest.mark.acceptance("C39")
@pytest.mark.parametrize(
    ("path", "in_parameters"),
    [("/Claim", False), *product(["/Claim/$submit", "/Claim/$inquire", "/Bundle/$validate"], [False, True])],
)
async def test_a_bundle_of_too_many_entries_is_a_bad_request(server: Server, path: str, *, in_parameters: bool) -> None:
    body: Json = {"resourceType": "Bundle", "entry": [{}] * (MOST_ENTRIES + 1)}
    found = await refused(server, path, wrapped(body) if in_parameters else body, client=EVERYWHERE[path])
    assert found.status == 400
    assert str(MOST_ENTRIES) in found.texts[0]


async def test_a_request_with_the_maximum_number_of_entries_is_answered(server: Server) -> None:
    few = request_bundle()
    full = request_bundle(entries=roles(MOST_ENTRIES - len(few["entry"])))
    assert len(full["entry"]) == MOST_ENTRIES
    assert answered(await server.post("/Claim/$submit", full))["outcome"] == "complete"
    assert answered(await server.post("/Claim/$submit", wrapped(full)))["outcome"] == "complete"


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_the_setting_limits_the_length_of_a_body(tmp_path: Path, path: str) -> None:
    async with serving(tmp_path, max_body_bytes=9000, max_other_body_bytes=5000) as server:
        limit = 9000 if path in DOCUMENTS else 5000
        assert (await server.post(path, b" " * limit, EVERYWHERE[path])).status_code == 400
        found = await refused(server, path, b" " * (limit + 1), client=EVERYWHERE[path])
        assert found.status == 413
        assert str(limit) in found.texts[0]


async def test_the_limit_for_documents_limits_every_body(tmp_path: Path) -> None:
    async with serving(tmp_path, max_body_bytes=4096) as server:
        assert (await refused(server, "/Patient", b" " * 4097, client="admin")).status == 413


def test_bodies_with_documents_have_a_higher_limit() -> None:
    assert (Settings().max_body_bytes, Settings().max_other_body_bytes) == (15_000_000, 1_000_000)


async def test_commas_and_brackets_in_a_text_do_not_count_as_values(server: Server) -> None:
    prose = "Pain, weakness [left], numbness {L5}. " * 20_000
    body = request_bundle()
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{prose}</p></div>'
    body["entry"][1]["resource"]["text"] = {"status": "generated", "div": div}
    assert answered(await server.post("/Claim/$submit", write(body)))["outcome"] == "complete"


async def test_an_inquiry_has_the_budget_of_a_request(server: Server) -> None:
    body = inquiry_bundle()
    body["entry"] += roles(MOST_ENTRIES)
    assert (await refused(server, "/Claim/$inquire", body)).status == 400
