"""Parts of resources: `_summary` and `_elements`, on reads and searches."""

from __future__ import annotations

from typing import Any

import pytest

from app.fhir.json import write
from tests.api.reading import answered, as_written, issues
from tests.support.samples import NPI, RENDERING, member_type, patient, request_bundle
from tests.support.server import Server

Json = dict[str, Any]

SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
NARRATIVE = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">A person</div>'}
OF_CLAIM = {"status", "type", "use", "patient", "created", "provider", "priority", "insurance"}
HEAD = {"resourceType", "id", "meta"}


async def claim(server: Server, **changes: Any) -> str:
    response = answered(await server.post("/Claim/$submit", request_bundle(claim=changes)))
    kept = (await server.get(f"/ClaimResponse/{response['id']}")).json()
    return str(kept["request"]["reference"])


async def person(server: Server) -> Json:
    tags = [{"system": "https://payer.example.org/tags", "code": "vip"}]
    body = {**patient("M900"), "identifier": [{"type": member_type(), "value": "M900"}], "text": NARRATIVE}
    body |= {"active": True, "meta": {"tag": tags}, "_birthDate": {"extension": [{"url": "urn:x", "valueCode": "a"}]}}
    body |= {"maritalStatus": {"text": "married"}, "deceasedBoolean": False, "multipleBirthInteger": 2}
    made = await server.post("/Patient", body, "admin")
    assert made.status_code == 201, made.text
    found: Json = made.json()
    return found


async def part(server: Server, path: str, client: str = "ehr-a") -> Json:
    answer = await server.get(path, client)
    assert answer.status_code == 200, answer.text
    resource: Json = answer.json()
    return resource


async def test_a_summary_has_the_elements_that_r4_marks_and_a_tag(server: Server) -> None:
    path = "/" + await claim(server)
    whole = await part(server, path)
    summary = await part(server, f"{path}?_summary=true")
    assert set(summary) == HEAD | OF_CLAIM | {"insurer"}
    assert summary["meta"]["tag"] == [SUBSETTED]
    assert summary["meta"] | {"tag": []} == whole["meta"] | {"tag": []}
    [insurance] = summary["insurance"]
    assert insurance == {name: whole["insurance"][0][name] for name in ("sequence", "focal", "coverage")}
    assert all(summary[name] == whole[name] for name in OF_CLAIM - {"insurance"})


