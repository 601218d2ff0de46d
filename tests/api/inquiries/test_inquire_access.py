"""Who gets an answer to an inquiry: the sender, the payer's staff, and providers who prove that they take part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from app.ports import AnyOf, Query
from tests.api.reading import answered, returned
from tests.support.samples import RENDERING, REQUESTOR, concept, extension, inquiry_bundle, request_bundle
from tests.support.server import Server, serving

Json = dict[str, Any]

OF_B = "1444444446"
"""A provider that client ehr-b may speak for."""


def performed_by(bundle: Json, npi: str) -> Json:
    """Give the practitioner on the care team another NPI."""
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "Practitioner":
            entry["resource"]["identifier"][0]["value"] = npi
    return bundle


def inquiry(requestor: str, rendering: str | None = None, **asked: Any) -> Json:
    team = request_bundle()["entry"][0]["resource"]["careTeam"] if rendering else None
    bundle = inquiry_bundle(requestor=requestor, claim={"careTeam": team}, **asked)
    return performed_by(bundle, rendering) if rendering else bundle


async def ids(server: Server, bundle: Json, client: str) -> list[str]:
    return [one["id"] for one in returned(await server.post("/Claim/$inquire", bundle, client))]


@pytest.fixture
async def shared(server: Server) -> str:
    """Submit a request of organization A whose service a provider of organization B performs."""
    bundle = performed_by(request_bundle(identifier="shared"), OF_B)
    return str(answered(await server.post("/Claim/$submit", bundle, "ehr-a"))["id"])


@pytest.mark.acceptance("B24")
@pytest.mark.requirement("pas-2.2.1/spec-52")
async def test_the_performing_organization_finds_the_authorization(server: Server, shared: str) -> None:
    assert await ids(server, inquiry(OF_B, OF_B), "ehr-b") == [shared]
    assert await ids(server, inquiry(OF_B), "ehr-b") == [shared]
    assert (await server.get(f"/ClaimResponse/{shared}", "ehr-b")).status_code == 404


@pytest.mark.acceptance("B24")
@pytest.mark.requirement("pas-2.2.1/spec-53")
async def test_an_inquiry_cannot_use_the_numbers_of_providers_of_another_client(server: Server, shared: str) -> None:
    own = answered(await server.post("/Claim/$submit", request_bundle(identifier="of A alone"), "ehr-a"))["id"]
    assert set(await ids(server, inquiry(REQUESTOR), "ehr-a")) == {own, shared}
    assert await ids(server, inquiry(REQUESTOR), "ehr-b") == []
    assert await ids(server, inquiry(REQUESTOR, RENDERING), "ehr-b") == []
    assert await ids(server, inquiry(OF_B, RENDERING), "ehr-b") == []


@pytest.mark.usefixtures("shared")
@pytest.mark.requirement("pas-2.2.1/spec-49")
async def test_a_provider_without_a_role_in_the_request_finds_no_authorization(server: Server) -> None:
    assert await ids(server, inquiry("1555555550"), "ehr-b") == []
    assert await ids(server, inquiry("1555555550", "1555555550"), "ehr-b") == []


def warnings(answer: httpx.Response) -> list[Json]:
    """Return the OperationOutcomes in an answer of either edition."""
    parts = answer.json().get("parameter", answer.json().get("entry", []))
    return [one["resource"] for one in parts if one["resource"]["resourceType"] == "OperationOutcome"]


def any_item(*extensions: Json) -> Json:
    """Build an item without a criterion but the extensions; the older edition demands an item."""
    absent = concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable")
    return {"sequence": 1, "productOrService": absent, "extension": list(extensions)}


def of_number(requestor: str, number: str, *, in_item: bool) -> Json:
    criterion = extension("extension-authorizationNumber", valueString=number)
    bundle = inquiry(requestor, items=[any_item(criterion)] if in_item else [])
    if not in_item:
        bundle["entry"][0]["resource"]["extension"] = [criterion]
    return bundle


@pytest.mark.acceptance("B24")
@pytest.mark.requirement("pas-2.2.1/spec-50")
@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
async def test_a_hit_and_a_miss_have_the_same_warning_that_others_are_not_shown(
    server: Server, shared: str, base: str
) -> None:
    item = {name: value for name, value in any_item().items() if value}
    hit = await server.post("/Claim/$inquire", inquiry(OF_B, items=[item]), "ehr-b", base)
    assert shared in hit.text
    misses = [
        await server.post("/Claim/$inquire", asked, "ehr-b", base)
        for asked in (
            inquiry(REQUESTOR, items=[item]),
            inquiry(OF_B, items=[item], member="M404"),
            inquiry(OF_B, items=[item], payer="1666666668"),
            inquiry(OF_B, items=[item], payer="1555555550"),
        )
    ]
    assert [shared in miss.text for miss in misses] == [False] * 4
    [warning] = warnings(hit)
    [issue] = warning["issue"]
    assert (issue["severity"], issue["code"]) == ("warning", "suppressed")
    assert "ask the payer by telephone" in issue["details"]["text"]
    assert [warnings(miss) for miss in misses] == [[warning]] * 4


@pytest.mark.acceptance("B24")
@pytest.mark.parametrize("in_item", [False, True])
async def test_an_inquiry_by_number_has_no_warning_whether_it_is_a_hit_a_miss_or_foreign(
    server: Server, *, in_item: bool
) -> None:
    own = answered(await server.post("/Claim/$submit", request_bundle(identifier="own")))
    for number, ids_found in ((own["preAuthRef"], [own["id"]]), ("PA-404", [])):
        answer = await server.post("/Claim/$inquire", of_number(REQUESTOR, number, in_item=in_item), "ehr-a")
        assert [one["id"] for one in returned(answer)] == ids_found
        assert warnings(answer) == []
    answer = await server.post("/Claim/$inquire", of_number(OF_B, own["preAuthRef"], in_item=in_item), "ehr-b")
    assert answer.json() == {"resourceType": "Parameters"}


@pytest.mark.usefixtures("shared")
async def test_the_payers_staff_see_all_and_get_no_warning(server: Server) -> None:
    answer = await server.post("/Claim/$inquire", inquiry(REQUESTOR), "reviewer")
    assert warnings(answer) == []


async def test_a_test_bed_may_trust_the_numbers_in_the_body(tmp_path: Path) -> None:
    async with serving(tmp_path, inquiry_client_bound=False) as server:
        mine = answered(await server.post("/Claim/$submit", request_bundle(), "ehr-a"))["id"]
        assert await ids(server, inquiry(REQUESTOR), "ehr-b") == [mine]
        assert await ids(server, inquiry("1555555550"), "ehr-b") == []


async def test_the_payers_staff_find_it_and_another_payers_do_not(server: Server, shared: str) -> None:
    assert await ids(server, inquiry(REQUESTOR), "reviewer") == [shared]
    assert await ids(server, inquiry(REQUESTOR), "admin") == [shared]
    assert await ids(server, inquiry(REQUESTOR), "reviewer-2") == []


@pytest.mark.usefixtures("shared")
async def test_a_patient_does_not_inquire(server: Server) -> None:
    assert (await server.post("/Claim/$inquire", inquiry(REQUESTOR), "patient-1")).status_code == 403


async def test_equal_member_numbers_of_two_payers_are_two_members(server: Server, shared: str) -> None:
    other = answered(await server.post("/Claim/$submit", request_bundle(payer="1666666668"), "ehr-a"))["id"]
    assert await ids(server, inquiry(REQUESTOR), "ehr-a") == [shared]
    assert await ids(server, inquiry(REQUESTOR, payer="1666666668"), "ehr-a") == [other]


async def test_an_inquiry_finds_no_authorization_of_an_unknown_payer(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(payer="1555555550"), "ehr-a")
    assert await ids(server, inquiry(REQUESTOR, payer="1555555550"), "ehr-a") == []


async def test_each_disclosure_leaves_an_audit_event_of_the_patient_and_an_empty_answer_none(
    server: Server, shared: str
) -> None:
    patient = (await server.get("/Patient", "reviewer")).json()["entry"][0]["resource"]["id"]

    async def accesses() -> list[str]:
        rows = await server.system.documents.find(Query("AuditEvent", (AnyOf("patient", (f"Patient/{patient}",)),)))
        return [row.body for row in rows]

    before = await accesses()
    assert await ids(server, inquiry("1555555550"), "ehr-b") == []
    assert await accesses() == before
    assert await ids(server, inquiry(OF_B), "ehr-b") == [shared]
    [disclosure] = set(await accesses()) - set(before)
    assert '"description":"$inquire"' in disclosure
    assert '"value":"org-b"' in disclosure
