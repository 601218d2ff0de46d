"""What a payer maintains over HTTP: create and update of Patient, Coverage, Organization and Practitioner."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.reading import answered, issues, resources
from tests.support.samples import NPI, RENDERING, coverage, patient, request_bundle
from tests.support.server import ROOT, Server

Json = dict[str, Any]

ORGANIZATION: Json = {"resourceType": "Organization", "name": "Riverside Therapy", "active": True}
PRACTITIONER: Json = {
    "resourceType": "Practitioner",
    "identifier": [{"system": NPI, "value": RENDERING}],
    "name": [{"family": "Rivera"}],
}
BODIES: dict[str, Json] = {"Organization": ORGANIZATION, "Practitioner": PRACTITIONER, "Patient": patient("M900")}


def numbered(member: str, **changes: Any) -> Json:
    """Build a Patient that carries a member number."""
    return patient(member) | changes


async def created(server: Server, body: Json, client: str = "admin") -> Json:
    answer = await server.post(f"/{body['resourceType']}", body, client)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def covered(server: Server, member: str) -> tuple[Json, Json]:
    """Register a member with a Coverage."""
    person = await created(server, numbered(member))
    beneficiary = {"reference": f"Patient/{person['id']}"}
    payor = [{"reference": "Organization/sample-payer"}]
    return person, await created(server, coverage(member) | {"beneficiary": beneficiary, "payor": payor})


@pytest.mark.parametrize("type_", BODIES)
async def test_a_created_resource_is_served_under_a_new_id(server: Server, type_: str) -> None:
    answer = await server.post(f"/{type_}", {**BODIES[type_], "id": "chosen-by-the-client"}, "admin")
    resource = answer.json()
    assert answer.status_code == 201
    assert resource["id"] != "chosen-by-the-client"
    assert answer.headers["location"] == f"{ROOT}/fhir/{type_}/{resource['id']}/_history/1"
    assert answer.headers["etag"] == 'W/"1"'
    assert resource["meta"] | {"versionId": "1", "lastUpdated": "2026-01-01T15:00:00.000Z"} == resource["meta"]
    assert (await server.get(f"/{type_}/{resource['id']}", "admin")).json() == resource


@pytest.mark.parametrize("type_", BODIES)
async def test_an_update_makes_the_next_version_and_keeps_the_one_before(server: Server, type_: str) -> None:
    before = await created(server, BODIES[type_])
    path = f"/{type_}/{before['id']}"
    server.clock.move(days=1)
    answer = await server.put(path, {**before, "active": False}, **{"If-Match": 'W/"1"'})
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"')
    assert answer.json()["active"] is False
    assert answer.json()["meta"]["lastUpdated"] == "2026-01-02T15:00:00.000Z"
    assert (await server.get(path, "admin")).content == answer.content
    assert (await server.get(f"{path}/_history/1", "admin")).json() == before
    assert (await server.get(f"{path}/_history/2", "admin")).content == answer.content


@pytest.mark.acceptance("F65")
async def test_an_update_names_the_version_that_it_changes(server: Server) -> None:
    before = await created(server, PRACTITIONER)
    path = f"/Practitioner/{before['id']}"
    unguarded = await server.put(path, before)
    assert (unguarded.status_code, issues(unguarded)[0]["code"]) == (428, "required")
    stale = await server.put(path, before, **{"If-Match": 'W/"2"'})
    assert (stale.status_code, issues(stale)[0]["code"]) == (412, "conflict")
    assert (await server.put(path, before, **{"If-Match": "one"})).status_code == 400
    assert (await server.get(path, "admin")).headers["etag"] == 'W/"1"'


@pytest.mark.parametrize("tags", ["*", '"1"', 'W/"7", W/"1"'])
async def test_an_update_is_made_where_if_match_names_the_current_version_among_others(
    server: Server, tags: str
) -> None:
    before = await created(server, ORGANIZATION)
    answer = await server.put(f"/Organization/{before['id']}", before, **{"If-Match": tags})
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"')


@pytest.mark.acceptance("F65")
@pytest.mark.parametrize("tags", ['W/"abc"', '"2", "3"', '""', '"01"'])
async def test_an_update_with_other_tags_only_is_stale(server: Server, tags: str) -> None:
    before = await created(server, ORGANIZATION)
    answer = await server.put(f"/Organization/{before['id']}", before, **{"If-Match": tags})
    assert (answer.status_code, issues(answer)[0]["code"]) == (412, "conflict")
    assert (await server.get(f"/Organization/{before['id']}", "admin")).headers["etag"] == 'W/"1"'


async def test_the_tags_of_several_if_match_lines_are_one_list(server: Server) -> None:
    before = await created(server, ORGANIZATION)
    lines = [("If-Match", 'W/"9"'), ("If-Match", 'W/"1"'), *server.headers("admin").items()]
    answer = await server.http.put(f"/fhir/Organization/{before['id']}", json=before, headers=lines)
    assert answer.status_code == 200, answer.text


@pytest.mark.acceptance("F65")
async def test_of_updates_of_one_version_that_race_one_is_made(server: Server) -> None:
    before = await created(server, PRACTITIONER)
    path = f"/Practitioner/{before['id']}"
    bodies = [{**before, "name": [{"family": f"Rivera {number}"}]} for number in range(8)]
    answers = await asyncio.gather(*(server.put(path, body, **{"If-Match": 'W/"1"'}) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    assert (await server.get(path, "admin")).headers["etag"] == 'W/"2"'


async def test_ids_are_the_servers(server: Server) -> None:
    unknown = await server.put("/Practitioner/mine", {**PRACTITIONER, "id": "mine"}, **{"If-Match": 'W/"1"'})
    assert unknown.status_code == 404
    before = await created(server, PRACTITIONER)
    other = await server.put(f"/Practitioner/{before['id']}", {**before, "id": "other"}, **{"If-Match": 'W/"1"'})
    assert (other.status_code, issues(other)[0]["expression"]) == (400, ["id"])


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_the_body_must_be_of_the_type_in_the_path(server: Server, method: str) -> None:
    person = await created(server, numbered("M900"))
    organization = await created(server, ORGANIZATION)
    path = "/fhir/Patient" + (f"/{organization['id']}" if method == "PUT" else "")
    headers = server.headers("admin", **{"If-Match": 'W/"1"'})
    answer = await server.http.request(method, path, json=organization, headers=headers)
    assert (answer.status_code, issues(answer)[0]["expression"]) == (400, ["resourceType"])
    cover = coverage("M900") | {"beneficiary": {"reference": f"Patient/{person['id']}"}}
    assert (await server.post("/Patient", cover, "admin")).status_code == 400
    assert resources((await server.get("/Coverage", "admin")).json()) == []


async def test_a_member_number_is_registered_once_under_a_payer(server: Server) -> None:
    await created(server, numbered("M900"))
    refused = await server.post("/Patient", numbered("M900", name=[{"family": "Another"}]), "admin")
    assert (refused.status_code, issues(refused)[0]["code"]) == (409, "duplicate")
    assert "M900" not in refused.text
    await created(server, numbered("M900"), "admin-2")
    second = await created(server, numbered("M901"))
    taken = {**second, "identifier": numbered("M900")["identifier"]}
    assert (await server.put(f"/Patient/{second['id']}", taken, **{"If-Match": 'W/"1"'})).status_code == 409


async def test_copies_of_a_new_member_that_race_register_one(server: Server) -> None:
    answers = await asyncio.gather(*(server.post("/Patient", numbered("M900"), "admin") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


@pytest.mark.parametrize(
    ("body", "places"),
    [
        (patient("M900") | {"identifier": []}, {"Patient.identifier"}),
        ({"resourceType": "Patient", "identifier": [{"value": "M900"}]}, {"Patient.identifier"}),
        ({**patient("M900"), "identifier": [{"value": "M900"}]}, {"Patient.identifier[0].system"}),
        (
            {**patient("M900"), "gender": "unclear", "birthDate": "17.05.1984", "species": "x"},
            {"Patient.gender", "Patient.birthDate", "Patient.species"},
        ),
        (coverage(), {"Coverage.beneficiary"}),
        ({"resourceType": "Coverage"}, {"Coverage.status", "Coverage.beneficiary", "Coverage.payor"}),
        (
            {**PRACTITIONER, "identifier": [{"system": NPI, "value": "1777777770"}]},
            {"Practitioner.identifier[0].value"},
        ),
        ({**ORGANIZATION, "active": "yes"}, {"Organization.active"}),
    ],
)
async def test_a_resource_that_is_not_r4_is_rejected_with_every_place_and_no_value(
    server: Server, body: Json, places: set[str]
) -> None:
    refused = await server.post(f"/{body['resourceType']}", body, "admin")
    assert refused.status_code == 422
    assert {issue["expression"][0] for issue in issues(refused)} == places
    assert not any(value in refused.text for value in ("M900", "17.05.1984", "unclear", "1777777770"))
    assert resources((await server.get(f"/{body['resourceType']}?identifier=M900", "admin")).json()) == []


async def test_a_coverage_is_of_a_patient_of_the_same_payer(server: Server) -> None:
    elsewhere = await created(server, numbered("M900"), "admin-2")
    refused = await server.post("/Coverage", coverage() | _of(elsewhere), "admin")
    assert (refused.status_code, issues(refused)[0]["expression"]) == (422, ["Coverage.beneficiary"])


async def test_a_coverage_stays_its_beneficiarys(server: Server) -> None:
    _, card = await covered(server, "M900")
    other, _ = await covered(server, "M901")
    moved = await server.put(f"/Coverage/{card['id']}", card | _of(other), **{"If-Match": 'W/"1"'})
    assert (moved.status_code, issues(moved)[0]["expression"]) == (422, ["Coverage.beneficiary"])
    renewed = {**card, "period": {"end": "2026-12-31"}}
    assert (await server.put(f"/Coverage/{card['id']}", renewed, **{"If-Match": 'W/"1"'})).status_code == 200


def _of(person: Json) -> Json:
    return {"beneficiary": {"reference": f"Patient/{person['id']}"}}


async def test_requests_of_a_registered_member_refer_to_the_resources_of_the_payer(server: Server) -> None:
    person, card = await covered(server, "M900")
    assert (await server.get(f"/Patient/{person['id']}", "ehr-a")).status_code == 404
    response = answered(await server.post("/Claim/$submit", request_bundle(member="M900")))
    kept = (await server.get(f"/ClaimResponse/{response['id']}")).json()
    assert kept["patient"] == {"reference": f"Patient/{person['id']}"}
    claim = (await server.get("/" + kept["request"]["reference"])).json()
    assert claim["insurance"][0]["coverage"]["reference"] == f"Coverage/{card['id']}"
    seen = (await server.get(f"/Patient/{person['id']}", "ehr-a")).json()
    assert (seen["id"], seen["name"]) == (person["id"], person["name"])
    renamed = {**person, "name": [{"family": "Renamed"}]}
    assert (await server.put(f"/Patient/{person['id']}", renamed, **{"If-Match": 'W/"1"'})).status_code == 200
    assert (await server.get(f"/Patient/{person['id']}", "ehr-a")).json()["name"] == [{"family": "Renamed"}]


async def test_a_new_member_number_takes_the_place_of_the_old_one(server: Server) -> None:
    person, card = await covered(server, "M900")
    await server.post("/Claim/$submit", request_bundle(member="M900"))
    renumbered = {**person, "identifier": numbered("M901")["identifier"]}
    assert (await server.put(f"/Patient/{person['id']}", renumbered, **{"If-Match": 'W/"1"'})).status_code == 200
    response = answered(await server.post("/Claim/$submit", request_bundle(member="M901")))
    kept = (await server.get(f"/ClaimResponse/{response['id']}")).json()
    assert kept["patient"] == {"reference": f"Patient/{person['id']}"}
    claim = (await server.get("/" + kept["request"]["reference"])).json()
    assert claim["insurance"][0]["coverage"]["reference"] == f"Coverage/{card['id']}"
    await created(server, numbered("M900"))


@pytest.mark.parametrize("client", ["ehr-a", "biller", "reviewer", "patient-1"])
async def test_only_an_administrator_maintains_master_data(server: Server, client: str) -> None:
    before = await created(server, PRACTITIONER)
    refused = [
        await server.post("/Practitioner", PRACTITIONER, client),
        await server.put(f"/Practitioner/{before['id']}", before, client, **{"If-Match": 'W/"1"'}),
    ]
    assert [answer.status_code for answer in refused] == [403, 403]
    assert (await server.get(f"/Practitioner/{before['id']}", "admin")).headers["etag"] == 'W/"1"'


async def test_an_administrator_of_another_payer_cannot_change_a_resource(server: Server) -> None:
    before = await created(server, numbered("M900"))
    path = f"/Patient/{before['id']}"
    assert (await server.put(path, before, "admin-2", **{"If-Match": 'W/"1"'})).status_code == 404
    assert (await server.get(path, "admin-2")).status_code == 404
