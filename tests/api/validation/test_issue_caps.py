"""Bodies with a fault in every place: the answer names some, and is never longer than its bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.fhir.outcome import MOST_BYTES, MOST_ISSUES
from tests.api.reading import issues
from tests.api.refusing import refused
from tests.support.samples import Json, billing_claim, inquiry_bundle, patient, request_bundle
from tests.support.server import Server

TIMES = 3000


def frame(name: str) -> Callable[[Any], Json]:
    return lambda junk: {"resourceType": "Bundle", name: [junk] * TIMES}


def wrapped(junk: Any) -> Json:
    return {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": frame("entry")(junk)}]}


def parameters(junk: Any) -> Json:
    return {"resourceType": "Parameters", "parameter": [junk] * TIMES}


def items(body: Json, junk: Any) -> Json:
    claim = body["entry"][0]["resource"] if body["resourceType"] == "Bundle" else body
    claim["item"] = [junk] * TIMES
    return body


SENT: dict[str, tuple[str, str, Callable[[Any], Json]]] = {
    "$submit": ("/Claim/$submit", "ehr-a", frame("extension")),
    "$submit of items": ("/Claim/$submit", "ehr-a", lambda junk: items(request_bundle(), junk)),
    "$submit in Parameters": ("/Claim/$submit", "ehr-a", wrapped),
    "$submit of a bill": ("/Claim/$submit", "biller", lambda junk: items(billing_claim(), junk)),
    "$inquire": ("/Claim/$inquire", "ehr-a", frame("extension")),
    "$inquire of items": ("/Claim/$inquire", "ehr-a", lambda junk: items(inquiry_bundle(), junk)),
    "$decide": ("/ClaimResponse/1/$decide", "reviewer", parameters),
    "create of a bill": ("/Claim", "biller", lambda junk: items(billing_claim(), junk)),
    "create of a Patient": ("/Patient", "admin", lambda junk: patient() | {"name": [junk] * TIMES}),
}


@pytest.mark.parametrize("junk", [{}, None, 7, [], {"a": 1}], ids=repr)
@pytest.mark.parametrize("sent", SENT)
async def test_a_body_of_junk_gets_few_issues_in_a_short_answer(server: Server, sent: str, junk: Any) -> None:
    path, client, body = SENT[sent]
    answer = await server.post(path, body(junk), client)
    assert answer.status_code in {400, 422}
    assert 0 < len(issues(answer)) <= MOST_ISSUES
    assert len(answer.content) <= MOST_BYTES


@pytest.mark.parametrize("junk", [{}, None, 7], ids=repr)
async def test_a_validated_body_gets_few_issues_in_a_short_answer(server: Server, junk: Any) -> None:
    answer = await server.post("/Bundle/$validate", frame("extension")(junk))
    assert answer.status_code == 200
    assert 0 < len(issues(answer)) <= MOST_ISSUES
    assert len(answer.content) <= MOST_BYTES


async def test_long_places_do_not_make_a_long_answer(server: Server) -> None:
    name = "a" * 64
    doubled = "{" + f'"{name}":[{{' * 20 + f'"{name}":[' + ",".join(['{"b":1,"b":2}'] * 40) + "]" + "}]" * 20 + "}"
    answer = await server.post("/Claim/$submit", doubled)
    assert answer.status_code == 400
    assert issues(answer)
    assert len(answer.content) <= MOST_BYTES


async def test_the_name_of_a_parameter_is_not_repeated_at_any_length(server: Server) -> None:
    headers = server.headers("ehr-a", **{"Content-Type": "application/x-www-form-urlencoded"})
    answer = await server.http.post("/fhir/Claim/_search", content="a" * 60_000 + "=1", headers=headers)
    assert answer.status_code == 400
    assert len(answer.content) < MOST_BYTES // 2


async def test_a_rejected_body_of_junk_is_not_stored(server: Server) -> None:
    assert (await refused(server, "/Claim/$submit", frame("extension")({}))).status == 422
