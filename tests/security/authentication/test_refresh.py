"""Refresh tokens rotate; using an old one ends the whole family, and so do revocation and logout."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from app.access.registry import Client, User
from app.access.smart.secret import hashed
from app.records.access.registry import change_row
from tests.support.apps import AUTHORIZE, PASSWORD, REDIRECT, VERIFIER, Browser

pytestmark = pytest.mark.acceptance("A13")


async def test_a_refresh_token_gives_new_tokens_and_a_new_refresh_token(browser: Browser) -> None:
    first = await browser.tokens()
    second = (await browser.refresh(first["refresh_token"])).json()
    third = (await browser.refresh(second["refresh_token"])).json()
    assert len({first["refresh_token"], second["refresh_token"], third["refresh_token"]}) == 3
    assert third["scope"] == first["scope"]
    assert third["patient"] == first["patient"]
    assert (await browser.read(third["access_token"])).status_code == 200


async def test_the_reuse_of_a_rotated_token_ends_the_family(browser: Browser) -> None:
    first = await browser.tokens()
    second = (await browser.refresh(first["refresh_token"])).json()
    assert (await browser.read(second["access_token"])).status_code == 200
    reuse = await browser.refresh(first["refresh_token"])
    assert reuse.status_code == 400
    assert reuse.json()["error"] == "invalid_grant"
    assert (await browser.refresh(second["refresh_token"])).json()["error"] == "invalid_grant"
    for tokens in (first, second):
        assert (await browser.read(tokens["access_token"])).status_code == 401


async def test_of_parallel_uses_of_a_refresh_token_none_leaves_a_good_family(browser: Browser) -> None:
    tokens = await browser.tokens()
    answers = await asyncio.gather(*(browser.refresh(tokens["refresh_token"]) for _ in range(6)))
    good = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(good) <= 1
    assert all([(await browser.read(one["access_token"])).status_code == 401 for one in good])


async def test_a_refresh_may_narrow_the_scopes_and_a_later_one_gets_all_again(browser: Browser) -> None:
    tokens = await browser.tokens()
    narrow = (await browser.refresh(tokens["refresh_token"], scope="patient/Coverage.rs")).json()
    assert narrow["scope"] == "patient/Coverage.rs"
    assert (await browser.read(narrow["access_token"])).status_code == 403
    assert (await browser.read(narrow["access_token"], "/Coverage")).status_code == 200
    assert (await browser.refresh(narrow["refresh_token"])).json()["scope"] == tokens["scope"]


@pytest.mark.parametrize("scope", ["patient/*.cruds", "user/*.rs", "system/*.rs", "launch", "online_access", " ", "x"])
async def test_a_refresh_must_not_widen_the_scopes(browser: Browser, scope: str) -> None:
    tokens = await browser.tokens()
    answer = await browser.refresh(tokens["refresh_token"], scope=scope)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_scope"


@pytest.mark.parametrize(
    "scope",
    [
        "patient/Claim.rs?status=active&status=cancelled",
        "patient/Claim.rs?status=active patient/Claim.rs?use=claim",
        "patient/Claim.rs?colour=red",
    ],
)
async def test_a_refresh_gives_no_scopes_that_cannot_be_enforced(browser: Browser, scope: str) -> None:
    tokens = await browser.tokens()
    answer = await browser.refresh(tokens["refresh_token"], scope=scope)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert (await browser.refresh(tokens["refresh_token"])).status_code == 200


async def test_scopes_that_remain_after_a_consent_must_be_enforceable(browser: Browser) -> None:
    wide = "patient/Claim.rs?status=active,cancelled"
    narrow = ("patient/Claim.rs?status=active&use=claim", "patient/Claim.rs?status=cancelled&use=preauthorization")
    await browser.open(scope=" ".join(["launch/patient", wide, *narrow]))
    await browser.log_in()
    fields = [pair for pair in browser.page.forms[f"{AUTHORIZE}/consent"] if pair[1] != wide]
    await browser.send("consent", fields, decision="allow")
    assert browser.sent_back["error"] == "invalid_scope"


async def test_a_refresh_token_of_another_client_is_refused_and_stays_good(browser: Browser) -> None:
    tokens = await browser.tokens()
    stolen = await browser.refresh(tokens["refresh_token"], "app-p2")
    assert stolen.json()["error"] == "invalid_grant"
    assert (await browser.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_public_client_need_not_name_itself_and_another_one_must_prove_its_identity(browser: Browser) -> None:
    public = (await browser.tokens())["refresh_token"]
    form = {"grant_type": "refresh_token", "code_verifier": VERIFIER, "redirect_uri": REDIRECT}
    http, auth = browser.server.http, ("app-secret", PASSWORD)
    code = {**form, "grant_type": "authorization_code", "code": await browser.code("app-secret")}
    secret = (await http.post("/oauth/token", data=code, auth=auth)).json()["refresh_token"]
    answers = [await http.post("/oauth/token", data={**form, "refresh_token": token}) for token in (public, secret)]
    assert [answer.status_code for answer in answers] == [200, 401]
    assert (await http.post("/oauth/token", data={**form, "refresh_token": secret}, auth=auth)).status_code == 200


@pytest.mark.parametrize("text", ["", ".", "x", "x.y", "é.ü"])
async def test_a_text_of_another_kind_is_refused(browser: Browser, text: str) -> None:
    answer = await browser.refresh(text)
    assert answer.status_code == 400
    assert answer.json()["error"] in ("invalid_grant", "invalid_request")


async def test_the_id_in_an_access_token_does_not_address_the_family(browser: Browser) -> None:
    tokens = await browser.tokens()
    family = browser.server.system
    verified = await family.identity.tokens.verify(tokens["access_token"], browser.server.clock.now())
    await browser.refresh(f"{verified.family}.x")
    assert (await browser.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_token_without_use_expires_and_each_use_prolongs_it(browser: Browser) -> None:
    tokens = await browser.tokens()
    for _ in range(2):
        browser.server.clock.move(days=29)
        tokens = (await browser.refresh(tokens["refresh_token"])).json()
    browser.server.clock.move(days=31)
    assert (await browser.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_online_access_ends_with_the_session(browser: Browser) -> None:
    tokens = await browser.tokens(scope="launch/patient online_access patient/*.rs")
    tokens = (await browser.refresh(tokens["refresh_token"])).json()
    await browser.open()
    await browser.send("logout")
    assert (await browser.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_without_a_scope_for_it_an_app_gets_no_refresh_token(browser: Browser) -> None:
    tokens = await browser.tokens(scope="launch/patient patient/*.rs")
    assert "refresh_token" not in tokens


@pytest.mark.acceptance("A14")
@pytest.mark.parametrize(
    ("type_", "key", "error"), [(Client, "app-p1", "invalid_client"), (User, "mary", "invalid_grant")]
)
async def test_a_disabled_client_or_user_gets_no_tokens_and_its_tokens_end_within_a_minute(
    browser: Browser, type_: type[Client | User], key: str, error: str
) -> None:
    tokens = await browser.tokens()
    assert (await browser.read(tokens["access_token"])).status_code == 200
    await change_row(browser.server.system.documents, type_, key, lambda row: replace(row, disabled=True))
    browser.server.clock.move(seconds=31)
    assert (await browser.refresh(tokens["refresh_token"])).json()["error"] == error
    assert (await browser.read(tokens["access_token"])).status_code == 401


@pytest.mark.acceptance("A14")
async def test_a_new_password_ends_the_sessions_and_the_refresh_tokens_of_the_old_one(browser: Browser) -> None:
    tokens, documents = await browser.tokens(), browser.server.system.documents
    code = await browser.code()
    await change_row(documents, User, "mary", lambda row: replace(row, password=hashed("another long password")))
    assert (await browser.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await browser.redeem(code)).json()["error"] == "invalid_grant"
    await browser.open()
    assert f"{AUTHORIZE}/login" in browser.page.forms
    await browser.log_in(password="another long password")
    await browser.send("consent", decision="allow")
    assert (await browser.redeem(browser.sent_back["code"])).status_code == 200


@pytest.mark.acceptance("A14")
@pytest.mark.parametrize("member", [("second-payer", "M001"), ("sample-payer", "M002"), ("sample-payer", "M777")])
async def test_a_user_who_gets_another_member_keeps_no_access_to_the_former(
    browser: Browser, member: tuple[str, str]
) -> None:
    tokens = await browser.tokens()
    await change_row(browser.server.system.documents, User, "mary", lambda row: replace(row, member=member))
    browser.server.clock.move(seconds=31)
    assert (await browser.read(tokens["access_token"])).status_code == 401
    assert (await browser.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_an_app_token_ends_after_its_lifetime(browser: Browser) -> None:
    tokens = await browser.tokens()
    browser.server.clock.move(seconds=899)
    assert (await browser.read(tokens["access_token"])).status_code == 200
    browser.server.clock.move(seconds=1)
    assert (await browser.read(tokens["access_token"])).status_code == 401
