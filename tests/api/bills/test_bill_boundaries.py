"""Limits of a bill: unknown codes, administration numbers, and authorizations of other parties."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.api.reading import administration_number, answered, issues, sample
from tests.api.refusing import REQUEST, refused
from tests.api.reviewing import NEW
from tests.api.trail import trail
from tests.support.samples import NPI, Json
from tests.support.server import Server


def bill(number: str, name: str, **line: Any) -> Json:
    body = sample("bill")
    body["identifier"][0]["value"] = name
    body["insurance"][0]["preAuthRef"] = [number]
    body["item"][0] |= line
    return body


async def authorized(server: Server) -> str:
    return str(answered(await server.post("/Claim/$submit", sample("request-approve")))["preAuthRef"])


async def adjudicated(server: Server, body: Json, client: str = "biller") -> tuple[str | None, list[str]]:
    """Return the applied number and the notes, and check that the stored answer has the same."""
    found = (await server.post("/Claim/$submit", body, client)).json()
    found = found["entry"][0]["resource"] if found["resourceType"] == "Bundle" else found
    assert found["resourceType"] == "ClaimResponse", found
    kept = (await server.get(f"/ClaimResponse/{found['id']}", client=client)).json()
    assert kept.get("processNote") == found.get("processNote")
    return found.get("preAuthRef"), [note["text"] for note in found.get("processNote", [])]


def paid(response: Json) -> Any:
    return response["item"][0]["adjudication"][1]["value"]


@pytest.mark.parametrize(
    "coding",
    [
        {"code": "97110"},
        {"system": "http://www.ama-assn.org/go/cpt/", "code": "97110"},
        {"system": "urn:x", "code": "1"},
    ],
)
async def test_a_code_in_an_unknown_system_is_not_paid_without_an_authorization(server: Server, coding: Json) -> None:
    body = bill("", "UNKNOWN", productOrService={"coding": [coding]})
    del body["insurance"][0]["preAuthRef"]
    answer = await server.post("/Claim/$submit", body, "biller")
    assert answer.status_code == 422 if "system" not in coding else paid(answer.json()) == 0


async def test_a_code_with_blanks_is_refused_and_named_by_its_place(server: Server) -> None:
    coding = {"system": "http://www.ama-assn.org/go/cpt", "code": " 97110 "}
    body = bill(await authorized(server), "BLANKS", productOrService={"coding": [coding]})
    found = await refused(server, "/Claim/$submit", body, client="biller")
    assert (found.status, found.places) == (422, ("Claim.item[0].productOrService.coding[0].code",))


async def test_an_administration_number_leads_to_the_authorization_number(server: Server) -> None:
    request = sample("request-pend")
    pended = answered(await server.post("/Claim/$submit", request))
    number = administration_number(pended)
    asked = request["entry"][0]["resource"]["item"][0]
    service = {"productOrService": asked["productOrService"], "servicedDate": asked["servicedPeriod"]["start"]}
    parts = [{"name": "sequence", "valuePositiveInt": 1}, {"name": "action", "valueCode": "certify"}]
    parts.append({"name": "for", "valueString": "P90D"})
    ruling = {"resourceType": "Parameters", "parameter": [{"name": "item", "part": parts}]}
    decided = await server.post(f"/ClaimResponse/{pended['id']}/$decide", ruling, "reviewer", **NEW)
    assert decided.json()["preAuthRef"]
    applied, notes = await adjudicated(server, bill(number, "DECIDED", **service))
    _, unknown = await adjudicated(server, bill("PA2600000XY", "MADE-UP", **service))
    assert (applied, len(unknown)) == (None, 1)
    assert f"Authorization number: {decided.json()['preAuthRef']}." in notes
    _, foreign = await adjudicated(server, bill(number, "FOREIGN", **service), "ehr-b")
    _, unknown = await adjudicated(server, bill("PA260000030", "NOBODYS", **service), "ehr-b")
    assert foreign == unknown


async def test_a_guessed_number_does_not_reveal_its_authorization(server: Server) -> None:
    number = await authorized(server)
    other = {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "97140"}]}
    _, told = await adjudicated(server, bill(number, "OURS", productOrService=other))
    _, untold = await adjudicated(server, bill(number, "THEIRS", productOrService=other), "ehr-b")
    assert "Procedure: claimed 97140, authorized 97110." in told
    _, unknown = await adjudicated(server, bill("PA260000030", "NOBODYS", productOrService=other), "ehr-b")
    assert untold == unknown


async def test_the_performing_provider_sees_mismatches_of_another_organizations_request(server: Server) -> None:
    request = sample("request-approve")
    number = answered(await server.post("/Claim/$submit", request, "ehr-b"))["preAuthRef"]
    other = {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "97140"}]}
    _, told = await adjudicated(server, bill(number, "PERFORMED", productOrService=other))
    assert "Procedure: claimed 97140, authorized 97110." in told


async def test_a_request_has_one_focal_insurance(server: Server) -> None:
    request = sample("request-approve")
    claim = request["entry"][0]["resource"]
    [insurance] = claim["insurance"]
    for insurances, places in (
        ([insurance, {**insurance, "sequence": 2}], ("insurance",)),
        ([insurance, {"sequence": 2, "focal": True}], ("insurance[1].coverage",)),
        ([{**insurance, "focal": False}], ("insurance[0].focal",)),
    ):
        claim["insurance"] = insurances
        found = await refused(server, "/Claim/$submit", request)
        assert (found.status, found.places) == (422, tuple(f"{REQUEST}.{place}" for place in places))


async def test_a_contained_patient_is_referenced_by_member_id(server: Server) -> None:
    request = sample("request-approve")
    claim = request["entry"][0]["resource"]
    [person] = [one["resource"] for one in request["entry"] if one["resource"]["resourceType"] == "Patient"]
    claim |= {"contained": [{**person, "id": "p"}], "patient": {"reference": "#p"}}
    found = answered(await server.post("/Claim/$submit", request))
    assert "reference" not in found["patient"]
    assert found["patient"]["identifier"]["value"] == "M001"
    assert found["patient"] != found["request"]


async def test_an_error_about_the_member_names_the_focal_insurance(lenient_server: Server) -> None:
    request = sample("request-approve")
    for one in request["entry"]:
        if one["resource"]["resourceType"] in {"Patient", "Coverage"}:
            one["resource"].pop("identifier", None)
            one["resource"].pop("subscriberId", None)
    claim = request["entry"][0]["resource"]
    claim["insurance"].insert(0, {"sequence": 2, "focal": False, "coverage": {"display": "another"}})
    [error] = answered(await lenient_server.post("/Claim/$submit", request))["error"]
    paths = [one["valueString"] for one in error["extension"] if one["url"].endswith("errorPath")]
    assert paths == [f"{REQUEST}.insurance[1].coverage"]


async def test_a_bundled_bill_is_answered_in_one_edition(server: Server) -> None:
    entry = {"fullUrl": "https://e.example.org/fhir/Claim/1", "resource": bill(await authorized(server), "EDITIONS")}
    body = {"resourceType": "Bundle", "type": "collection", "entry": [entry]}
    older = await server.post("/Claim/$submit", body, "biller", "/2.0.1/fhir")
    assert "/2.0.1/fhir/" in older.json()["entry"][0]["fullUrl"]
    current = await server.post("/Claim/$submit", body, "biller")
    assert "identifier" in current.json()["entry"][0]["resource"]["processNote"][0]["text"]
    again = await server.post("/Claim/$submit", body, "biller", "/2.0.1/fhir")
    assert again.content == older.content


async def test_a_warning_is_in_the_answer_and_in_the_trail(server: Server) -> None:
    request = sample("request-approve")
    [clinic] = [one for one in request["entry"] if one["resource"].get("name") == "Riverside Therapy"]
    clinic["resource"]["identifier"] = [{"system": NPI, "value": "1987654320"}]
    found = answered(await server.post("/Claim/$submit", request, base="/2.0.1/fhir"))
    place = f"Bundle.entry[{request['entry'].index(clinic)}].resource.identifier[0]"
    text = "An NPI must have ten digits, and the last one must be the correct check digit."
    assert f"{place}: {text}" in [note["text"] for note in found["processNote"]]
    kept = (await server.get(f"/ClaimResponse/{found['id']}")).json()
    assert kept["processNote"] == found["processNote"]
    assert trail(server, found["id"])["warnings"] == [place]


async def test_a_warning_about_a_bill_is_in_its_answer_and_in_the_trail(server: Server) -> None:
    body = bill(await authorized(server), "WARNED", careTeamSequence=[1, 9])
    found = answered_bill = (await server.post("/Claim/$submit", body, "biller")).json()
    place = "Claim.item[0].careTeamSequence[1]"
    text = "`careTeamSequence` points to an element that is missing or has no usable code or NPI; it was ignored."
    assert f"{place}: {text}" in [note["text"] for note in answered_bill["processNote"]]
    assert trail(server, found["id"])["warnings"] == [place]


async def test_an_open_billable_period_is_not_a_service_date(server: Server) -> None:
    body = bill(await authorized(server), "OPEN")
    del body["item"][0]["servicedDate"]
    body["billablePeriod"] = {"start": "2026-12-01"}
    applied, notes = await adjudicated(server, body)
    assert applied is None
    assert "date" in notes[0]


async def test_a_bill_must_have_one_currency(server: Server) -> None:
    body = bill(await authorized(server), "CURRENCIES")
    body["item"].append({**body["item"][0], "sequence": 2, "unitPrice": {"value": 1, "currency": "EUR"}})
    answer = await server.post("/Claim/$submit", body, "biller")
    assert (answer.status_code, issues(answer)[0]["expression"]) == (422, ["Claim.item"])


@pytest.mark.slow
async def test_a_bill_with_too_many_comparisons_is_refused(server: Server) -> None:
    request = sample("request-approve")
    claim = request["entry"][0]["resource"]
    asked = claim["item"][0]
    claim["item"] = [{**asked, "sequence": place + 1, "modifier": modified(place)} for place in range(400)]
    number = answered(await server.post("/Claim/$submit", request))["preAuthRef"]
    body = bill(number, "MUCH")
    billed = body["item"][0]
    days = [(date(2026, 1, 1) + timedelta(days=place)).isoformat() for place in range(400)]
    body["item"] = [{**billed, "sequence": place, "servicedDate": day} for place, day in enumerate(days, 1)]
    answer = await server.post("/Claim/$submit", body, "biller")
    assert (answer.status_code, issues(answer)[0]["code"]) == (422, "too-costly")
    body["item"] = body["item"][:20]
    assert (await server.post("/Claim/$submit", body, "biller")).status_code == 200


def modified(place: int) -> list[Json]:
    """Return a modifier of two letters, another one for each place."""
    code = chr(ord("A") + place // 26) + chr(ord("A") + place % 26)
    return [{"coding": [{"system": "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": code}]}]


async def test_an_answer_is_found_by_the_number_of_a_denied_detail(server: Server) -> None:
    number = await authorized(server)
    body = bill(number, "DETAILS", servicedDate="2029-12-15")
    [item] = body["item"]
    body["item"] = [item | {"detail": [item | {"sequence": 1}]}]
    for name in ("careTeamSequence", "diagnosisSequence", "locationCodeableConcept", "servicedDate"):
        body["item"][0]["detail"][0].pop(name, None)
    answer = (await server.post("/Claim/$submit", body, "biller")).json()
    [detail] = answer["item"][0]["detail"]
    assert (detail["extension"][0]["extension"][0]["valueString"], answer.get("preAuthRef")) == (number, None)
    found = (await server.get(f"/ClaimResponse?pre-auth-ref={number}&use=claim", client="biller")).json()
    assert [one["resource"]["id"] for one in found["entry"]] == [answer["id"]]