async def test_the_lists_in_a_summary_have_summary_elements_only(server: Server) -> None:
    granted = answered(await server.post("/Claim/$submit", request_bundle()))
    insurance = [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/coverage-1"}}]
    insurance[0]["preAuthRef"] = [granted["preAuthRef"]]
    path = "/" + await claim(server, insurance=insurance, identifier=[{"system": "urn:x", "value": "REQ-2"}])
    assert "preAuthRef" in (await part(server, path))["insurance"][0]
    assert "preAuthRef" not in (await part(server, f"{path}?_summary=true"))["insurance"][0]
    assert "preAuthRef" in (await part(server, f"{path}?_elements=status"))["insurance"][0]


async def test_each_summary_of_a_patient_has_its_elements(server: Server) -> None:
    whole = await person(server)
    path = f"/Patient/{whole['id']}"
    kept = {"active", "deceasedBoolean"}
    summary = HEAD | kept | {"identifier", "name", "gender", "birthDate", "_birthDate"}
    expected = {
        "_summary=true": set(whole) & summary,
        "_summary=text": HEAD | {"text"},
        "_summary=data": set(whole) - {"text"},
        "_elements=birthDate": HEAD | kept | {"birthDate", "_birthDate"},
        "_elements=name,multipleBirth": HEAD | kept | {"name", "multipleBirthInteger"},
        "_elements=identifier,%20maritalStatus&_summary=false": HEAD | kept | {"identifier", "maritalStatus"},
    }
    for query, names in expected.items():
        found = await part(server, f"{path}?{query}", "admin")
        assert set(found) == names, query
        assert found["meta"]["tag"] == [*whole["meta"]["tag"], SUBSETTED]
        assert (await server.get(f"{path}/_history/1?{query}", "admin")).json() == found
        [entry] = (await part(server, f"/Patient?_id={whole['id']}&{query}", "admin"))["entry"]
        assert entry["resource"] == found
    assert await part(server, f"{path}?_summary=false", "admin") == whole
    assert (await server.get(f"{path}?_summary=true", "admin")).headers["etag"] == 'W/"1"'


async def test_an_earlier_version_is_shown_in_part_too(server: Server) -> None:
    whole = await person(server)
    path = f"/Patient/{whole['id']}"
    assert (await server.put(path, {**whole, "active": False}, **{"If-Match": 'W/"1"'})).status_code == 200
    earlier = await part(server, f"{path}/_history/1?_elements=name", "admin")
    assert set(earlier) == HEAD | {"active", "deceasedBoolean", "name"}
    assert earlier["active"] is True


async def test_a_count_has_the_total_and_no_entries(server: Server) -> None:
    for number in range(3):
        await server.post("/Claim/$submit", request_bundle(identifier=f"A-{number}"), "ehr-a")
    await server.post("/Claim/$submit", request_bundle(identifier="B-1", member="M002"), "ehr-b")
    for client, total in {"ehr-a": 3, "ehr-b": 1, "patient-1": 3, "reviewer": 4, "reviewer-2": 0}.items():
        counted = await part(server, "/Claim?_summary=count&_count=2", client)
        assert (counted["total"], counted.get("entry")) == (total, None)
    assert (await part(server, "/Claim?_summary=count&identifier=A-1"))["total"] == 1


async def test_decimals_keep_their_text(server: Server) -> None:
    total = "__total__"
    body = request_bundle(claim={"total": {"value": total, "currency": "USD"}})
    text = write(body).replace(f'"{total}"', "120.50")
    response = answered(await server.post("/Claim/$submit", text))
    path = "/" + (await server.get(f"/ClaimResponse/{response['id']}")).json()["request"]["reference"]
    shown = await server.get(f"{path}?_elements=total")
    assert as_written(shown.text)["total"]["value"] == "number 120.50"


async def test_includes_are_summarized_and_elements_are_of_the_matches_only(server: Server) -> None:
    await claim(server)
    bundle = await part(server, "/Claim?_summary=true&_include=Claim:patient")
    assert [SUBSETTED in entry["resource"]["meta"]["tag"] for entry in bundle["entry"]] == [True, True]
    bundle = await part(server, "/Claim?_elements=status&_include=Claim:patient&_revinclude=ClaimResponse:request")
    match, *others = bundle["entry"]
    assert set(match["resource"]) == HEAD | OF_CLAIM
    assert len(others) == 2
    for entry in others:
        resource = entry["resource"]
        assert resource == await part(server, f"/{resource['resourceType']}/{resource['id']}")


@pytest.mark.parametrize(
    "query",
    ["_summary=count", "_summary=", "_summary=all", "_elements=color", "_elements=", "_elements=id&_summary=true"],
)
async def test_a_summary_that_a_read_does_not_support_is_rejected(server: Server, query: str) -> None:
    path = "/" + await claim(server)
    for read in (f"{path}?{query}", f"{path}/_history/1?{query}"):
        answer = await server.get(read)
        assert answer.status_code == 400
        assert issues(answer)[0]["details"]["text"].startswith(query.partition("=")[0])
    assert (await server.get(f"/Claim/unknown?{query}")).status_code == 404


async def test_a_part_of_a_resource_is_not_stored_as_the_whole(server: Server) -> None:
    whole = await person(server)
    path = f"/Patient/{whole['id']}"
    shown = await part(server, f"{path}?_summary=true", "admin")
    refused = await server.put(path, shown, **{"If-Match": 'W/"1"'})
    assert refused.status_code == 422
    assert issues(refused)[0]["expression"] == ["Patient.meta.tag"]
    doctor = {"resourceType": "Practitioner", "identifier": [{"system": NPI, "value": RENDERING}]}
    assert (await server.post("/Practitioner", doctor | {"meta": {"tag": [SUBSETTED]}}, "admin")).status_code == 422
    assert (await server.get(path, "admin")).json() == whole
