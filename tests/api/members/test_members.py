"""The demographics that a submitter must send to get an answer, and to see the payer's record of a member."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.reading import Json, answered, resources, returned
from tests.support.samples import billed_line, billing_claim, inquiry_bundle, member_type, patient, request_bundle
from tests.support.server import Server

ELSEWHERE = {"type": member_type(), "system": "https://sample-payer.example.org/members", "value": "M901"}
UNNAMED = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}


def changed(body: Json, type_: str, **elements: Any) -> Json:
    """Change elements of the resource of that type; None leaves one out."""
    for entry in body["entry"]:
        if entry["resource"]["resourceType"] == type_:
            found = entry["resource"] | elements
            entry["resource"] = {name: value for name, value in found.items() if value is not None}
    return body


def said(body: Json, family: str | None = "Sample", born: str | None = "1984-05-17") -> Json:
    """Say of the patient what is given."""
    return changed(body, "Patient", name=[UNNAMED if family is None else {"family": family}], birthDate=born)


async def opened(server: Server, client: str = "ehr-b") -> int:
    """Count the Patients and Coverages that the client sees."""
    bundles = [(await server.get(f"/{type_}", client)).json() for type_ in ("Patient", "Coverage")]
    return sum(len(resources(found)) for found in bundles)


async def put(server: Server, person: Json, **elements: Any) -> None:
    """Let the payer's administrator change the Patient."""
    found = (await server.get(f"/Patient/{person['id']}", "admin")).json()
    answer = await server.put(
        f"/Patient/{person['id']}", found | elements, **{"If-Match": f'W/"{found["meta"]["versionId"]}"'}
    )
    assert answer.status_code == 200, answer.text


async def only_patient(server: Server) -> Json:
    [person] = resources((await server.get("/Patient", "admin")).json())
    return person


@pytest.mark.parametrize(
    ("family", "born", "code", "place"),
    [
        ("Nosy", "1984-05-17", "73", "name"),
        ("Nosy", None, "73", "name"),
        ("Sample", "1990-01-01", "71", "birthDate"),
        (None, "1990-01-01", "71", "birthDate"),
    ],
)
async def test_a_request_that_contradicts_the_members_record_is_not_answered(
    server: Server, family: str, born: str, code: str, place: str
) -> None:
    await server.post("/Claim/$submit", request_bundle(), "ehr-a")
    response = answered(await server.post("/Claim/$submit", said(request_bundle(), family, born), "ehr-b"))
    assert response["outcome"] == "error"
    assert {"item", "preAuthRef"}.isdisjoint(response)
    [error] = response["error"]
    assert error["code"]["coding"] == [{"system": "https://codesystem.x12.org/005010/901", "code": code}]
    followup, path, element = error["extension"]
    assert element["url"].endswith("/extension-errorElement")
    assert followup["valueCodeableConcept"]["coding"][0]["code"] == "C"
    assert path["valueString"] == f"Bundle.entry[4].resource.{place}"
    assert "1984" not in str(error)
    assert await opened(server) == 0


async def test_a_refused_request_is_the_senders_and_not_the_members(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(), "ehr-a")
    own = {one["id"] for one in resources((await server.get("/ClaimResponse", "patient-1")).json())}
    refused = answered(await server.post("/Claim/$submit", said(request_bundle(), "Nosy"), "ehr-b"))
    assert {one["id"] for one in resources((await server.get("/ClaimResponse", "patient-1")).json())} == own
    kept = (await server.get(f"/ClaimResponse/{refused['id']}", "ehr-b")).json()
    assert kept["patient"]["identifier"]["value"] == "M001"
    assert "reference" not in kept["patient"]


async def test_a_contained_patient_is_named_by_the_claims_reference(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(), "ehr-a")
    contained = {**patient(), "id": "p", "name": [{"family": "Nosy"}]}
    body = request_bundle(claim={"contained": [contained], "patient": {"reference": "#p"}})
    response = answered(await server.post("/Claim/$submit", body, "ehr-b"))
    assert response["error"][0]["extension"][1]["valueString"] == "Bundle.entry[0].resource.patient"


@pytest.mark.parametrize(("family", "born"), [(None, None), ("Sample", None), (None, "1984-05-17")])
async def test_incomplete_demographics_get_an_answer_and_no_access(
    server: Server, family: str | None, born: str | None
) -> None:
    await server.post("/Claim/$submit", request_bundle(), "ehr-a")
    response = answered(await server.post("/Claim/$submit", said(request_bundle(), family, born), "ehr-b"))
    assert response["preAuthRef"]
    assert await opened(server) == 0
    answered(await server.post("/Claim/$submit", said(request_bundle(), "SAMPLE"), "ehr-b"))
    assert await opened(server) == 2


