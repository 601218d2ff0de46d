"""`/oauth/authorize`: which requests of an app lead to a sign-in, and where the others end."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.support.apps import AUTHORIZE, REDIRECT, Browser, asking

pytestmark = pytest.mark.acceptance("A11")

WRONG_REDIRECTS = {
    "prefix": REDIRECT[:-1],
    "extra slash": REDIRECT + "/",
    "query added": REDIRECT + "?a=b",
    "another case": REDIRECT.replace("app", "App"),
    "another host": "https://evil.example/back",
    "user": REDIRECT.replace("://", "://app.example@evil.example"),
    "none": None,
}


@pytest.mark.parametrize("redirect", WRONG_REDIRECTS.values(), ids=list(WRONG_REDIRECTS))
async def test_a_wrong_redirect_gets_a_page_and_no_redirect(browser: Browser, redirect: str | None) -> None:
    answer = await browser.open(redirect_uri=redirect)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "evil" not in answer.text
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("client", ["nobody", "", "ehr-a", "APP-P1"])
async def test_an_unknown_client_gets_a_page_and_no_redirect(browser: Browser, client: str) -> None:
    answer = await browser.open(client)
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
async def test_a_repeated_client_or_redirect_gets_a_page_and_no_redirect(browser: Browser, name: str) -> None:
    pairs = [*asking().items(), (name, asking()[name])]
    answer = await browser.server.http.get(f"{AUTHORIZE}?{urlencode(pairs)}")
    assert answer.status_code == 400
    assert "location" not in answer.headers


FAULTS = {
    "no response type": ({"response_type": None}, "unsupported_response_type"),
    "implicit": ({"response_type": "token"}, "unsupported_response_type"),
    "fragment": ({"response_mode": "fragment"}, "invalid_request"),
    "no challenge": ({"code_challenge": None}, "invalid_request"),
    "no method": ({"code_challenge_method": None}, "invalid_request"),
    "plain": ({"code_challenge_method": "plain"}, "invalid_request"),
    "short challenge": ({"code_challenge": "abc"}, "invalid_request"),
    "no aud": ({"aud": None}, "invalid_request"),
    "wrong aud": ({"aud": "https://other.example/fhir"}, "invalid_request"),
    "aud of the root": ({"aud": "http://preauth.test"}, "invalid_request"),
    "two auds": ({"resource": "http://preauth.test/2.0.1/fhir"}, "invalid_request"),
    "no scope": ({"scope": None}, "invalid_scope"),
    "many scopes": ({"scope": " ".join(f"patient/Claim.rs?status=s{number}" for number in range(31))}, "invalid_scope"),
    "unknown scopes": ({"scope": "email profile"}, "invalid_scope"),
    "malformed scope": ({"scope": "patient/*.dr"}, "invalid_scope"),
    "system scope": ({"scope": "system/*.rs"}, "invalid_scope"),
    "scope of users": ({"scope": "user/*.rs"}, "invalid_scope"),
    "unknown launch": ({"launch": "xyz", "scope": "launch patient/*.rs"}, "invalid_request"),
    "unknown prompt": ({"prompt": "maybe"}, "invalid_request"),
    "not signed in": ({"prompt": "none"}, "login_required"),
}


@pytest.mark.parametrize(("parameters", "error"), FAULTS.values(), ids=list(FAULTS))
async def test_another_fault_goes_back_to_the_app_with_its_state(
    browser: Browser, parameters: dict[str, str | None], error: str
) -> None:
    answer = await browser.open("app-p1", **parameters)
    assert answer.status_code == 303
    assert browser.sent_back["error"] == error
    assert browser.sent_back["state"] == "state-1"


async def test_a_request_without_state_is_refused(browser: Browser) -> None:
    await browser.open(state=None)
    assert browser.sent_back["error"] == "invalid_request"
    assert "state" not in browser.sent_back


async def test_a_repeated_parameter_is_refused(browser: Browser) -> None:
    pairs = [*asking().items(), ("scope", "patient/*.rs")]
    browser.answer = await browser.server.http.get(f"{AUTHORIZE}?{urlencode(pairs)}")
    assert browser.sent_back["error"] == "invalid_request"


async def test_the_aud_may_be_any_base_of_the_server_or_be_called_resource(browser: Browser) -> None:
    bases = ["http://preauth.test/2.0.1/fhir", "http://preauth.test/fhir/"]
    answers = [await browser.open(aud=base) for base in bases]
    answers.append(await browser.open(aud=None, resource="http://preauth.test/fhir"))
    assert [answer.status_code for answer in answers] == [200, 200, 200]


async def test_a_form_is_answered_like_a_url(browser: Browser) -> None:
    answer = await browser.server.http.post(AUTHORIZE, data=asking())
    assert answer.status_code == 303
    browser.answer = await browser.server.http.get(answer.headers["location"])
    assert "Sign in" in browser.answer.text
    refused = await browser.server.http.post(AUTHORIZE, data=asking(redirect_uri="https://evil.example"))
    assert refused.status_code == 400
    assert "location" not in refused.headers


@pytest.mark.parametrize("query", ["%ff=1", "a=" + "x" * 9000, "&".join("a=1" for _ in range(31))])
async def test_an_unreadable_address_gets_a_page(browser: Browser, query: str) -> None:
    answer = await browser.server.http.get(f"{AUTHORIZE}?{query}")
    assert answer.status_code == 400
    assert "This sign-in cannot start" in answer.text


@pytest.mark.parametrize("state", ["<script>alert(1)</script>", '"><img src=x>'])
async def test_no_parameter_becomes_html(browser: Browser, state: str) -> None:
    answer = await browser.open(state=state, nonce=state)
    assert state not in answer.text
