"""The authorization server leaves an AuditEvent for each token, login, launch and revocation, granted or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.access.smart.access_token import claims_of
from app.conformance.admission import base_validator
from app.conformance.strictness import Level
from app.ports import StoreUnavailable
from tests.security.audit.trail import Trail, client_of, references
from tests.support.apps import PASSWORD, Browser, with_people
from tests.support.server import Server

Json = dict[str, Any]

TOKEN, LOGIN, REVOCATION, LAUNCH = "ITI-71", "110122", "revocation", "launch"
SECRET = "wrong-s3cret-secret"


@pytest.fixture
async def browser(server: Server) -> Browser:
    return Browser(await with_people(server))


def named(event: Json) -> list[str]:
    """Return the registered ids that a refused caller named."""
    return [entity["what"]["identifier"]["value"] for entity in event["entity"] if "description" in entity]


async def acts(trail: Trail, *kinds: str) -> list[Json]:
    """Return the new events of these kinds, each valid and about the authorization server."""
    events = [event for event in await trail.events() if event["type"]["code"] == "110114"]
    assert [base_validator().validate(event, level=Level.STRICT) for event in events] == [()] * len(events)
    return [event for event in events if event["subtype"][0]["code"] in kinds]


@pytest.mark.acceptance("G72")
async def test_a_token_of_an_app_leaves_its_client_user_patient_and_jti(browser: Browser) -> None:
    code = await browser.code()
    trail = await Trail(browser.server).start()
    tokens = (await browser.redeem(code)).json()
    [event] = await acts(trail, TOKEN)
    jti = claims_of(tokens["access_token"]).jti
    assert (event["outcome"], client_of(event)) == ("0", "app-p1")
    assert event["agent"][2]["who"]["identifier"]["value"] == "mary"
    assert event["agent"][2]["policy"] == [f"urn:ietf:params:oauth:jti:{jti}"]
    assert event["agent"][0]["network"]["address"]
    assert references(event) == [f"Patient/{tokens['patient']}"]
    for secret in (code, tokens["access_token"], tokens["refresh_token"]):
        assert secret not in json.dumps(event)


@pytest.mark.acceptance("G72")
async def test_no_token_leaves_without_its_event(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    code = await browser.code()

    async def fails(*_: Any) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(type(browser.server.system.audit), "write", fails)
    answer = await browser.redeem(code)
    assert answer.status_code == 503
    assert "access_token" not in answer.text


@pytest.mark.acceptance("G72")
async def test_a_refused_token_leaves_the_registered_client_and_no_secret(browser: Browser) -> None:
    trail = await Trail(browser.server).start()
    form = {"grant_type": "authorization_code", "client_id": "app-secret", "client_secret": SECRET, "code": SECRET}
    assert (await browser.server.http.post("/oauth/token", data=form)).status_code == 401
    [event] = await acts(trail, TOKEN)
    assert (event["outcome"], event["outcomeDesc"], client_of(event)) == ("8", "invalid_client", None)
    assert named(event) == ["app-secret"]
    assert SECRET not in json.dumps(event)


async def test_a_name_that_is_not_registered_is_left_out(browser: Browser) -> None:
    trail = await Trail(browser.server).start()
    await browser.server.http.post("/oauth/token", data={"grant_type": "client_credentials", "client_id": SECRET})
    await browser.open()
    await browser.log_in(SECRET, "mary")
    events = await acts(trail, TOKEN, LOGIN)
    assert [(event["outcome"], named(event)) for event in events if event["subtype"][0]["code"] == TOKEN] == [("8", [])]
    assert [named(event) for event in events if event["subtype"][0]["code"] == LOGIN] == [["app-p1"]]
    assert SECRET not in json.dumps(events)


@pytest.mark.acceptance("G72")
async def test_logins_leave_the_user_the_app_and_the_outcome(browser: Browser) -> None:
    trail = await Trail(browser.server).start()
    await browser.open()
    await browser.log_in("mary", SECRET)
    await browser.log_in("mary", PASSWORD)
    bad, good = sorted(await acts(trail, LOGIN), key=lambda event: str(event["outcome"]), reverse=True)
    assert (bad["outcomeDesc"], named(bad)) == ("wrong name or password", ["app-p1", "mary"])
    assert (client_of(good), good["agent"][2]["who"]["identifier"]["value"]) == ("app-p1", "mary")
    assert not [word for word in (SECRET, PASSWORD) if word in json.dumps([bad, good])]


@pytest.mark.acceptance("G72")
async def test_a_lockout_leaves_its_user(browser: Browser) -> None:
    await browser.open()
    for _ in range(10):
        await browser.log_in("mary", SECRET)
    trail = await Trail(browser.server).start()
    assert (await browser.log_in("mary")).status_code == 429
    [event] = await acts(trail, LOGIN)
    assert (event["outcomeDesc"], named(event)) == ("locked out", ["app-p1", "mary"])


@pytest.mark.acceptance("G72")
async def test_a_revocation_leaves_the_jti_and_a_foreign_token_none(browser: Browser) -> None:
    token = (await browser.tokens())["access_token"]
    trail = await Trail(browser.server).start()
    for client in ("app-p2", "app-p1"):
        await browser.server.http.post("/oauth/revoke", data={"token": token, "client_id": client})
    [event] = await acts(trail, REVOCATION)
    assert client_of(event) == "app-p1"
    assert claims_of(token).jti in json.dumps(event)
    assert token not in json.dumps(event)


@pytest.mark.acceptance("G72")
async def test_launches_leave_the_patient_or_the_refusal(browser: Browser) -> None:
    server, http = browser.server, browser.server.http
    bearer = {"Authorization": server.headers("ehr-a")["Authorization"]}
    trail = await Trail(server).start()
    good = await http.post("/oauth/launch", data={"payer": "sample-payer", "member": "M001"}, headers=bearer)
    [event] = await acts(trail, LAUNCH)
    assert (event["outcome"], client_of(event), len(references(event))) == ("0", "ehr-a", 1)
    assert good.json()["launch"] not in json.dumps(event)
    await http.post("/oauth/launch", data={"payer": "sample-payer", "member": "M999"}, headers=bearer)
    await http.post("/oauth/launch", data={"payer": "sample-payer", "member": "M001"})
    refused = await acts(trail, LAUNCH)
    assert {(event["outcome"], client_of(event)) for event in refused} == {("8", "ehr-a"), ("8", None)}
    assert "M999" not in json.dumps(refused)
