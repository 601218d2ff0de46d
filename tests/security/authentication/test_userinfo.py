"""The userinfo endpoint tells an app what its user allowed about the user, and nothing else."""

from __future__ import annotations

import httpx
import pytest
from msgspec.structs import replace

from app.access.registry import Client, User
from app.records.access.registry import change_row
from tests.support.apps import Browser
from tests.support.server import ROOT

SCOPES = "launch/patient openid fhirUser profile patient/*.rs"


async def userinfo(browser: Browser, token: str, method: str = "GET") -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return await browser.server.http.request(method, "/oauth/userinfo", headers=headers)


def refused(answer: httpx.Response, status: int, error: str) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert f'error="{error}"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_app_learns_who_its_user_is(browser: Browser, method: str) -> None:
    tokens = await browser.tokens(scope=SCOPES)
    answer = await userinfo(browser, tokens["access_token"], method)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "sub": "mary",
        "name": "Mary Example",
        "fhirUser": f"{ROOT}/fhir/Patient/{tokens['patient']}",
    }


async def test_each_claim_needs_its_scope(browser: Browser) -> None:
    tokens = await browser.tokens(scope="launch/patient openid patient/*.rs")
    assert (await userinfo(browser, tokens["access_token"])).json() == {"sub": "mary"}


async def test_the_consent_names_the_scope_in_words(browser: Browser) -> None:
    await browser.open(scope=SCOPES)
    assert "Know your name" in (await browser.log_in()).text


async def test_a_token_without_openid_is_refused(browser: Browser) -> None:
    tokens = await browser.tokens(scope="launch/patient fhirUser profile patient/*.rs")
    refused(await userinfo(browser, tokens["access_token"]), 403, "insufficient_scope")


async def test_a_token_without_a_user_is_refused(browser: Browser) -> None:
    answer = await browser.server.http.get("/oauth/userinfo", headers=browser.server.headers("ehr-a"))
    refused(answer, 403, "insufficient_scope")


async def test_only_a_valid_access_token_counts(browser: Browser) -> None:
    tokens = await browser.tokens(scope=f"{SCOPES} offline_access")
    for text in (tokens["id_token"], tokens["refresh_token"], tokens["access_token"] + "x"):
        refused(await userinfo(browser, text), 401, "invalid_token")
    form = await browser.server.http.post("/oauth/userinfo", data={"access_token": tokens["access_token"]})
    query = await browser.server.http.get("/oauth/userinfo", params={"access_token": tokens["access_token"]})
    assert [form.status_code, query.status_code] == [401, 401]


async def test_a_revoked_token_is_refused(browser: Browser) -> None:
    token = (await browser.tokens(scope=SCOPES))["access_token"]
    await browser.server.http.post("/oauth/revoke", data={"token": token, "client_id": "app-p1"})
    refused(await userinfo(browser, token), 401, "invalid_token")


async def test_an_expired_token_is_refused(browser: Browser) -> None:
    token = (await browser.tokens(scope=SCOPES))["access_token"]
    browser.server.clock.move(seconds=900)
    refused(await userinfo(browser, token), 401, "invalid_token")


@pytest.mark.parametrize(("kind", "id_"), [(Client, "app-p1"), (User, "mary")])
async def test_a_disabled_client_or_user_is_out(browser: Browser, kind: type[Client | User], id_: str) -> None:
    token = (await browser.tokens(scope=SCOPES))["access_token"]
    await change_row(browser.server.system.documents, kind, id_, lambda row: replace(row, disabled=True))
    browser.server.clock.move(seconds=30)
    refused(await userinfo(browser, token), 401, "invalid_token")
