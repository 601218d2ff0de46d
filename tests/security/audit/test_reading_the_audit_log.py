"""Auditors read the events of their payers, a patient its own, and no client writes one."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.search.parameters import COMMON, PARAMETERS
from tests.api.reading import resources
from tests.security.audit.requests import filled
from tests.security.audit.trail import client_of, references
from tests.support.samples import request_bundle
from tests.support.server import Server

OF_PATIENT = ("patient/*.rs", "patient/AuditEvent.rs")


def patient_app(server: Server) -> None:
    """Give the app of member M001 the scope that names AuditEvent."""
    server.clients = {**server.clients, "patient-1": replace(server.clients["patient-1"], scopes=OF_PATIENT)}


@pytest.mark.acceptance("G72")
@pytest.mark.parametrize("client", ["auditor", "admin", "ehr-a"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_no_client_changes_or_deletes_an_event(server: Server, method: str, client: str) -> None:
    world = await filled(server)
    path = f"/fhir/AuditEvent/{world.ids['AuditEvent']}"
    before = await server.system.documents.get("AuditEvent", world.ids["AuditEvent"])
    answer = await server.http.request(method, path, content="{}", headers=server.headers(client))
    assert answer.status_code == 405
    assert (await server.post("/AuditEvent", {"resourceType": "AuditEvent"}, client)).status_code == 405
    assert await server.system.documents.get("AuditEvent", world.ids["AuditEvent"]) == before


@pytest.mark.parametrize("client", ["ehr-a", "biller", "reviewer", "physician", "admin", "patient-1"])
async def test_a_star_in_a_scope_does_not_include_audit_events(server: Server, client: str) -> None:
    assert (await server.get("/AuditEvent", client)).status_code == 403


async def test_an_auditor_sees_the_events_of_its_payer_only(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(identifier="one"))
    await server.post("/Claim/$submit", request_bundle(identifier="two", payer="1666666668"))
    events = resources((await server.get("/AuditEvent?action=C", "auditor")).json())
    assert [client_of(event) for event in events] == ["ehr-a"]


async def test_a_patient_sees_the_callers_without_their_searches(server: Server) -> None:
    patient_app(server)
    world = await filled(server)
    await server.get(f"/Claim?patient={world.ids['Patient']}", "ehr-a")
    events = resources((await server.get("/AuditEvent", "patient-1")).json())
    assert {client_of(event) for event in events} == {"ehr-a", "reviewer"}
    assert all(f"Patient/{world.ids['Patient']}" in references(event) for event in events)
    assert not [entity for event in events for entity in event["entity"] if "query" in entity]
    assert [entity for event in await auditors_view(server) for entity in event["entity"] if "query" in entity]


async def auditors_view(server: Server) -> list[dict[str, list[dict[str, str]]]]:
    return resources((await server.get("/AuditEvent", "auditor")).json())


async def test_a_search_over_several_patients_leaves_an_event_for_each(server: Server) -> None:
    for member in ("M001", "M002"):
        await server.post("/Claim/$submit", request_bundle(member=member, identifier=member))
    await server.get("/Claim", "reviewer")
    events = resources((await server.get("/AuditEvent?subtype=search-type", "auditor")).json())
    assert len(events) == 2
    patients = {one for event in events for one in references(event) if one.startswith("Patient/")}
    assert len(patients) == 2


FINDS = {
    "_id": "{AuditEvent}",
    "_lastUpdated": "ge2026",
    "date": "2026-01-01",
    "patient": "{Patient}",
    "agent": None,
    "agent-role": "provider",
    "entity": "Claim/{Claim}",
    "type": "http://terminology.hl7.org/CodeSystem/audit-event-type|rest",
    "subtype": "create",
    "action": "C",
    "outcome": "0",
}
MISSES = {
    "_id": "none",
    "_lastUpdated": "lt2026",
    "date": "2025",
    "patient": "none",
    "agent": None,
    "agent-role": "biller",
    "entity": "Claim/none",
    "type": "110114",
    "subtype": "delete",
    "action": "D",
    "outcome": "12",
}


def test_each_parameter_is_searched() -> None:
    assert set(FINDS) == set(MISSES) == {row.name for row in (*PARAMETERS["AuditEvent"], *COMMON)}


@pytest.mark.parametrize("name", [name for name, value in FINDS.items() if value])
async def test_a_search_by_a_parameter_finds_and_misses(server: Server, name: str) -> None:
    world = await filled(server)
    found = await server.get(f"/AuditEvent?{name}={str(FINDS[name]).format_map(world.ids)}&_count=5", "auditor")
    assert resources(found.json()) != []
    missed = await server.get(f"/AuditEvent?{name}={MISSES[name]}", "auditor")
    assert resources(missed.json()) == []


async def test_a_search_finds_the_events_of_a_client_or_an_organization(server: Server) -> None:
    await filled(server)
    for agent, count in (("ehr-a", 4), ("org-a", 4), ("nobody", 0)):
        answer = await server.get(f"/AuditEvent?agent:identifier={agent}&action=C", "auditor")
        assert len(resources(answer.json())) == count, agent
