"""Searches with values beyond all bounds get a bounded page or a 400."""

from __future__ import annotations

import pytest

from app.fhir.json import read
from tests.api.refusing import refusal
from tests.support.samples import request_bundle
from tests.support.server import Server

MOST = 100
"""More resources than a page may have."""


@pytest.mark.acceptance("C45")
@pytest.mark.parametrize("count", ["-1", "text", "", "1.5", "1e9", "٣", "0x10", "+5"])
@pytest.mark.parametrize("type_", ["Claim", "Patient"])
async def test_a_count_that_is_not_a_number_of_resources_is_refused(server: Server, type_: str, count: str) -> None:
    answer = await server.http.get(f"/fhir/{type_}", params={"_count": count}, headers=server.headers("ehr-a"))
    assert refusal(answer).status == 400


@pytest.mark.acceptance("C45")
@pytest.mark.parametrize("count", ["0", "1000000000", "9" * 4_000])
async def test_a_count_beyond_the_bound_gets_a_bounded_page(server: Server, count: str) -> None:
    await server.post("/Claim/$submit", request_bundle())
    answer = await server.get(f"/Claim?_count={count}")
    assert answer.status_code in {200, 400}
    assert len(read(answer.content).get("entry", [])) < MOST


@pytest.mark.acceptance("C45")
@pytest.mark.parametrize("value", ["x" * 8_000, ",".join(["x"] * 1_000), "|" * 1_000, "\\," * 1_000])
@pytest.mark.parametrize("name", ["identifier", "_id", "status"])
async def test_a_value_beyond_the_bound_matches_nothing_or_is_refused(server: Server, name: str, value: str) -> None:
    await server.post("/Claim/$submit", request_bundle())
    answer = await server.http.get("/fhir/Claim", params={name: value}, headers=server.headers("ehr-a"))
    assert answer.status_code in {200, 400}
    assert [entry for entry in read(answer.content).get("entry", []) if entry["search"]["mode"] == "match"] == []
