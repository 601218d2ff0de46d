"""Search by the identifier of the member: `patient.identifier`, `patient:identifier`, and never beyond the reach."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec
import pytest

from app.access.reach import OWNER, PAYER
from app.ports import Insert
from app.records.lookup import MAX_PATIENTS
from app.records.resources import row
from tests.api.reading import answered, issues, resources
from tests.support.samples import request_bundle
from tests.support.server import Server

FORMS = ("patient.identifier", "patient:Patient.identifier", "patient:identifier")


@pytest.fixture
async def world(server: Server) -> dict[str, str]:
    """Submit a request of each of two organizations; returns the ids of the Claims by the organization's client."""
    claims = {}
    for client, member in (("ehr-a", "M001"), ("ehr-b", "M002")):
        response = answered(await server.post("/Claim/$submit", request_bundle(member=member), client))
        kept = (await server.get(f"/ClaimResponse/{response['id']}", client)).json()
        claims[client] = kept["request"]["reference"].partition("/")[2]
    return claims


async def found(server: Server, path: str, client: str = "ehr-a") -> list[str]:
    answer = await server.get(path, client)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in resources(answer.json())]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("token", ["M001", "|M001", "M009,M001"])
async def test_a_request_is_found_by_the_identifier_of_its_member(
    server: Server, world: dict[str, str], form: str, token: str
) -> None:
    assert await found(server, f"/Claim?{form}={token}") == [world["ehr-a"]]
    [response] = (await server.get(f"/ClaimResponse?{form}={token}&_total=accurate")).json()["entry"]
    assert response["resource"]["request"] == {"reference": f"Claim/{world['ehr-a']}"}
    assert len(await found(server, f"/Coverage?{form}={token}")) == 1
    assert len(await found(server, f"/Coverage?{form.replace('patient', 'beneficiary')}={token}")) == 1
    assert await found(server, f"/Claim?{form}={token}&use=claim") == []
    assert await found(server, f"/Claim?{form}={token}", "patient-1") == [world["ehr-a"]]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("token", ["M009", "urn:other|M001", "urn:other|"])
async def test_an_unknown_member_identifier_finds_no_resource(
    server: Server, world: dict[str, str], form: str, token: str
) -> None:
    assert world
    assert await found(server, f"/Claim?{form}={token}") == []


@pytest.mark.parametrize("form", FORMS)
async def test_a_member_out_of_reach_is_as_unknown_as_no_member(
    server: Server, world: dict[str, str], form: str
) -> None:
    for client, other in (("ehr-a", "M002"), ("ehr-b", "M001"), ("patient-1", "M002")):
        foreign = await server.get(f"/Claim?{form}={other}&_total=accurate", client)
        unknown = await server.get(f"/Claim?{form}=M009&_total=accurate", client)
        assert foreign.json()["total"] == 0
        assert foreign.text.replace(other, "M009") == unknown.text
    assert set(await found(server, f"/Claim?{form}=M001,M002", "reviewer")) == set(world.values())
    assert await found(server, f"/Claim?{form}=M001,M002", "reviewer-2") == []


@pytest.mark.parametrize("form", FORMS)
async def test_only_callers_that_see_the_patient_find_a_request_by_its_identifier(
    server: Server, world: dict[str, str], form: str
) -> None:
    [claim] = resources((await server.get(f"/Claim?_id={world['ehr-a']}")).json())
    body = {**claim, "id": "other"}
    access = ((OWNER, "org-b"), (PAYER, "sample-payer"))
    await server.system.documents.commit(Insert(row(body, access=access, now=server.clock.now())))
    assert await found(server, f"/Claim?{form}=M001", "ehr-b") == []
    assert "other" in await found(server, f"/Claim?{form}=M001", "reviewer")


async def test_a_token_that_does_not_cover_patients_cannot_look_them_up(server: Server, world: dict[str, str]) -> None:
    assert world
    narrow = {"ehr-a": msgspec.structs.replace(server.clients["ehr-a"], scopes=("system/Claim.rs",))}
    scoped = dataclasses.replace(server, clients={**server.clients, **narrow})
    for form in FORMS:
        for member in ("M001", "M009"):
            refused = await scoped.get(f"/Claim?{form}={member}")
            assert (refused.status_code, issues(refused)[0]["code"]) == (403, "forbidden")


async def test_an_identifier_that_too_many_members_have_is_too_costly(server: Server) -> None:
    def member(number: int) -> dict[str, Any]:
        return {
            "resourceType": "Patient",
            "id": f"p{number}",
            "identifier": [{"system": "urn:x", "value": f"{number}"}],
        }

    rows = [row(member(number), access=((OWNER, "org-a"),), now=server.clock.now()) for number in range(MAX_PATIENTS)]
    await server.system.documents.commit(*map(Insert, rows))
    assert await found(server, "/Claim?patient.identifier=urn:x|") == []
    await server.system.documents.commit(
        Insert(row(member(MAX_PATIENTS), access=((OWNER, "org-a"),), now=server.clock.now()))
    )
    for form in FORMS:
        refused = await server.get(f"/Claim?{form}=urn:x|")
        assert (refused.status_code, issues(refused)[0]["code"]) == (400, "too-costly")
        assert await found(server, f"/Claim?{form}=urn:x|", "ehr-b") == []


@pytest.mark.parametrize("name", ["beneficiary.identifier", "beneficiary:identifier", "color"])
async def test_a_conditional_create_rejects_an_unsupported_condition(server: Server, name: str) -> None:
    body = {
        "resourceType": "Coverage",
        "status": "active",
        "beneficiary": {"identifier": {"value": "M1"}},
        "payor": [{"reference": "Organization/sample-payer"}],
    }
    answer = await server.post("/Coverage", body, "admin", **{"If-None-Exist": f"{name}=M1"})
    assert (answer.status_code, issues(answer)[0]["code"]) == (400, "value"), answer.text
