"""An access that names no payer shows to the auditors of all payers: each of them could be meant."""

from __future__ import annotations

from typing import Any

import pytest

from app.access.grant import Grant, Role
from app.access.reach import ANY_PAYER, PATIENT, PAYER, reach_of
from app.access.registry import Client, People
from tests.api.reading import resources
from tests.security.audit.trail import Trail, client_of, references
from tests.support.apps import AUTHORIZE, Browser, with_people
from tests.support.people import register
from tests.support.samples import request_bundle
from tests.support.server import Server

Json = dict[str, Any]
PAYERS = ("sample-payer", "second-payer")


async def seen_by(server: Server, *payers: str, client: str = "ehr-a") -> list[Json]:
    """Return the events of a client that an auditor of the payers sees."""
    auditor = Client(id=f"of-{'-'.join(payers)}", role=Role.AUDITOR, payers=payers, scopes=("system/AuditEvent.rs",))
    await register(server.system.documents, People(clients=(auditor,)))
    server.clients = {**server.clients, auditor.id: auditor}
    await Trail(server).start()
    events = resources((await server.get("/AuditEvent", auditor.id)).json())
    return [event for event in events if client_of(event) == client]


def searches(event: Json) -> list[str]:
    return [entity["query"] for entity in event["entity"] if "query" in entity]


@pytest.mark.acceptance("G72")
@pytest.mark.parametrize("payer", PAYERS)
async def test_the_auditor_of_each_payer_finds_an_empty_search_without_its_query(server: Server, payer: str) -> None:
    await server.get("/Claim?patient:identifier=M001", "ehr-a")
    [event] = await seen_by(server, payer)
    assert (event["subtype"][0]["code"], searches(event)) == ("search-type", [])


@pytest.mark.acceptance("G72")
@pytest.mark.parametrize("payer", PAYERS)
async def test_the_auditor_of_each_payer_finds_a_refused_read_and_its_reference(server: Server, payer: str) -> None:
    await server.get("/Claim/of-somebody", "ehr-a")
    [event] = await seen_by(server, payer)
    assert (event["outcome"], references(event)) == ("4", ["Claim/of-somebody"])


async def test_an_auditor_of_unknown_payers_sees_the_query(server: Server) -> None:
    await server.get("/Claim?patient:identifier=M001", "ehr-a")
    [event] = await seen_by(server, "unknown")
    assert len(searches(event)) == 1


async def test_an_access_to_the_data_of_one_payer_shows_to_its_auditors_only(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(identifier="one"))
    assert len(await seen_by(server, "sample-payer")) == 1
    assert await seen_by(server, "second-payer") == []


@pytest.mark.acceptance("G72")
async def test_an_empty_search_of_a_patient_shows_to_the_auditors_of_the_patients_payer_only(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(identifier="one"))
    await server.get("/ClaimResponse?status=draft", "patient-1")
    events = {payer: await seen_by(server, payer, client="patient-1") for payer in PAYERS}
    assert [len(events[payer]) for payer in PAYERS] == [1, 0]


@pytest.mark.acceptance("G72")
async def test_the_token_for_a_patient_shows_to_the_auditors_of_the_patients_payer_only(server: Server) -> None:
    browser = Browser(await with_people(server))
    await browser.open("app-ehr", scope="launch/patient patient/*.rs")
    await browser.log_in("ann")
    payer = ("payer", "sample-payer")
    await browser.send("patient", [*browser.page.forms[f"{AUTHORIZE}/patient"], payer], member="M001")
    await browser.send("consent", decision="allow")
    tokens = (await browser.redeem(browser.sent_back["code"], "app-ehr")).json()
    patient = f"Patient/{tokens['patient']}"
    seen = {payer: await seen_by(server, payer, client="app-ehr") for payer in PAYERS}
    named = {payer: [event for event in events if patient in references(event)] for payer, events in seen.items()}
    assert [bool(named[payer]) for payer in PAYERS] == [True, False]


async def test_a_request_to_an_unknown_insurer_names_no_payer_that_is_served(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(identifier="two", payer="1999999992"))
    assert await seen_by(server, *PAYERS) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_no_other_role_sees_an_event_because_any_payer_is_meant(role: Role) -> None:
    grant = Grant("c", role, organizations=("o",), patient="p", payers=frozenset(PAYERS))
    assert not reach_of(grant).sees("AuditEvent", ((PAYER, ANY_PAYER), (PATIENT, "other")))


@pytest.mark.parametrize("kind", ["Claim", "Patient", "Coverage", "Organization"])
def test_an_auditor_sees_no_other_resource_because_any_payer_is_meant(kind: str) -> None:
    auditor = reach_of(Grant("a", Role.AUDITOR, payers=frozenset(PAYERS)))
    assert not auditor.sees(kind, ((PAYER, ANY_PAYER),))
