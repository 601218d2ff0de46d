"""The patient in context: of a launch from a portal, of the user's own record, or chosen by staff."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from app.adapters.tokens.own_tokens import mint as mint_token
from app.records.members import find_member
from app.records.smart.kinds import LAUNCHES, Launch
from app.records.smart.shelf import digest
from tests.support.apps import AUTHORIZE, Browser
from tests.support.server import ROOT, signing_key

EHR_SCOPES = "launch openid fhirUser patient/*.rs"


async def patient_id(browser: Browser, member: str = "M001") -> str:
    stored = await find_member(browser.server.system.documents, "sample-payer", member)
    assert stored is not None
    return stored.record.patient


async def mint(browser: Browser, client: str = "ehr-a", **form: str) -> httpx.Response:
    token = {"Authorization": browser.server.headers(client)["Authorization"]}
    form = form or {"patient": await patient_id(browser)}
    return await browser.server.http.post("/oauth/launch", data=form, headers=token)


async def sign_in(browser: Browser, client: str, user: str, **parameters: str | None) -> None:
    await browser.open(client, **parameters)
    await browser.log_in(user)


async def choose(browser: Browser, member: str) -> httpx.Response:
    form = [*browser.page.forms[f"{AUTHORIZE}/patient"], ("payer", "sample-payer")]
    return await browser.send("patient", form, member=member)


async def test_a_portal_launches_an_app_for_a_patient(browser: Browser) -> None:
    minted = (await mint(browser)).json()
    assert minted["iss"] == "http://preauth.test/fhir"
    assert minted["expires_in"] == 300
    await sign_in(browser, "app-ehr", "ann", launch=minted["launch"], scope=EHR_SCOPES)
    assert "M001" in browser.answer.text
    await browser.send("consent", decision="allow")
    tokens = (await browser.redeem(browser.sent_back["code"], "app-ehr")).json()
    assert tokens["patient"] == await patient_id(browser)
    assert tokens["need_patient_banner"] is True


async def test_a_portal_that_shows_the_patient_spares_the_app_its_banner(browser: Browser) -> None:
    minted = (await mint(browser, patient=await patient_id(browser), need_patient_banner="false")).json()
    await sign_in(browser, "app-ehr", "ann", launch=minted["launch"], scope=EHR_SCOPES)
    await browser.send("consent", decision="allow")
    tokens = (await browser.redeem(browser.sent_back["code"], "app-ehr")).json()
    assert tokens["need_patient_banner"] is False


async def test_a_launch_can_name_the_member(browser: Browser) -> None:
    assert (await mint(browser, payer="sample-payer", member="M001")).status_code == 200


async def test_a_handle_is_good_once(browser: Browser) -> None:
    handle = (await mint(browser)).json()["launch"]
    await sign_in(browser, "app-ehr", "ann", launch=handle, scope=EHR_SCOPES)
    form = browser.page.forms[f"{AUTHORIZE}/consent"]
    await browser.send("consent", form, decision="allow")
    assert "code" in browser.sent_back
    await browser.send("consent", form, decision="allow")
    assert browser.sent_back["error"] == "invalid_request"


async def test_a_handle_is_good_for_five_minutes(browser: Browser) -> None:
    handle = (await mint(browser)).json()["launch"]
    browser.server.clock.move(minutes=5)
    await browser.open("app-ehr", launch=handle, scope=EHR_SCOPES)
    assert browser.sent_back["error"] == "invalid_request"


async def test_a_handle_for_one_app_is_unknown_to_another(browser: Browser) -> None:
    handle = (await mint(browser, patient=await patient_id(browser), client_id="app-review")).json()["launch"]
    await browser.open("app-ehr", launch=handle, scope=EHR_SCOPES)
    assert browser.sent_back["error"] == "invalid_request"


async def test_a_user_who_does_not_see_the_patient_cannot_use_the_launch(browser: Browser) -> None:
    handle = (await mint(browser)).json()["launch"]
    await sign_in(browser, "app-ehr", "bob", launch=handle, scope=EHR_SCOPES)
    assert browser.sent_back["error"] == "access_denied"
    assert "code" not in browser.sent_back


async def with_handle_of(browser: Browser, user: str) -> str:
    """Store a launch that only this user may use; return its handle."""
    system, handle = browser.server.system, f"handle of {user}"
    launch = Launch(patient=await patient_id(browser), user=user)
    now = system.clock.now()
    await LAUNCHES.keep(system.documents, digest(handle), launch, now, now + timedelta(minutes=5))
    return handle


@pytest.mark.parametrize("left_out", [(), ("launch", "patient/*.rs")])
async def test_another_user_cannot_use_a_launch_up(browser: Browser, left_out: tuple[str, ...]) -> None:
    handle = await with_handle_of(browser, "ann")
    await sign_in(browser, "app-ehr", "ann", launch=handle, scope=EHR_SCOPES)
    of_ann = browser.page.forms[f"{AUTHORIZE}/consent"]
    browser.server.http.cookies.clear()
    await sign_in(browser, "app-ehr", "bob", launch=handle, scope=EHR_SCOPES)
    assert browser.sent_back["error"] == "access_denied"
    await browser.open("app-ehr", scope="openid")
    fields = [("csrf", dict(browser.page.forms[f"{AUTHORIZE}/consent"])["csrf"])]
    fields += [pair for pair in of_ann if pair[0] != "csrf" and pair[1] not in left_out]
    await browser.send("consent", fields, decision="allow")
    assert browser.sent_back["error"] == "access_denied"
    system = browser.server.system
    assert await LAUNCHES.find(system.documents, digest(handle), system.clock.now()) is not None


@pytest.mark.acceptance("B28")
async def test_a_granular_scope_limits_the_patients_of_a_launch(browser: Browser) -> None:
    allowed, other = await patient_id(browser), await patient_id(browser, "M002")
    now = browser.server.clock.now()
    scopes = ["system/Patient.rs?identifier=M001"]
    token = mint_token(signing_key(), ROOT, "ehr-a", scopes, now, lifetime=timedelta(minutes=5))
    bearer = {"Authorization": f"Bearer {token}"}
    answers = [
        await browser.server.http.post("/oauth/launch", data={"patient": patient}, headers=bearer)
        for patient in (allowed, other, "unknown")
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 400]
    assert answers[1].content == answers[2].content


@pytest.mark.parametrize("client", ["ehr-b", "reviewer-2"])
async def test_a_foreign_patient_and_an_unknown_one_get_the_same_answer(browser: Browser, client: str) -> None:
    foreign = await mint(browser, client, patient=await patient_id(browser))
    unknown = await mint(browser, client, patient="00000000-0000-4000-a000-000000000000")
    assert foreign.status_code == unknown.status_code == 400
    assert foreign.content == unknown.content


async def test_a_patient_cannot_make_a_launch(browser: Browser) -> None:
    assert (await mint(browser, "patient-1", patient=await patient_id(browser))).status_code == 403


@pytest.mark.acceptance("A1")
async def test_a_launch_without_a_token_is_refused(browser: Browser) -> None:
    answer = await browser.server.http.post("/oauth/launch", data={"patient": "x"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["error"] == "invalid_token"


async def test_the_store_has_the_hash_of_a_handle_only(browser: Browser) -> None:
    handle = (await mint(browser)).json()["launch"]
    system = browser.server.system
    assert await LAUNCHES.find(system.documents, handle, system.clock.now()) is None


async def test_a_provider_chooses_a_patient_by_member_id(browser: Browser) -> None:
    await sign_in(browser, "app-ehr", "ann")
    assert "Choose a patient" in browser.answer.text
    await browser.send(
        "patient", [*browser.page.forms[f"{AUTHORIZE}/patient"], ("payer", "sample-payer")], member="M002"
    )
    assert "M002" in browser.answer.text
    await browser.send("consent", decision="allow")
    tokens = (await browser.redeem(browser.sent_back["code"], "app-ehr")).json()
    assert tokens["patient"] == await patient_id(browser, "M002")


async def test_patient_scopes_of_a_provider_reach_only_the_chosen_patient(browser: Browser) -> None:
    await sign_in(browser, "app-ehr", "ann", scope="launch/patient patient/*.rs")
    await browser.send(
        "patient", [*browser.page.forms[f"{AUTHORIZE}/patient"], ("payer", "sample-payer")], member="M002"
    )
    await browser.send("consent", decision="allow")
    tokens = (await browser.redeem(browser.sent_back["code"], "app-ehr")).json()
    bundle = (await browser.read(tokens["access_token"])).json()
    assert {entry["resource"]["patient"]["reference"] for entry in bundle["entry"]} == {f"Patient/{tokens['patient']}"}
    other = await browser.read(tokens["access_token"], f"/Patient/{await patient_id(browser)}")
    assert other.status_code == 404


async def test_the_health_plan_stays_chosen_after_an_unknown_member(browser: Browser) -> None:
    await sign_in(browser, "app-ehr", "ann")
    assert "selected" not in browser.answer.text
    form = [*browser.page.forms[f"{AUTHORIZE}/patient"], ("payer", "second-payer")]
    assert '<option value="second-payer" selected>' in (await browser.send("patient", form, member="M999")).text


@pytest.mark.parametrize(("user", "member"), [("ann", "M999"), ("bob", "M001"), ("bob", "M999")])
async def test_a_member_out_of_reach_is_like_an_unknown_one(browser: Browser, user: str, member: str) -> None:
    await sign_in(browser, "app-ehr", user)
    answer = await choose(browser, member)
    assert answer.status_code == 422
    assert "No member with this id is on record for you." in answer.text
    assert member not in answer.text


async def test_a_form_cannot_name_a_patient_out_of_reach(browser: Browser) -> None:
    foreign = await patient_id(browser)
    await sign_in(browser, "app-ehr", "bob", scope="launch/patient user/ClaimResponse.rs")
    fields = [*browser.page.forms[f"{AUTHORIZE}/patient"], ("scope", "launch/patient"), ("patient", foreign)]
    answer = await browser.send("consent", fields, decision="allow")
    assert answer.status_code == 403
    assert "location" not in answer.headers


async def test_staff_sees_the_members_of_its_payer(browser: Browser) -> None:
    await sign_in(browser, "app-review", "rita")
    assert 'name="payer" value="sample-payer"' in browser.answer.text
    await browser.send("patient", member="M001")
    assert "Allow App app-review?" in browser.answer.text


async def test_without_a_scope_for_a_patient_none_is_chosen(browser: Browser) -> None:
    await sign_in(browser, "app-ehr", "ann", scope="user/ClaimResponse.rs openid")
    await browser.send("consent", decision="allow")
    tokens = (await browser.redeem(browser.sent_back["code"], "app-ehr")).json()
    assert "patient" not in tokens
    assert (await browser.read(tokens["access_token"])).json()["entry"]


async def test_a_patient_without_a_record_gets_no_access(browser: Browser) -> None:
    await sign_in(browser, "app-p1", "nora")
    assert browser.answer.status_code == 403
    assert "no member record here yet" in browser.answer.text
