"""The pages of a sign-in show a patient's name and member id: each time, an AuditEvent names the reader."""

from __future__ import annotations

import json

import pytest

from app.access.reach import PATIENT, PAYER
from app.records.members import find_member
from tests.security.audit.trail import Trail
from tests.support.apps import AUTHORIZE, Browser, with_people
from tests.support.server import Server


@pytest.fixture
async def browser(server: Server) -> Browser:
    return Browser(await with_people(server))


@pytest.mark.acceptance("G72")
async def test_the_consent_page_leaves_one_event_about_its_patient(browser: Browser) -> None:
    stored = await find_member(browser.server.system.documents, "sample-payer", "M001")
    assert stored is not None
    await browser.open()
    trail = await Trail(browser.server).start()
    await browser.log_in()
    [event] = [one for one in await trail.documents() if "110122" not in one.body]
    assert {(PATIENT, stored.record.patient), (PAYER, "sample-payer")} <= set(event.terms)
    assert '"mary"' in event.body
    assert "app-p1" in event.body
    await browser.send("consent", decision="allow")
    assert await trail.documents() == []


@pytest.mark.acceptance("G72")
async def test_a_choice_out_of_reach_leaves_an_event_without_the_member_id(browser: Browser) -> None:
    await browser.open("app-review")
    await browser.log_in("rita")
    trail = await Trail(browser.server).start()
    assert (await browser.send("patient", member="M999")).status_code == 422
    [event] = await trail.documents()
    assert json.loads(event.body)["outcome"] == "4"
    assert "M999" not in event.body
    await browser.send("patient", member="M001")
    assert f"{AUTHORIZE}/consent" in browser.page.forms
    [event] = await trail.documents()
    assert json.loads(event.body)["outcome"] == "0"
