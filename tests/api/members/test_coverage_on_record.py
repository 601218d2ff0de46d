"""Whether a member is covered on the day of service: the payer's record decides, not the sender."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.members.test_members import changed, only_patient
from tests.api.reading import Json, actions, answered, resources
from tests.api.reviewing import decide, ruling
from tests.api.trail import trail
from tests.support.samples import coverage, request_bundle, request_item
from tests.support.server import Server

LAST_YEAR = {"start": "2025-01-01", "end": "2025-12-31"}
FROM_2027 = {"start": "2027-01-01"}
TO_JANUARY = {"start": "2026-01-01", "end": "2027-01-31"}


def during(start: str, end: str, sequence: int = 1) -> Json:
    return request_item(sequence=sequence) | {"servicedPeriod": {"start": start, "end": end}}


async def submitted(server: Server, *items: Json, name: str = "REQ", **of_coverage: Any) -> Json:
    body = changed(request_bundle(identifier=name, items=list(items) or None), "Coverage", **of_coverage)
    return answered(await server.post("/Claim/$submit", body, "ehr-a"))


async def stores(server: Server, **elements: Any) -> str:
    """Let the payer's administrator store one more Coverage of the member; return its id."""
    person = await only_patient(server)
    beneficiary, payor = {"reference": f"Patient/{person['id']}"}, [{"reference": "Organization/sample-payer"}]
    plain = {name: value for name, value in coverage().items() if name != "meta"}  # the profile allows only active ones
    body = plain | {"beneficiary": beneficiary, "payor": payor} | elements
    answer = await server.post("/Coverage", body, "admin")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def put(server: Server, path: str, **elements: Any) -> None:
    found = (await server.get(path, "admin")).json()
    match = {"If-Match": f'W/"{found["meta"]["versionId"]}"'}
    answer = await server.put(path, found | elements, **match)
    assert answer.status_code == 200, answer.text


def refused(response: Json) -> list[str]:
    return [error["code"]["coding"][0]["code"] for error in response.get("error", [])]


@pytest.mark.parametrize("terms", [{"period": LAST_YEAR}, {"period": FROM_2027}])
async def test_the_sender_s_coverage_decides_for_a_member_without_one_on_record(server: Server, terms: Json) -> None:
    response = await submitted(server, **terms)
    assert (response["outcome"], refused(response), "item" in response) == ("error", ["95"], False)
    assert "preAuthRef" not in response
    assert refused(await submitted(server, name="AGAIN")) == []


async def test_the_coverage_on_record_decides_against_the_sender(server: Server) -> None:
    assert refused(await submitted(server, name="FIRST")) == []
    ended = await stores(server, period=LAST_YEAR)
    assert refused(await submitted(server, name="ENDED", period={"start": "2026-01-01"})) == ["95"]
    await put(server, f"/Coverage/{ended}", period={"start": "2026-01-01"})
    assert refused(await submitted(server, name="AGAIN", period=LAST_YEAR)) == []
    await put(server, f"/Coverage/{ended}", period={"start": "2026-01-01"}, status="cancelled")
    assert refused(await submitted(server, name="CANCELLED")) == ["95"]


async def test_the_trail_marks_a_request_that_facts_of_the_sender_decided(server: Server) -> None:
    as_sent = await submitted(server, name="FIRST")
    await stores(server)
    await put(server, f"/Patient/{(await only_patient(server))['id']}")
    on_record = await submitted(server, name="SECOND")
    assert not trail(server, as_sent["id"])["covered_on_record"]
    assert trail(server, on_record["id"])["covered_on_record"]


@pytest.mark.parametrize("elements", [{"active": False}, {"deceasedDateTime": "2026-11-01"}, {"deceasedBoolean": True}])
async def test_a_record_out_of_use_or_a_death_before_the_service_ends_coverage(server: Server, elements: Json) -> None:
    await submitted(server, name="FIRST")
    person = await only_patient(server)
    await put(server, f"/Patient/{person['id']}", **elements)
    assert refused(await submitted(server)) == ["95"]


async def test_only_the_items_without_coverage_are_denied(server: Server) -> None:
    items = [during("2026-12-01", "2026-12-31"), during("2027-03-01", "2027-03-31", 2)]
    response = await submitted(server, *items, period=TO_JANUARY)
    assert actions(response) == {1: "A1", 2: "A3"}
    assert refused(response) == []


async def test_a_grant_ends_with_the_coverage(server: Server) -> None:
    response = await submitted(server, during("2026-12-01", "2027-02-28"), period=TO_JANUARY)
    assert actions(response) == {1: "A6"}
    assert response["preAuthPeriod"] == {"start": "2026-12-01", "end": "2027-01-31"}


async def test_a_grant_goes_on_in_the_next_coverage(server: Server) -> None:
    await submitted(server, name="FIRST")
    await stores(server, period={"start": "2026-01-01", "end": "2026-12-31"})
    await stores(server, period=FROM_2027)
    assert actions(await submitted(server, during("2026-12-01", "2027-02-28"))) == {1: "A1"}


async def test_the_request_refers_to_the_coverage_in_force(server: Server) -> None:
    await submitted(server, name="FIRST")
    second = await stores(server, order=2)
    first = await stores(server, order=1)
    await stores(server, period=LAST_YEAR, order=1)
    response = await submitted(server)
    found = (await server.get(f"/ClaimResponse/{response['id']}", "admin")).json()
    claim = (await server.get(f"/{found['request']['reference']}", "admin")).json()
    assert claim["insurance"][0]["coverage"]["reference"] == f"Coverage/{first}"
    assert first != second


async def test_an_organization_that_knows_the_member_sees_all_of_its_coverages(server: Server) -> None:
    await submitted(server, name="FIRST")
    for order in (1, 2):
        await stores(server, order=order)
    answered(await server.post("/Claim/$submit", request_bundle(identifier="OTHER"), "ehr-b"))
    found = (await server.get("/Coverage", "ehr-b")).json()
    assert len(resources(found)) == 2


async def test_a_reviewer_cannot_grant_days_after_the_coverage_on_record(server: Server) -> None:
    days = {"servicedPeriod": {"start": "2026-12-01", "end": "2026-12-31"}}
    waiting = (await submitted(server, request_item(code="72148", quantity=2) | days))["id"]
    await stores(server, period={"start": "2026-01-01", "end": "2026-12-15"})
    refusal = await decide(server, waiting, ruling())
    assert refusal.status_code == 422, refusal.text
    assert "The coverage ends on 2026-12-15." in refusal.text
    shorter = await decide(server, waiting, ruling(end="2026-12-15", reason="coverage-ends"))
    assert (shorter.status_code, actions(shorter.json())) == (200, {1: "A6"})
