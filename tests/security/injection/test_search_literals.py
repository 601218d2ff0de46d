"""Search values are literals: the languages of databases mean nothing in them, and brackets make no operator."""

from __future__ import annotations

import pytest

from app.fhir.json import read
from tests.api.refusing import refusal
from tests.support.samples import request_bundle
from tests.support.server import Server

VALUES = [
    "' OR 1=1 --",
    "') OR ('1'='1",
    '{"$gt":""}',
    "$where",
    "\x00",
    "*",
    "%",
    "_",
    "\\",
    "REQ-\u0661",  # a digit of another script
    "\uff32\uff25\uff31-0001",  # letters of full width
    ".*",
    "[a-z]+",
    "NULL",
]
PARAMETERS = ["identifier", "_id", "status", "patient", "created"]


@pytest.mark.acceptance("D50")
@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_hostile_value_matches_nothing(server: Server, name: str, value: str, method: str) -> None:
    assert (await server.post("/Claim/$submit", request_bundle())).status_code == 200
    headers = server.headers("ehr-a", **{"Content-Type": "application/x-www-form-urlencoded"})
    if method == "GET":
        answer = await server.http.get("/fhir/Claim", params={name: value}, headers=headers)
    else:
        answer = await server.http.post("/fhir/Claim/_search", data={name: value}, headers=headers)
    assert answer.status_code in {200, 400}
    entries = read(answer.content).get("entry", [])
    assert [entry for entry in entries if entry["search"]["mode"] == "match"] == []


@pytest.mark.acceptance("D50", "D51")
@pytest.mark.parametrize("name", ["identifier[$ne]", "identifier[]", "identifier[$gt]", "$where", "_id.$ne", "a[0]"])
async def test_a_parameter_with_an_operator_in_it_is_unknown(server: Server, name: str) -> None:
    await server.post("/Claim/$submit", request_bundle())
    headers = server.headers("ehr-a", Prefer="handling=strict")
    answer = await server.http.get("/fhir/Claim", params={name: "x"}, headers=headers)
    assert refusal(answer).status == 400
