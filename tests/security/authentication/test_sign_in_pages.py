"""The pages of a sign-in: cookie, forms, headers, and the way from the login to the consent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.records.smart.kinds import CODES, SESSIONS
from app.records.smart.shelf import digest
from tests.support.apps import AUTHORIZE, PASSWORD, REDIRECT, Browser, asking, with_people
from tests.support.server import serving

COOKIE = "preauth"


async def test_a_sign_in_leads_by_login_and_consent_back_to_the_app(browser: Browser) -> None:
    assert "Sign in" in (await browser.open()).text
    consent = await browser.log_in()
    assert "Allow App app-p1?" in consent.text
    await browser.send("consent", decision="allow")
    assert browser.answer.status_code == 303
    assert set(browser.sent_back) == {"code", "state"}
    assert browser.sent_back["state"] == "state-1"


async def test_the_consent_names_app_person_patient_and_each_scope_in_words(browser: Browser) -> None:
    await browser.open()
    text = (await browser.log_in()).text
    assert all(part in text for part in ("App app-p1", "Mary Example", "M001", "See the whole record", "patient/*.rs"))
    assert "Keep this access after you sign out" in text


async def test_a_user_can_deny(browser: Browser) -> None:
    await browser.open()
    await browser.log_in()
    await browser.send("consent", decision="deny")
    assert browser.sent_back == {
        "error": "access_denied",
        "error_description": "The user denied the access.",
        "state": "state-1",
    }


async def test_a_user_must_choose_a_scope_or_deny(browser: Browser) -> None:
    await browser.open()
    await browser.log_in()
    fields = [pair for pair in browser.page.forms[f"{AUTHORIZE}/consent"] if pair[0] != "scope"]
    answer = await browser.send("consent", fields, decision="allow")
    assert answer.status_code == 422
    assert "Choose at least one part" in answer.text


async def test_a_signed_in_user_gets_the_consent_page_at_once(browser: Browser) -> None:
    await browser.code()
    assert "Allow App app-p2?" in (await browser.open("app-p2")).text


@pytest.mark.parametrize("again", [{"prompt": "login"}, {"max_age": "60"}])
async def test_an_app_can_ask_for_another_login(browser: Browser, again: dict[str, str]) -> None:
    await browser.code()
    browser.server.clock.move(seconds=61)
    assert "Password" in (await browser.open(**again)).text
    assert "Allow App app-p1?" in (await browser.log_in()).text


async def test_a_session_ends_after_eight_hours(browser: Browser) -> None:
    await browser.code()
    browser.server.clock.move(hours=8)
    assert "Password" in (await browser.open()).text


async def test_a_user_can_sign_out(browser: Browser) -> None:
    await browser.open()
    await browser.log_in()
    assert "Password" in (await browser.send("logout")).text
    assert "Password" in (await browser.open()).text


async def test_an_app_without_a_page_in_between_learns_that_consent_is_needed(browser: Browser) -> None:
    await browser.code()
    await browser.open(prompt="none")
    assert browser.sent_back["error"] == "consent_required"


@pytest.mark.parametrize(("user", "password"), [("mary", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("", "")])
async def test_a_bad_login_gets_one_and_the_same_answer(browser: Browser, user: str, password: str) -> None:
    await browser.open()
    answer = await browser.log_in(user, password)
    assert answer.status_code == 403
    assert "The user name or the password is wrong." in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.acceptance("A17")
async def test_ten_bad_logins_lock_a_user_out_and_the_right_password_does_not_help(browser: Browser) -> None:
    await browser.open()
    answers = [await browser.log_in("mary", "wrong") for _ in range(10)]
    assert {answer.status_code for answer in answers} == {403}
    locked = await browser.log_in("mary")
    assert locked.status_code == 429
    assert locked.headers["retry-after"] == "60"
    browser.server.clock.move(seconds=60)
    assert "Allow App app-p1?" in (await browser.log_in("mary")).text


@pytest.mark.acceptance("A17")
async def test_ten_bad_logins_lock_an_address_out_for_every_user(browser: Browser) -> None:
    await browser.open()
    for number in range(10):
        await browser.log_in(f"user-{number}", "wrong")
    assert (await browser.log_in("mary")).status_code == 429


async def test_good_logins_do_not_lock_out(browser: Browser) -> None:
    for _ in range(12):
        await browser.open(prompt="login")
        assert (await browser.log_in()).status_code == 200


async def test_a_user_of_another_role_cannot_use_an_app(browser: Browser) -> None:
    await browser.open("app-p1")
    answer = await browser.log_in("rita")
    assert answer.status_code == 403
    assert "This account cannot use App app-p1" in answer.text
    assert f"{AUTHORIZE}/logout" in browser.page.forms
    await browser.send("consent")
    assert browser.sent_back["error"] == "access_denied"


@pytest.mark.acceptance("H78")
async def test_the_session_cookie_is_out_of_reach_of_scripts_and_new_after_the_login(browser: Browser) -> None:
    before = (await browser.open()).headers["set-cookie"]
    assert re.fullmatch(rf"{COOKIE}=[\w-]{{43}}; HttpOnly; Path=/; SameSite=lax", before)
    first = browser.server.http.cookies[COOKIE]
    await browser.log_in()
    second = browser.server.http.cookies[COOKIE]
    assert second != first
    system = browser.server.system
    assert await SESSIONS.find(system.documents, digest(first), system.clock.now()) is None
    assert await SESSIONS.find(system.documents, digest(second), system.clock.now()) is not None


@pytest.mark.acceptance("H78")
async def test_behind_https_the_cookie_goes_only_to_this_host_and_only_by_https(tmp_path: Path) -> None:
    async with serving(tmp_path, root="https://preauth.test") as server:
        await with_people(server)
        cookie = (await Browser(server).open(aud="https://preauth.test/fhir")).headers["set-cookie"]
    assert re.fullmatch(r"__Host-preauth=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure", cookie)


@pytest.mark.acceptance("H78")
@pytest.mark.parametrize("step", ["login", "patient", "consent", "logout"])
async def test_a_form_without_the_token_of_its_page_does_nothing(browser: Browser, step: str) -> None:
    await browser.open()
    await browser.log_in()
    own = {"request": dict(browser.page.forms[f"{AUTHORIZE}/consent"])["request"], "decision": "allow"}
    for token in ({}, {"csrf": ""}, {"csrf": "0" * 64}):
        fields = [*own.items(), *token.items(), ("scope", "patient/*.rs"), ("user", "mary"), ("password", PASSWORD)]
        answer = await browser.send(step, fields)
        assert answer.status_code == 403
        assert "This page has expired" in answer.text
    assert "Allow App" in (await browser.open()).text, "the user is still signed in"


@pytest.mark.acceptance("H78")
async def test_the_token_of_a_form_is_bound_to_the_session(browser: Browser) -> None:
    await browser.open()
    before = dict(browser.page.forms[f"{AUTHORIZE}/login"])["csrf"]
    await browser.log_in()
    fields = [("csrf", before), *browser.page.forms[f"{AUTHORIZE}/consent"][1:], ("decision", "allow")]
    assert (await browser.send("consent", fields)).status_code == 403


@pytest.mark.acceptance("H76", "H78")
async def test_every_page_forbids_scripts_frames_and_caches(browser: Browser) -> None:
    login = await browser.open()
    bad = await browser.log_in("mary", "wrong")
    consent = await browser.log_in()
    fault = await browser.open(redirect_uri="https://evil.example")
    for page in (login, bad, consent, fault):
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "<script" not in page.text
    assert login.headers["content-security-policy"].endswith("form-action 'self' https://app.example")
    assert fault.headers["content-security-policy"].endswith("form-action 'none'")


async def test_every_input_has_a_label_and_a_password_manager_can_fill_the_login(browser: Browser) -> None:
    await browser.open()
    visible = [given for given in browser.page.inputs if given["type"] != "hidden"]
    assert {given["id"] for given in visible} == browser.page.labels
    assert [given["autocomplete"] for given in visible] == ["username", "current-password"]
    assert '<html lang="en">' in browser.answer.text
    assert 'name="viewport"' in browser.answer.text


async def test_the_style_sheets_are_served(browser: Browser) -> None:
    text = (await browser.open()).text
    sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', text)
    assert len(sheets) == 2
    for sheet in sheets:
        assert (await browser.server.http.get(sheet)).status_code == 200


async def test_a_wider_request_is_narrowed_to_the_scopes_of_the_client(browser: Browser) -> None:
    await browser.open("app-narrow")
    await browser.log_in()
    scopes = [value for name, value in browser.page.forms[f"{AUTHORIZE}/consent"] if name == "scope"]
    assert scopes == ["launch/patient", "patient/ClaimResponse.rs"]


async def test_a_form_cannot_add_scopes(browser: Browser) -> None:
    await browser.open("app-narrow")
    await browser.log_in()
    await browser.send("consent", scope="patient/Coverage.rs", decision="allow")
    system = browser.server.system
    code = await CODES.find(system.documents, digest(browser.sent_back["code"]), system.clock.now())
    assert code is not None
    assert code.value.approval.scopes == ("launch/patient", "patient/ClaimResponse.rs")


async def test_a_huge_or_broken_form_is_refused(browser: Browser) -> None:
    await browser.open()
    http = browser.server.http
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    huge = await http.post(f"{AUTHORIZE}/login", content="a=" + "x" * 70_000, headers=form)
    many = await http.post(f"{AUTHORIZE}/login", content="a=1&" * 2000, headers=form)
    other = await http.post(f"{AUTHORIZE}/login", json={"user": "mary"})
    assert [huge.status_code, many.status_code, other.status_code] == [413, 400, 415]


async def test_the_app_gets_its_answer_at_the_redirect_with_its_own_query(browser: Browser) -> None:
    assert asking()["redirect_uri"] == REDIRECT
    code = await browser.code()
    assert len(code) == 43