async def test_a_record_without_a_name_opens_to_no_other_organization(server: Server) -> None:
    await server.post("/Claim/$submit", said(request_bundle(), None, None), "ehr-a")
    assert await opened(server, "ehr-a") == 2
    assert answered(await server.post("/Claim/$submit", request_bundle(), "ehr-b"))["preAuthRef"]
    assert await opened(server) == 0


async def test_submitters_are_compared_with_the_payers_latest_record(server: Server) -> None:
    number = answered(await server.post("/Claim/$submit", request_bundle(), "ehr-a"))["preAuthRef"]
    await put(server, await only_patient(server), name=[{"family": "Married"}, {"family": "Sample"}], birthDate="1984")
    assert answered(await server.post("/Claim/$submit", said(request_bundle(), "Married"), "ehr-b"))["preAuthRef"]
    assert await opened(server) == 2
    await put(server, await only_patient(server), name=[{"family": "Married"}])
    assert answered(await server.post("/Claim/$submit", said(request_bundle(), born=None)))["outcome"] == "error"
    asked = returned(await server.post("/Claim/$inquire", said(inquiry_bundle(), "Married")))
    assert number in {one.get("preAuthRef") for one in asked}
    assert returned(await server.post("/Claim/$inquire", inquiry_bundle())) == []


async def test_a_bill_that_contradicts_the_members_record_is_for_no_member(server: Server) -> None:
    number = answered(await server.post("/Claim/$submit", request_bundle(), "ehr-a"))["preAuthRef"]
    for person in ({"name": [{"family": "Nosy"}]}, {"birthDate": "1990-01-01"}):
        bill = billing_claim(number=number, contained=[{**patient(), **person, "id": "p"}], patient={"reference": "#p"})
        answer = (await server.post("/Claim/$submit", bill, "ehr-b")).json()
        reasons = [one["reason"] for one in answer["item"][0]["adjudication"] if "reason" in one]
        assert [coding["code"] for reason in reasons for coding in reason["coding"]] == ["31", "N382"]
        assert "reference" not in (await server.get(f"/ClaimResponse/{answer['id']}", "ehr-b")).json()["patient"]
    assert await opened(server) == 0


async def test_a_bill_with_only_the_member_id_gives_no_access(server: Server) -> None:
    number = answered(await server.post("/Claim/$submit", request_bundle(), "ehr-a"))["preAuthRef"]
    answer = await server.post("/Claim", billing_claim(number=number), "ehr-b")
    assert answer.status_code == 201
    assert await opened(server) == 0


async def test_an_inquiry_that_contradicts_the_members_record_finds_nothing(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(), "ehr-a")
    for body in (
        said(inquiry_bundle(), "Nosy"),
        said(inquiry_bundle(), born="1990-01-01"),
        inquiry_bundle(member="M9"),
    ):
        assert returned(await server.post("/Claim/$inquire", body)) == []
    assert len(returned(await server.post("/Claim/$inquire", said(inquiry_bundle(), None, None)))) == 1


async def test_two_people_on_one_card_are_two_members(server: Server) -> None:
    people = {}
    for name, number in (("Ann", "SUB9-01"), ("Bob", "SUB9-02")):
        body = said(request_bundle(identifier=name), name)
        changed(body, "Coverage", identifier=[{"type": member_type()}], subscriberId="SUB9")
        changed(body, "Patient", identifier=[ELSEWHERE | {"value": number}])
        response = answered(await server.post("/Claim/$submit", body))
        kept = (await server.get(f"/ClaimResponse/{response['id']}")).json()
        people[name] = (await server.get("/" + kept["patient"]["reference"])).json()["name"]
    assert people == {"Ann": [{"family": "Ann"}], "Bob": [{"family": "Bob"}]}


async def test_a_renumbered_member_keeps_the_authorizations(server: Server) -> None:
    granted = answered(await server.post("/Claim/$submit", request_bundle()))
    await put(server, await only_patient(server), identifier=[ELSEWHERE])
    assert [one["id"] for one in returned(await server.post("/Claim/$inquire", inquiry_bundle(member="M901")))] == [
        granted["id"]
    ]
    assert returned(await server.post("/Claim/$inquire", inquiry_bundle())) == []
    without = (await server.post("/Claim/$submit", billing_claim(number=None, member="M901"), "biller")).json()
    assert "M62" in str(without["item"])
    numbered = billing_claim(number=granted["preAuthRef"], member="M901", control_number="2", lines=[billed_line()])
    assert "198" not in str((await server.post("/Claim/$submit", numbered, "biller")).json()["item"])


@pytest.mark.parametrize("client", ["admin", "admin-2", "reviewer"])
async def test_the_payers_staff_cannot_submit_or_bill(server: Server, client: str) -> None:
    for body in (request_bundle(), billing_claim()):
        answer = await server.post("/Claim/$submit", body, client)
        assert answer.status_code == 403
    assert resources((await server.get("/Claim", "reviewer")).json()) == []
