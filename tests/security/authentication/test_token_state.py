"""Introspection and revocation of tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from msgspec.structs import replace

from app.access.smart.access_token import TYPE, Confirmation, client_claims
from app.adapters.tokens.own_tokens import mint, signed
from tests.support.apps import PASSWORD, REDIRECT, VERIFIER, Browser
from tests.support.server import ROOT, signing_key


async def introspect(browser: Browser, token: str) -> dict[str, Any]:
    answer = await browser.server.http.post("/oauth/introspect", data={"token": token}, auth=("app-secret", PASSWORD))
    assert answer.status_code == 200
    state: dict[str, Any] = answer.json()
    return state


async def confidential(browser: Browser, scope: str = "launch/patient openid patient/*.rs") -> dict[str, Any]:
    """Return the tokens of an app that has a secret."""
    code = await browser.code("app-secret", scope=scope)
    tokens: dict[str, Any] = (await browser.redeem(code, "app-secret", client_secret=PASSWORD)).json()
    return tokens


async def by_bearer(browser: Browser, token: str, authorization: str) -> httpx.Response:
    headers = {"Authorization": authorization}
    return await browser.server.http.post("/oauth/introspect", data={"token": token}, headers=headers)


async def revoke(browser: Browser, token: str, client: str = "app-p1") -> httpx.Response:
    return await browser.server.http.post("/oauth/revoke", data={"token": token, "client_id": client})


async def test_an_active_token_is_described_as_in_its_answer(browser: Browser) -> None:
    tokens = await browser.tokens()
    state = await introspect(browser, tokens["access_token"])
    assert set(state.pop("scope").split()) == set(tokens["scope"].split())
    assert state == {
        "active": True,
        "client_id": "app-p1",
        "exp": int(browser.server.clock.now().timestamp()) + 900,
        "iss": ROOT,
        "sub": "mary",
        "token_type": "Bearer",
        "patient": tokens["patient"],
        "fhirUser": f"{ROOT}/fhir/Patient/{tokens['patient']}",
    }


async def test_an_inactive_token_is_described_by_nothing_else(browser: Browser) -> None:
    tokens = await browser.tokens()
    await revoke(browser, tokens["access_token"])
    texts = [tokens["access_token"], tokens["refresh_token"], tokens["id_token"], "x", "a.b.c"]
    assert [await introspect(browser, text) for text in texts] == [{"active": False}] * 5


async def test_an_expired_token_is_inactive(browser: Browser) -> None:
    tokens = await browser.tokens()
    browser.server.clock.move(seconds=900)
    assert await introspect(browser, tokens["access_token"]) == {"active": False}


async def test_a_refresh_token_for_a_session_is_inactive_when_the_user_signed_out(browser: Browser) -> None:
    tokens = await confidential(browser, "launch/patient openid online_access patient/*.rs")
    assert (await introspect(browser, tokens["refresh_token"]))["active"] is True
    await browser.open()
    await browser.send("logout")
    assert await introspect(browser, tokens["refresh_token"]) == {"active": False}


async def test_a_client_can_introspect_with_the_token_of_a_backend_service(browser: Browser) -> None:
    tokens = await browser.tokens()
    answer = await by_bearer(browser, tokens["access_token"], browser.server.headers("ehr-a")["Authorization"])
    assert answer.json() == await introspect(browser, tokens["access_token"])
    assert answer.json()["active"] is True


async def test_a_client_can_introspect_with_the_token_of_a_confidential_app(browser: Browser) -> None:
    tokens = await confidential(browser)
    answer = await by_bearer(browser, tokens["access_token"], f"Bearer {tokens['access_token']}")
    assert answer.json()["client_id"] == "app-secret"


async def test_the_bearer_token_of_an_introspection_must_prove_a_client(browser: Browser) -> None:
    tokens = await browser.tokens()
    public = await by_bearer(browser, tokens["access_token"], f"Bearer {tokens['access_token']}")
    assert (public.status_code, public.json()["error"]) == (401, "invalid_client")
    other = (await confidential(browser))["access_token"]
    await browser.server.http.post("/oauth/revoke", data={"token": other}, auth=("app-secret", PASSWORD))
    for text in (other, tokens["id_token"], tokens["refresh_token"], "x", ""):
        answer = await by_bearer(browser, tokens["access_token"], f"Bearer {text}")
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_client_without_a_proof_of_identity_cannot_introspect(browser: Browser) -> None:
    tokens = await browser.tokens()
    http, data = browser.server.http, {"token": tokens["access_token"]}
    public = await http.post("/oauth/introspect", data={**data, "client_id": "app-p1"})
    unnamed = await http.post("/oauth/introspect", data=data)
    wrong = await http.post("/oauth/introspect", data=data, auth=("app-secret", "wrong"))
    assert [public.status_code, unnamed.status_code, wrong.status_code] == [401, 401, 401]


@pytest.mark.acceptance("A13")
@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_the_revocation_of_a_token_ends_all_tokens_of_the_consent(browser: Browser, kind: str) -> None:
    tokens = await browser.tokens()
    assert (await browser.read(tokens["access_token"])).status_code == 200
    answer = await revoke(browser, tokens[kind])
    assert answer.status_code == 200
    assert (await browser.read(tokens["access_token"])).status_code == 401
    assert (await browser.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_another_client_cannot_revoke_and_does_not_learn_it(browser: Browser) -> None:
    tokens = await browser.tokens()
    for text in (tokens["access_token"], tokens["refresh_token"], "unknown"):
        assert (await revoke(browser, text, "app-p2")).status_code == 200
    assert (await browser.read(tokens["access_token"])).status_code == 200
    assert (await browser.refresh(tokens["refresh_token"])).status_code == 200


async def test_the_token_of_a_client_without_a_user_can_be_revoked(browser: Browser) -> None:
    now = browser.server.clock.now()
    token = mint(signing_key(), ROOT, "app-p1", ["patient/*.rs"], now, lifetime=timedelta(hours=1), patient="p")
    await revoke(browser, token)
    answer = await browser.read(token)
    assert answer.status_code == 401
    assert "revoked" in answer.json()["issue"][0]["details"]["text"]


async def test_a_refresh_token_for_the_session_is_inactive_after_the_logout(browser: Browser) -> None:
    secret = ("app-secret", PASSWORD)
    scope = "launch/patient openid online_access patient/*.rs"
    code = await browser.code("app-secret", scope=scope)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    tokens = (await browser.server.http.post("/oauth/token", data=form, auth=secret)).json()
    assert (await introspect(browser, tokens["refresh_token"]))["active"] is True
    await browser.open("app-secret", scope=scope)
    await browser.send("logout")
    assert await introspect(browser, tokens["refresh_token"]) == {"active": False}


async def test_a_bound_token_is_described_with_its_certificate(browser: Browser) -> None:
    claims = client_claims(
        ROOT, "ehr-a", ["system/*.rs"], browser.server.clock.now(), token_id="t", lifetime=timedelta(minutes=5)
    )
    bound = signed(signing_key(), TYPE, msgspec.json.encode(replace(claims, cnf=Confirmation("thumbprint"))))
    state = await introspect(browser, bound)
    assert state["active"] is True
    assert state["cnf"] == {"x5t#S256": "thumbprint"}
