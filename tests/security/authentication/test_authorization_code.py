"""The token endpoint for apps: an authorization code is good once, for its client, redirect and verifier."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from msgspec.structs import replace

from app.ports import Replace
from tests.support.apps import PASSWORD, REDIRECT, VERIFIER, Browser
from tests.support.server import ROOT

Json = dict[str, Any]


def claims_of(token: str) -> Json:
    """Read the claims without a check."""
    payload = token.split(".")[1]
    claims: Json = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


async def test_a_code_gives_a_token_that_reads_the_record_of_the_patient_and_no_other(browser: Browser) -> None:
    tokens = await browser.tokens()
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 900
    assert set(tokens["scope"].split()) == {"launch/patient", "openid", "fhirUser", "offline_access", "patient/*.rs"}
    assert tokens["need_patient_banner"] is True
    found = (await browser.read(tokens["access_token"])).json()
    assert found["entry"]
    patients = {entry["resource"]["patient"]["reference"] for entry in found["entry"]}
    assert patients == {f"Patient/{tokens['patient']}"}
    assert (await browser.read(tokens["access_token"], f"/Patient/{tokens['patient']}")).status_code == 200


async def test_the_answer_of_the_token_endpoint_is_not_cached(browser: Browser) -> None:
    answer = await browser.redeem(await browser.code())
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["pragma"] == "no-cache"


async def test_the_id_token_is_signed_and_names_the_person(browser: Browser) -> None:
    tokens = await browser.tokens()
    keys = KeySet.import_key_set((await browser.server.http.get("/oauth/jwks")).json())
    token = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"])
    now = int(browser.server.clock.now().timestamp())
    assert token.claims == {
        "iss": ROOT,
        "sub": "mary",
        "aud": "app-p1",
        "iat": now,
        "exp": now + 900,
        "auth_time": now,
        "nonce": "nonce-1",
        "fhirUser": f"{ROOT}/fhir/Patient/{tokens['patient']}",
    }


async def test_scopes_of_version_1_are_granted_under_their_own_names(browser: Browser) -> None:
    tokens = await browser.tokens(scope="launch/patient patient/ClaimResponse.read")
    assert tokens["scope"] == "launch/patient patient/ClaimResponse.read"
    assert (await browser.read(tokens["access_token"])).json()["entry"]
    assert (await browser.read(tokens["access_token"], "/Coverage")).status_code == 403


async def test_a_condition_of_a_scope_is_granted_and_enforced(browser: Browser) -> None:
    tokens = await browser.tokens(scope="launch/patient patient/ClaimResponse.rs?status=cancelled")
    assert tokens["scope"] == "launch/patient patient/ClaimResponse.rs?status=cancelled"
    assert "entry" not in (await browser.read(tokens["access_token"])).json()


@pytest.mark.acceptance("A4")
async def test_an_id_token_a_refresh_token_and_a_code_cannot_be_used_as_access_tokens(browser: Browser) -> None:
    tokens = await browser.tokens()
    others = [tokens["id_token"], tokens["refresh_token"], await browser.code()]
    answers = [await browser.read(other) for other in others]
    assert [answer.status_code for answer in answers] == [401, 401, 401]


async def test_the_app_gets_only_the_scopes_that_the_user_left(browser: Browser) -> None:
    await browser.open()
    await browser.log_in()
    form = browser.page.forms["/oauth/authorize/consent"]
    fields = [pair for pair in form if pair[1] not in ("openid", "offline_access", "fhirUser")]
    await browser.send("consent", fields, decision="allow")
    tokens = (await browser.redeem(browser.sent_back["code"])).json()
    assert tokens["scope"] == "launch/patient patient/*.rs"
    assert {"refresh_token", "id_token"} & tokens.keys() == set()


@pytest.mark.acceptance("A12")
async def test_a_second_use_of_a_code_fails_and_ends_the_first_tokens(browser: Browser) -> None:
    code = await browser.code()
    tokens = (await browser.redeem(code)).json()
    assert (await browser.read(tokens["access_token"])).status_code == 200
    again = await browser.redeem(code)
    assert again.status_code == 400
    assert again.json()["error"] == "invalid_grant"
    assert (await browser.read(tokens["access_token"])).status_code == 401
    assert (await browser.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


@pytest.mark.acceptance("A12")
async def test_of_parallel_uses_of_a_code_at_most_one_gets_tokens(browser: Browser) -> None:
    code = await browser.code()
    answers = await asyncio.gather(*(browser.redeem(code) for _ in range(8)))
    assert sum(answer.status_code == 200 for answer in answers) <= 1
    given = [answer.json()["access_token"] for answer in answers if answer.status_code == 200]
    assert all([(await browser.read(token)).status_code == 401 for token in given])


WRONG = {
    "another verifier": {"code_verifier": VERIFIER[:-1] + "X"},
    "an empty verifier": {"code_verifier": ""},
    "another redirect": {"redirect_uri": REDIRECT + "/"},
    "another code": {"code": "x" * 43},
    "an empty code": {"code": ""},
}


@pytest.mark.acceptance("A12")
@pytest.mark.parametrize("other", WRONG.values(), ids=list(WRONG))
async def test_a_wrong_part_of_the_request_is_an_invalid_grant(browser: Browser, other: dict[str, str]) -> None:
    answer = await browser.redeem(await browser.code(), **other)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.acceptance("A12")
async def test_a_code_of_another_client_is_an_invalid_grant(browser: Browser) -> None:
    code = await browser.code("app-p1")
    stolen = await browser.redeem(code, "app-p2")
    assert stolen.json()["error"] == "invalid_grant"


@pytest.mark.acceptance("A12")
async def test_a_code_is_good_for_sixty_seconds(browser: Browser) -> None:
    late, early = await browser.code(), await browser.code()
    browser.server.clock.move(seconds=59)
    assert (await browser.redeem(early)).status_code == 200
    browser.server.clock.move(seconds=2)
    answer = await browser.redeem(late)
    assert answer.json()["error"] == "invalid_grant"


async def test_a_user_who_was_disabled_after_the_consent_gets_no_token(browser: Browser) -> None:
    code = await browser.code()
    documents = browser.server.system.documents
    await disable(browser, "user", "mary")
    browser.server.clock.move(seconds=31)
    assert (await browser.redeem(code)).json()["error"] == "invalid_grant"
    assert await documents.get("user", "mary") is not None


async def test_a_confidential_app_must_prove_its_secret(browser: Browser) -> None:
    code = await browser.code("app-secret")
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code_verifier": VERIFIER, "code": code}
    http = browser.server.http
    refused = await http.post("/oauth/token", data={**form, "client_id": "app-secret"})
    wrong = await http.post("/oauth/token", data=form, auth=("app-secret", "wrong"))
    good = await http.post("/oauth/token", data=form, auth=("app-secret", PASSWORD))
    assert [refused.json()["error"], wrong.json()["error"]] == ["invalid_client", "invalid_client"]
    assert good.status_code == 200


async def disable(browser: Browser, kind: str, id_: str) -> None:
    """Disable a registered row, as an administrator does."""
    row = await browser.server.system.documents.get(kind, id_)
    assert row is not None
    body = json.dumps({**json.loads(row.body), "disabled": True})
    await browser.server.system.documents.commit(Replace(replace(row, body=body)))
