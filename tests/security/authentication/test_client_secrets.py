"""Confidential clients prove themselves by a secret, in the header or in the form."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote_plus

import httpx
import pytest

from tests.support.assertions import form
from tests.support.backend_clients import SECRET
from tests.support.server import Server

FORM = {"grant_type": "client_credentials", "scope": "system/Claim.c"}


def basic(text: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(text.encode()).decode()}"}


async def post(server: Server, fields: dict[str, str], headers: dict[str, str] | None = None) -> httpx.Response:
    return await server.http.post("/oauth/token", data=fields, headers=headers)


async def test_the_secret_may_be_in_the_header_or_in_the_form(backends: Server) -> None:
    header = await post(backends, FORM, basic(f"ehr-s:{quote_plus(SECRET)}"))
    in_form = await post(backends, {**FORM, "client_id": "ehr-s", "client_secret": SECRET})
    assert [header.status_code, in_form.status_code] == [200, 200]
    assert header.json()["scope"] == in_form.json()["scope"] == "system/Claim.c"


@pytest.mark.parametrize(
    "headers",
    [
        basic("ehr-s:wrong"),
        basic("ehr-s:"),
        basic("ehr-s"),
        basic(f"nobody:{SECRET}"),
        basic(f"ehr-x:{SECRET}"),
        basic("ehr-s:" + "x" * 300),
        basic("ehr-s:%ff"),
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic"},
        {"Authorization": f"Bearer {SECRET[:7]}"},
        {"Authorization": ""},
    ],
)
async def test_another_secret_or_header_is_refused(backends: Server, headers: dict[str, str]) -> None:
    answer = await post(backends, FORM, headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"] == 'Basic realm="preauth"'


async def test_an_unknown_client_gets_the_answer_of_a_wrong_secret(backends: Server) -> None:
    wrong = await post(backends, FORM, basic("ehr-s:wrong"))
    unknown = await post(backends, FORM, basic("nobody:wrong"))
    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content)


async def test_two_proofs_at_once_are_refused(backends: Server) -> None:
    for fields in ({**FORM, "client_id": "ehr-s", "client_secret": SECRET}, form("x")):
        answer = await post(backends, fields, basic(f"ehr-s:{quote_plus(SECRET)}"))
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_no_proof_is_refused(backends: Server) -> None:
    answer = await post(backends, FORM)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
