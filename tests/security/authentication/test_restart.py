"""A real server: sessions, tokens and lockouts survive its restart."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from app.adapters.stores import open_store
from app.records.kinds import TERM_TABLE
from app.settings import Settings
from tests.support.apps import AUTHORIZE, PASSWORD, REDIRECT, VERIFIER, Page, asking, people
from tests.support.people import register
from tests.support.process import bearer, server_process
from tests.support.samples import request_bundle


async def registered(folder: Path) -> None:
    documents = open_store(Settings(data=folder))
    await documents.start(TERM_TABLE)
    await register(documents, people())
    await documents.close()


def submit_for_mary(url: str, folder: Path) -> None:
    headers = {"Authorization": bearer(folder, "ehr-a"), "Content-Type": "application/fhir+json"}
    answer = httpx.post(f"{url}/Claim/$submit", json=request_bundle(), headers=headers)
    assert answer.status_code == 200, answer.text


def signed_in(browser: httpx.Client, url: str, password: str = PASSWORD) -> httpx.Response:
    login = browser.get(AUTHORIZE, params=asking(aud=url))
    fields = dict(Page(login.text).forms[f"{AUTHORIZE}/login"])
    return browser.post(f"{AUTHORIZE}/login", data={**fields, "user": "mary", "password": password})


def code_of(browser: httpx.Client, consent: httpx.Response) -> str:
    fields = [*Page(consent.text).forms[f"{AUTHORIZE}/consent"], ("decision", "allow")]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = str(httpx.QueryParams(tuple(fields)))
    back = browser.post(f"{AUTHORIZE}/consent", content=body, headers=form, follow_redirects=False)
    assert back.headers["location"].startswith(REDIRECT)
    return dict(parse_qsl(urlsplit(back.headers["location"]).query))["code"]


def redeemed(browser: httpx.Client, code: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    return browser.post("/oauth/token", data={**form, "code": code, "client_id": "app-p1"})


@pytest.mark.slow
@pytest.mark.acceptance("A13", "A17")
async def test_sessions_tokens_and_lockouts_survive_a_restart(tmp_path: Path) -> None:
    await registered(tmp_path)
    with server_process(tmp_path) as server, httpx.Client(base_url=server.url[:-5], follow_redirects=True) as browser:
        submit_for_mary(server.url, tmp_path)
        tokens = redeemed(browser, code_of(browser, signed_in(browser, server.url))).json()
        cookies, port = browser.cookies, server.address[1]
    with (
        server_process(tmp_path, "--port", str(port)) as server,
        httpx.Client(base_url=server.url[:-5], follow_redirects=True, cookies=cookies) as browser,
    ):
        read = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert browser.get("/fhir/ClaimResponse", headers=read).json()["entry"]
        assert "Allow App app-p1?" in browser.get(AUTHORIZE, params=asking(aud=server.url)).text
        form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": "app-p1"}
        assert browser.post("/oauth/token", data=form).status_code == 200
        browser.cookies.clear()
        bad = [signed_in(browser, server.url, "wrong").status_code for _ in range(11)]
        assert bad == [*[403] * 10, 429]
    with (
        server_process(tmp_path, "--port", str(port)) as server,
        httpx.Client(base_url=server.url[:-5], follow_redirects=True) as browser,
    ):
        locked = signed_in(browser, server.url)
        assert locked.status_code == 429
        assert int(locked.headers["retry-after"]) > 0
