"""Which member a request is filed under when the patient and the coverage have several numbers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.members.test_members import changed
from tests.api.reading import Json, answered, resources
from tests.support.samples import concept, member_type, patient, request_bundle
from tests.support.server import Server, serving, shipped_system

OURS, THEIRS = "https://sample-payer.example.org/members", "https://other-payer.example.org/members"
CHILD = concept("http://terminology.hl7.org/CodeSystem/subscriber-relationship", "child")
PARENT = {"display": "The parent of the patient"}


def number(value: str, system: str = OURS, **elements: Any) -> Json:
    return {"type": member_type(), "system": system, "value": value, **elements}


async def filed_under(server: Server, body: Json) -> str:
    """Submit a request; return the member number of the Patient that it is filed under."""
    response = answered(await server.post("/Claim/$submit", body, "ehr-a"))
    assert response["outcome"] == "complete", response
    found = await server.get(f"/ClaimResponse?_id={response['id']}&_include=ClaimResponse:patient", "admin")
    [person] = [one for one in resources(found.json()) if one["resourceType"] == "Patient"]
    return str(person["identifier"][0]["value"])


@pytest.mark.parametrize(
    "identifiers",
    [
        [number("X1", THEIRS), number("M001")],
        [number("M001"), number("X1", THEIRS)],
        [number("M000", use="old"), number("M001")],
        [number("M000", period={"end": "2020-12-31"}), number("M001")],
        [number("X1", THEIRS)],
    ],
)
async def test_a_number_of_another_payer_or_a_former_number_does_not_count(
    server: Server, identifiers: list[Json]
) -> None:
    for other in ("X1", "M000"):
        await server.post("/Claim/$submit", request_bundle(member=other, identifier=other), "ehr-a")
    assert await filed_under(server, changed(request_bundle(), "Patient", identifier=identifiers)) == "M001"


async def test_a_dependent_has_a_number_of_its_own_beside_that_of_the_subscriber(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(), "ehr-a")
    body = changed(request_bundle(identifier="CHILD"), "Coverage", relationship=CHILD, subscriber=PARENT)
    assert await filed_under(server, changed(body, "Patient", identifier=[number("M001-2")])) == "M001-2"


@pytest.mark.parametrize("order", [1, -1])
async def test_numbers_of_two_members_are_refused(server: Server, order: int) -> None:
    for member in ("M001", "M002"):
        await server.post("/Claim/$submit", request_bundle(member=member, identifier=member), "ehr-a")
    both = [number("M001"), number("M002")][::order]
    body = changed(request_bundle(identifier="BOTH"), "Patient", identifier=both)
    response = answered(await server.post("/Claim/$submit", body, "ehr-a"))
    [error] = response["error"]
    assert error["code"]["coding"][0]["code"] == "72"
    assert "item" not in response
    assert error["extension"][1]["valueString"] == "Bundle.entry[4].resource.identifier"


async def test_a_subscriber_with_the_number_of_another_member_is_refused(server: Server) -> None:
    for member in ("M001", "M002"):
        await server.post("/Claim/$submit", request_bundle(member=member, identifier=member), "ehr-a")
    body = changed(request_bundle(identifier="BOTH"), "Patient", identifier=[number("M002")])
    [error] = answered(await server.post("/Claim/$submit", body, "ehr-a"))["error"]
    assert error["code"]["coding"][0]["code"] == "72"


@pytest.mark.parametrize(
    "names",
    [
        [{"use": "old", "family": "Baxter"}, {"use": "official", "family": "Sample"}],
        [{"use": "maiden", "family": "Baxter"}, {"family": "SAMPLE JR"}],
        [{"family": "Baxter", "period": {"end": "2016-12-05"}}, {"family": "Sam-ple"}],
        [{"use": "nickname", "family": "Baxter"}, {"family": "Sámple"}],
    ],
)
async def test_any_current_name_may_match_the_record(server: Server, names: list[Json]) -> None:
    await server.post("/Claim/$submit", request_bundle(identifier="FIRST"), "ehr-a")
    assert await filed_under(server, changed(request_bundle(), "Patient", name=names)) == "M001"


async def test_a_former_name_is_not_the_members_name(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(identifier="FIRST"), "ehr-a")
    names = [{"use": "old", "family": "Sample"}, {"use": "official", "family": "Shaw"}]
    response = answered(await server.post("/Claim/$submit", changed(request_bundle(), "Patient", name=names), "ehr-a"))
    assert response["error"][0]["code"]["coding"][0]["code"] == "73"


async def test_a_former_npi_is_not_the_requestors(server: Server) -> None:
    system = "http://hl7.org/fhir/sid/us-npi"
    body = request_bundle()
    clinic = body["entry"][1]["resource"]
    former = {"system": system, "value": "1777777776", "use": "old"}
    body["entry"][1]["resource"] = clinic | {"identifier": [former, *clinic["identifier"]]}
    response = answered(await server.post("/Claim/$submit", body, "ehr-a"))
    found = (await server.get(f"/ClaimResponse/{response['id']}", "ehr-a")).json()
    assert found["requestor"]["identifier"]["value"] == "1987654328"


@pytest.fixture
async def systematic(tmp_path: Path) -> AsyncIterator[Server]:
    """A payer whose policy names the system of its member numbers."""
    payers = dict(shipped_system().payers)
    systems = {"member_systems": frozenset({OURS})}
    payers["sample-payer"] = payers["sample-payer"].model_copy(update=systems)
    async with serving(tmp_path, policies=payers) as server:
        yield server


async def test_with_member_systems_a_number_of_another_system_names_no_member(systematic: Server) -> None:
    theirs = {"identifier": [number("X1", THEIRS)]}
    body = changed(changed(request_bundle(), "Patient", **theirs), "Coverage", **theirs, subscriberId=None)
    response = answered(await systematic.post("/Claim/$submit", body, "ehr-a"))
    [error] = response["error"]
    assert error["code"]["coding"][0]["code"] == "75"
    assert OURS in str(error), "the text must name the systems that are accepted"
    both = [number("X1", THEIRS), number("M001")]
    body = changed(body, "Patient", identifier=both)
    assert await filed_under(systematic, changed(body, "Coverage", subscriberId="X1")) == "M001"


async def test_a_member_is_stored_under_its_number_in_the_payer_s_system(systematic: Server) -> None:
    both = [number("X1", THEIRS), number("M001")]
    assert (await systematic.post("/Patient", patient() | {"identifier": both}, "admin")).status_code == 201
    again = await systematic.post("/Patient", patient() | {"identifier": both[::-1]}, "admin")
    assert again.status_code == 409, again.text


@pytest.mark.parametrize(("end", "status"), [("2026-01-01", 201), ("2025-12-31", 422)])
async def test_a_number_is_current_on_its_last_day_in_the_payers_time_zone(
    server: Server, end: str, status: int
) -> None:
    # In New York it is still the first of January.
    server.clock.move(hours=12)
    person = patient() | {"identifier": [number("M001", period={"end": end})]}
    assert (await server.post("/Patient", person, "admin")).status_code == status
