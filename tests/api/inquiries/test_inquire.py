"""`Claim/$inquire`: query by example, and what of the payer's record an example means."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.inquiries.asking import criteria, found
from tests.api.reading import (
    actions,
    administration_number,
    answered,
    issues,
    references,
    resources,
    returned,
    sample,
)
from tests.api.reviewing import decide, ruling
from tests.api.updating import THERAPY, sent, update_of
from tests.support.samples import extension, inquiry_bundle, request_bundle
from tests.support.server import ROOT, Server

Json = dict[str, Any]


@pytest.mark.requirement("pas-2.2.1/spec-39")
@pytest.mark.requirement("pas-2.2.1/capability-Claim-inquiry")
async def test_each_match_has_its_own_bundle(server: Server, therapy: str, mri: Json) -> None:
    answer = await server.post("/Claim/$inquire", inquiry_bundle())
    assert {one["id"] for one in returned(answer)} == {therapy, mri["id"]}
    *matches, warning = answer.json()["parameter"]
    assert [warning["name"], *(one["name"] for one in matches)] == ["outcome", "return", "return"]
    for bundle in (one["resource"] for one in matches):
        assert bundle["type"] == "collection"
        assert bundle["identifier"] == inquiry_bundle()["identifier"]
        assert [one["resourceType"] for one in resources(bundle)].count("ClaimResponse") == 1


async def test_without_a_match_the_parameters_have_no_bundle(server: Server) -> None:
    number = extension("extension-authorizationNumber", valueString="PA-404")
    answer = await server.post("/Claim/$inquire", inquiry_bundle(member="M404", claim={"extension": [number]}))
    assert (answer.status_code, answer.json()) == (200, {"resourceType": "Parameters"})
    answer = await server.post("/Claim/$inquire", inquiry_bundle(member="M404"))
    assert [one["name"] for one in answer.json()["parameter"]] == ["outcome"]


async def test_the_older_edition_answers_with_one_bundle(server: Server, therapy: str, mri: Json) -> None:
    asked = inquiry_bundle(items=[criteria()])
    answer = await server.post("/Claim/$inquire", asked, base="/2.0.1/fhir")
    bundle = answer.json()
    answers = [one for one in resources(bundle) if one["resourceType"] == "ClaimResponse"]
    assert bundle["resourceType"] == "Bundle"
    assert {one["id"] for one in answers} == {therapy, mri["id"]}
    assert resources(bundle)[0]["resourceType"] == "ClaimResponse"
    unknown = inquiry_bundle(member="M404", items=[criteria()])
    none = (await server.post("/Claim/$inquire", unknown, base="/2.0.1/fhir")).json()
    assert {one["resourceType"] for one in resources(none)} == {"Patient", "Organization", "OperationOutcome"}


@pytest.mark.requirement("pas-2.2.1/spec-44")
async def test_the_answer_refers_to_the_claim_and_contains_the_other_resources(server: Server, therapy: str) -> None:
    answer = await server.post("/Claim/$inquire", inquiry_bundle())
    match, _ = answer.json()["parameter"]
    entries = match["resource"]["entry"]
    claim_response = entries[0]["resource"]
    assert entries[0]["fullUrl"] == f"{ROOT}/fhir/ClaimResponse/{therapy}"
    claim = claim_response["request"]["reference"]
    assert (await server.http.get(claim, headers=server.headers("ehr-a"))).json()["use"] == "preauthorization"
    assert set(references(claim_response)) - {claim} <= {entry["fullUrl"] for entry in entries}


async def test_notes_with_places_of_the_request_are_not_in_the_answer_to_an_inquiry(server: Server) -> None:
    update = update_of(sent([THERAPY]), [THERAPY])
    submitted = answered(await server.post("/Claim/$submit", update))
    assert [note for note in submitted["processNote"] if "Bundle.entry" in note["text"]]
    [current] = returned(await server.post("/Claim/$inquire", inquiry_bundle()))
    assert current["id"] == submitted["id"]
    assert "Bundle.entry" not in str(current)
    assert (await server.get(f"/ClaimResponse/{current['id']}")).json()["processNote"] == submitted["processNote"]


async def test_parameters_may_carry_the_inquiry(server: Server, therapy: str) -> None:
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": inquiry_bundle()}]}
    assert [one["id"] for one in returned(await server.post("/Claim/$inquire", wrapped))] == [therapy]


async def test_the_identifier_of_the_inquiry_does_not_narrow_the_answer(server: Server, therapy: str) -> None:
    same = {"identifier": [{"system": "urn:trnorg:9012345678", "value": "therapy"}]}
    assert await found(server, claim=same) == {therapy}
    assert await found(server, claim=same, member="M002") == set()
    assert await found(server) == {therapy}


@pytest.mark.acceptance("B24")
@pytest.mark.requirement("pas-2.2.1/spec-53")
async def test_an_inquiry_must_match_the_member_the_payer_and_a_provider(server: Server, therapy: str) -> None:
    assert await found(server) == {therapy}
    assert await found(server, member="M002") == set()
    assert await found(server, payer="1666666668") == set()
    assert await found(server, requestor="8189991234") == set()
    assert await found(server, payer="1555555550") == set()


@pytest.mark.usefixtures("therapy")
@pytest.mark.parametrize("other", [{"birthDate": "1984-05-18"}, {"name": [{"family": "Other"}]}])
async def test_a_wrong_name_or_birth_date_finds_no_authorization(server: Server, other: Json) -> None:
    bundle = inquiry_bundle()
    person = next(one for one in resources(bundle) if one["resourceType"] == "Patient")
    assert len(returned(await server.post("/Claim/$inquire", bundle))) == 1
    person |= other
    assert returned(await server.post("/Claim/$inquire", bundle)) == []


@pytest.mark.requirement("pas-2.2.1/spec-52")
async def test_a_provider_on_the_care_team_inquires_by_its_own_number(server: Server, therapy: str) -> None:
    team = request_bundle()["entry"][0]["resource"]["careTeam"]
    assert await found(server, claim={"careTeam": team}, requestor="8189991234") == {therapy}


@pytest.mark.parametrize("typed", [str, str.lower, lambda number: f" {number[:2]}-{number[2:6]} {number[6:]}"])
async def test_a_number_finds_its_authorization_however_it_is_typed(server: Server, mri: Json, typed: Any) -> None:
    granted = answered(await server.post("/Claim/$submit", request_bundle(identifier="therapy")))
    number = extension("extension-authorizationNumber", valueString=typed(granted["preAuthRef"]))
    pending = extension("extension-administrationReferenceNumber", valueString=typed(administration_number(mri)))
    assert await found(server, claim={"extension": [number]}) == {granted["id"]}
    assert await found(server, claim={"extension": [pending]}) == {mri["id"]}
    assert await found(server, claim={"extension": [number, pending]}) == set()
    assert await found(server, items=[criteria(number)]) == {granted["id"]}
    assert await found(server, items=[criteria(pending)]) == {mri["id"]}


async def test_an_unknown_number_finds_no_authorization(server: Server, therapy: str) -> None:
    number = extension("extension-authorizationNumber", valueString="PA00000000X")
    assert await found(server) == {therapy}
    assert await found(server, claim={"extension": [number]}) == set()


@pytest.mark.acceptance("B24")
async def test_the_number_of_a_pended_request_finds_its_later_decision(server: Server, mri: Json) -> None:
    number = extension("extension-administrationReferenceNumber", valueString=administration_number(mri))
    await decide(server, mri["id"], ruling(1, "certify"))
    [current] = returned(await server.post("/Claim/$inquire", inquiry_bundle(claim={"extension": [number]})))
    assert actions(current) == {1: "A1"}
    assert current["preAuthRef"]


@pytest.mark.requirement("pas-2.2.1/spec-43")
async def test_an_inquiry_ignores_the_code_not_applicable(server: Server, therapy: str, mri: Json) -> None:
    assert await found(server, items=[criteria()]) == {therapy, mri["id"]}


@pytest.mark.acceptance("B24")
async def test_an_inquiry_without_a_patient_is_refused(server: Server) -> None:
    refused = await server.post("/Claim/$inquire", inquiry_bundle(claim={"patient": None}))
    assert refused.status_code == 422
    assert [issue["expression"] for issue in issues(refused)] == [["Bundle.entry[0].resource.patient"]]


async def test_the_demo_inquiry_finds_the_demo_requests(server: Server) -> None:
    for name in ("approve", "deny", "pend", "modify"):
        await server.post("/Claim/$submit", sample(f"request-{name}"))
    assert len(returned(await server.post("/Claim/$inquire", sample("inquiry")))) == 4
