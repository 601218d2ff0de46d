"""The versions of a resource and of a type: newest first, in pages, for callers who see the current version."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.reading import issues, resources
from tests.api.reviewing import decide, pended, ruling
from tests.support.samples import NPI, RENDERING, patient, request_bundle
from tests.support.server import ROOT, Server

Json = dict[str, Any]

DOCTOR: Json = {"resourceType": "Practitioner", "identifier": [{"system": NPI, "value": RENDERING}]}


async def doctor(server: Server, updates: int = 0) -> str:
    """Create a Practitioner and update it, a day apart; returns its path."""
    made = (await server.post("/Practitioner", DOCTOR, "admin")).json()
    path = f"/Practitioner/{made['id']}"
    for number in range(1, updates + 1):
        server.clock.move(days=1)
        answer = await server.put(path, {**made, "active": number % 2 == 0}, **{"If-Match": f'W/"{number}"'})
        assert answer.status_code == 200, answer.text
    return path


async def told(server: Server, path: str, client: str = "ehr-a") -> Json:
    answer = await server.get(path, client)
    assert answer.status_code == 200, answer.text
    bundle: Json = answer.json()
    assert bundle["type"] == "history"
    return bundle


def versions(bundle: Json) -> list[int]:
    return [int(one["meta"]["versionId"]) for one in resources(bundle)]


async def pages(server: Server, path: str, client: str = "ehr-a") -> list[list[Json]]:
    """Follow the next links to the end."""
    bundle = await told(server, path, client)
    found = [resources(bundle)]
    while following := [link["url"] for link in bundle["link"] if link["relation"] == "next"]:
        assert len(found) < 50
        bundle = await told(server, following[0].removeprefix(f"{ROOT}/fhir"), client)
        found.append(resources(bundle))
    return found


async def test_each_version_names_the_request_that_made_it(server: Server) -> None:
    path = await doctor(server, updates=1)
    bundle = await told(server, f"{path}/_history")
    later, first = bundle["entry"]
    assert {entry["fullUrl"] for entry in bundle["entry"]} == {f"{ROOT}/fhir{path}"}
    assert first["request"] == {"method": "POST", "url": "Practitioner"}
    assert first["response"] == {"status": "201", "etag": 'W/"1"', "lastModified": "2026-01-01T15:00:00.000Z"}
    assert later["request"] == {"method": "PUT", "url": path.removeprefix("/")}
    assert later["response"] == {"status": "200", "etag": 'W/"2"', "lastModified": "2026-01-02T15:00:00.000Z"}
    for number, entry in ((1, first), (2, later)):
        assert entry["resource"] == (await server.get(f"{path}/_history/{number}")).json()
    assert bundle["link"] == [{"relation": "self", "url": f"{ROOT}/fhir{path}/_history"}]


async def test_the_versions_come_newest_first_in_pages_of_any_size(server: Server) -> None:
    path = await doctor(server, updates=10)
    for count in (1, 2, 4, 10, 11, 12, 1_000):
        found = await pages(server, f"{path}/_history?_count={count}")
        assert [int(one["meta"]["versionId"]) for page in found for one in page] == list(range(11, 0, -1)), count
        assert max(map(len, found)) <= count
        assert all(found)


async def test_since_limits_a_history(server: Server) -> None:
    path = await doctor(server, updates=3)
    expected = {
        "2026-01-03T15:00:00Z": [4, 3],
        "2026-01-03T16:00:00%2B01:00": [4, 3],
        "2026-01-03T15:00:00.001Z": [4],
        "2026-01-02": [4, 3, 2],
        "2027": [],
        "2020": [4, 3, 2, 1],
    }
    for since, numbers in expected.items():
        assert versions(await told(server, f"{path}/_history?_since={since}")) == numbers, since
        assert versions(await told(server, f"/Practitioner/_history?_since={since}")) == numbers, since
        paged = await pages(server, f"{path}/_history?_count=1&_since={since}")
        assert [int(one["meta"]["versionId"]) for page in paged for one in page] == numbers, since


async def test_the_versions_of_a_type_come_in_the_order_of_their_writing(server: Server) -> None:
    first = await doctor(server, updates=2)
    server.clock.move(days=1)
    second = await doctor(server, updates=2)
    expected = [(second, 3), (second, 2), (second, 1), (first, 3), (first, 2), (first, 1)]
    for count in (1, 2, 3, 5, 6, 7):
        found = await pages(server, f"/Practitioner/_history?_count={count}")
        assert [
            (f"/Practitioner/{one['id']}", int(one["meta"]["versionId"])) for page in found for one in page
        ] == expected, count
    bundle = await told(server, "/Practitioner/_history")
    assert [entry["request"]["method"] for entry in bundle["entry"]] == ["PUT", "PUT", "POST"] * 2


async def test_pages_neither_miss_nor_repeat_a_version_during_a_change(server: Server) -> None:
    first = await doctor(server)
    server.clock.move(days=1)
    second = await doctor(server)
    page = await told(server, "/Practitioner/_history?_count=1")
    [following] = [link["url"] for link in page["link"] if link["relation"] == "next"]
    server.clock.move(minutes=1)
    for path in (first, second):
        before = (await server.get(path)).json()
        assert (await server.put(path, before, **{"If-Match": 'W/"1"'})).status_code == 200
    rest = await told(server, following.removeprefix(f"{ROOT}/fhir"))
    assert [one["id"] for one in resources(page) + resources(rest)] == [
        path.removeprefix("/Practitioner/") for path in (second, first)
    ]
    assert versions(rest) == [1]


@pytest.mark.parametrize("type_", ["Claim", "ClaimResponse", "Patient", "Coverage"])
async def test_a_caller_that_sees_a_resource_sees_its_history(server: Server, type_: str) -> None:
    response = await pended(server, member="M001")
    await decide(server, response, ruling())
    await server.post("/Claim/$submit", request_bundle(identifier="B-1", member="M002"), "ehr-b")
    [id_] = {one["id"] for one in resources((await server.get(f"/{type_}")).json())}
    unknown = await server.get(f"/{type_}/unknown/_history", "ehr-b")
    assert (unknown.status_code, issues(unknown)[0]["code"]) == (404, "not-found")
    expected = [2, 1] if type_ == "ClaimResponse" else [1]
    for client in ("ehr-a", "biller", "patient-1"):
        assert versions(await told(server, f"/{type_}/{id_}/_history", client)) == expected
        of_type = await told(server, f"/{type_}/_history", client)
        assert {one["id"] for one in resources(of_type)} == {id_}
    assert id_ in {one["id"] for one in resources(await told(server, f"/{type_}/_history", "reviewer"))}
    for client in ("ehr-b", "reviewer-2", "admin-2"):
        hidden = await server.get(f"/{type_}/{id_}/_history", client)
        assert (hidden.status_code, hidden.content) == (404, unknown.content)
        assert id_ not in {one["id"] for one in resources(await told(server, f"/{type_}/_history", client))}


async def test_pages_of_a_type_are_filled_with_versions_that_the_caller_sees(server: Server) -> None:
    for number in range(3):
        for client in ("ehr-a", "ehr-b"):
            body = request_bundle(identifier=f"{client}-{number}")
            assert (await server.post("/Claim/$submit", body, client)).status_code == 200
        server.clock.move(minutes=1)
    found = await pages(server, "/Claim/_history?_count=2", "ehr-b")
    assert list(map(len, found)) == [2, 1]
    assert {one["identifier"][0]["value"] for page in found for one in page} == {
        f"ehr-b-{number}" for number in range(3)
    }


async def test_earlier_versions_open_with_the_resource_to_another_organization(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(member="M001"), "ehr-a")
    [person] = resources((await server.get("/Patient", "ehr-a")).json())
    path = f"/Patient/{person['id']}"
    body = {**patient("M001"), "id": person["id"]}
    for number in (1, 2):
        server.clock.move(days=1)
        assert (await server.put(path, body, **{"If-Match": f'W/"{number}"'})).status_code == 200
    assert (await server.get(f"{path}/_history", "ehr-b")).status_code == 404
    assert versions(await told(server, "/Patient/_history", "ehr-b")) == []
    await server.post("/Claim/$submit", request_bundle(member="M001"), "ehr-b")
    assert versions(await told(server, f"{path}/_history", "ehr-b")) == [3, 2, 1]
    assert versions(await told(server, "/Patient/_history", "ehr-b")) == [3, 2, 1]
    assert versions(await told(server, "/Patient/_history", "ehr-a")) == [3, 2, 1]


@pytest.mark.parametrize(
    "query",
    [
        "_count=0",
        "_count=-1",
        "_count=many",
        "_count=1&_count=2",
        "_since=yesterday",
        "_at=2026",
        "status=active",
        "_page=",
        "_page=x",
        "_page=W10",
        "_page=WyIxIiwgImEvYiJd",
    ],
)
async def test_a_parameter_that_a_history_does_not_support_is_rejected(server: Server, query: str) -> None:
    path = await doctor(server)
    answer = await server.get(f"{path}/_history?{query}")
    assert answer.status_code == 400
    name = query.partition("=")[0]
    assert (name if name in ("_count", "_since", "_page") else "_since") in issues(answer)[0]["details"]["text"]


async def test_a_history_supports_format(server: Server) -> None:
    path = await doctor(server)
    assert versions(await told(server, f"{path}/_history?_format=json&_pretty=true")) == [1]
    assert (await server.get(f"{path}/_history?_format=xml")).status_code == 406


async def test_a_patient_without_a_payer_has_no_history(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(member="M002"), "ehr-a")
    for type_ in ("Claim", "Patient", "Organization"):
        assert resources(await told(server, f"/{type_}/_history", "patient-1")) == []
