"""A null in an array of primitives keeps the place of an unknown value, as FHIR allows."""

from __future__ import annotations

from decimal import Decimal

from app.fhir.json import read
from tests.api.bills.scenario_answer import lines_of
from tests.api.reading import actions, answered, returned, sample
from tests.support.absent import padded
from tests.support.samples import inquiry_bundle, patient, request_bundle, request_item
from tests.support.server import Server


async def test_a_request_and_its_bill_are_answered_as_without_the_nulls(server: Server) -> None:
    request, names = padded(sample("request-approve"))
    assert {"given", "careTeamSequence", "profile"} <= names
    response = answered(await server.post("/Claim/$submit", request))
    assert actions(response) == {1: "A1"}
    bill = sample("bill")
    bill["insurance"][0]["preAuthRef"] = [response["preAuthRef"]]
    answer = await server.post("/Claim/$submit", padded(bill)[0], "biller")
    assert answer.status_code == 200, answer.text
    [line] = lines_of(read(answer.content))
    assert line.benefit == (Decimal(4), Decimal(160))


async def test_a_member_is_maintained_and_found_alike(server: Server) -> None:
    person, _ = padded(patient("M900"))
    created = await server.post("/Patient", person, "admin")
    assert created.status_code == 201, created.text
    path = f"/Patient/{created.json()['id']}"
    assert created.json()["name"] == person["name"]
    changed = await server.put(path, created.json(), **{"If-Match": 'W/"1"'})
    assert changed.status_code == 200, changed.text
    found = await server.get("/Patient?identifier=M900&_summary=true", "admin")
    assert [entry["resource"]["id"] for entry in found.json()["entry"]] == [created.json()["id"]]


async def test_an_inquiry_with_nulls_finds_the_request_and_the_echo_has_them_as_sent(server: Server) -> None:
    request, _ = padded(request_bundle(items=[request_item(diagnosisSequence=[1])]))
    submitted = await server.post("/Claim/$submit", request)
    assert answered(submitted)["outcome"] == "complete"
    sent = {entry["fullUrl"]: entry for entry in request["entry"]}
    echoed = read(submitted.content)["entry"][1:]
    [person] = [entry["resource"] for entry in echoed if entry["resource"]["resourceType"] == "Patient"]
    assert {"given", "_given"} <= person["name"][0].keys()
    assert [entry for entry in echoed if entry != sent[entry["fullUrl"]]] == []
    inquiry, names = padded(inquiry_bundle())
    assert "given" in names
    assert len(returned(await server.post("/Claim/$inquire", inquiry))) == 1


async def test_a_kept_claim_and_its_parts_have_the_nulls_as_sent(server: Server) -> None:
    request, names = padded(request_bundle(items=[request_item(diagnosisSequence=[1], careTeamSequence=[1])]))
    assert {"diagnosisSequence", "careTeamSequence"} <= names
    response = answered(await server.post("/Claim/$submit", request))
    kept = (await server.get(f"/ClaimResponse/{response['id']}")).json()["request"]["reference"]
    [item] = request["entry"][0]["resource"]["item"]
    for query in ("", "?_elements=item", "?_summary=data"):
        [found] = (await server.get(f"/{kept}{query}")).json()["item"]
        for name in ("diagnosisSequence", "_diagnosisSequence", "careTeamSequence", "_careTeamSequence"):
            assert found[name] == item[name]
