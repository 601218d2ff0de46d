"""`Claim/$submit`: the answer to a request, and the resources that are stored."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.codes import HCPCS
from app.fhir.json import write
from tests.api.reading import (
    SUBMITTED,
    action,
    actions,
    administration_number,
    answered,
    as_written,
    extension,
    extensions,
    notes,
    references,
    resources,
    review,
    sample,
)
from tests.support.samples import extension as pas_extension
from tests.support.samples import request_bundle, request_item
from tests.support.server import ROOT, Server

MIXED = [
    request_item(7, "97112", 12),
    request_item(3, "A9270", 1, system=HCPCS),
    request_item(12, "72148", 2),
    request_item(5, "97110", 20),
]


@pytest.mark.requirement("pas-2.2.1/conf-15")
async def test_an_authorized_request_has_a_number_a_period_and_an_issue_date(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", sample("request-approve")))
    [item] = response["item"]
    assert action(item) == "A1"
    assert response["outcome"] == "complete"
    assert response["preAuthPeriod"] == {"start": "2026-12-01", "end": "2027-02-28"}
    assert extension(review(item), "number")["valueString"] == response["preAuthRef"]
    assert extension(item, "extension-itemPreAuthIssueDate")["valueDate"] == "2026-01-01"
    assert extension(item, "extension-itemPreAuthPeriod")["valuePeriod"] == response["preAuthPeriod"]
    assert "error" not in response
    assert "processNote" not in response


@pytest.mark.requirement("pas-2.2.1/conf-15")
async def test_a_denied_request_has_a_reason_and_no_number(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", sample("request-deny")))
    [item] = response["item"]
    assert action(item) == "A3"
    [reason] = extension(review(item), "reasonCode")["valueCodeableConcept"]["coding"]
    assert reason == {"system": "https://codesystem.x12.org/external/886", "code": "0M"}
    assert "does not cover" in " ".join(notes(response, item))
    assert response["outcome"] == "complete"
    assert {"preAuthRef", "preAuthPeriod", "addItem"}.isdisjoint(response)
    assert extensions(review(item), "number") == []


@pytest.mark.requirement("pas-2.2.1/conf-15")
async def test_a_pended_request_has_a_number_for_inquiries_and_a_due_date(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", sample("request-pend")))
    [item] = response["item"]
    assert action(item) == "A4"
    assert administration_number(response).startswith("PA")
    assert "A decision is due by 2026-01-08T15:00:00.000Z." in notes(response, item)
    assert "Please send: Progress note (LOINC 11506-3)." in notes(response, item)
    assert response["outcome"] == "complete"
    assert "preAuthRef" not in response


async def test_an_urgent_request_that_is_pended_is_due_within_72_hours(server: Server) -> None:
    urgent = {"extension": [pas_extension("extension-levelOfServiceCode", valueCodeableConcept=_level("U"))]}
    bundle = request_bundle(items=[request_item(code="72148", quantity=2)], claim=urgent)
    response = answered(await server.post("/Claim/$submit", bundle))
    assert "A decision is due by 2026-01-04T15:00:00.000Z." in notes(response, response["item"][0])


@pytest.mark.requirement("pas-2.2.1/spec-36")
@pytest.mark.requirement("pas-2.2.1/spec-37")
async def test_the_answer_has_a_substitute_service_as_an_added_item(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", sample("request-modify")))
    [item], [added] = response["item"], response["addItem"]
    assert action(item) == action(added) == "A6"
    assert added["itemSequence"] == [item["itemSequence"]]
    assert added["quantity"]["value"] == 12
    detail = extension(item, "extension-itemAuthorizedDetail")
    assert extension(detail, "quantity")["valueQuantity"]["value"] == 40
    assert extension(review(added), "number")["valueString"] == response["preAuthRef"]
    assert extension(review(item), "reasonCode")["valueCodeableConcept"]["coding"][0]["code"] == "04"


@pytest.mark.requirement("pas-2.2.1/spec-34")
async def test_the_answer_to_each_item_has_the_sequence_of_the_item(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", request_bundle(items=MIXED)))
    assert actions(response) == {7: "A1", 3: "A3", 12: "A4", 5: "A6"}
    assert response["outcome"] == "complete"
    assert [one["itemSequence"] for one in response["addItem"]] == [[5]]
    by_sequence = {item["itemSequence"]: item for item in response["item"]}
    assert all(extensions(review(by_sequence[one]), "number") for one in (7, 5))
    assert not any(extensions(review(by_sequence[one]), "number") for one in (3, 12))
    with_case_reference = {one for one, item in by_sequence.items() if extensions(item, _ADMINISTRATION)}
    assert with_case_reference == {3, 12}


async def test_trace_numbers_come_back_on_their_items(server: Server) -> None:
    traces = [{"system": "urn:trnorg:9012345678", "value": value} for value in ("TRACE-1", "TRACE-2")]
    given = [pas_extension("extension-itemTraceNumber", valueIdentifier=one) for one in traces]
    base = request_item(1, quantity=20)
    items = [{**base, "extension": [*base["extension"], *given]}, request_item(2)]
    response = answered(await server.post("/Claim/$submit", request_bundle(items=items)))
    of_first, of_second = (extensions(item, "extension-itemTraceNumber") for item in response["item"])
    assert [one["valueIdentifier"] for one in of_first] == traces
    assert of_second == []
    [added] = response["addItem"]
    assert [one["valueIdentifier"] for one in extensions(added, "extension-itemTraceNumber")] == traces


@pytest.mark.requirement("pas-2.2.1/use-1")
async def test_the_answer_to_a_bundle_inside_parameters_is_a_bundle(server: Server) -> None:
    bundle = sample("request-approve")
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": bundle}]}
    first = await server.post("/Claim/$submit", wrapped)
    assert answered(first)["preAuthRef"]
    assert (await server.post("/Claim/$submit", bundle)).content == first.content


@pytest.mark.parametrize("name", SUBMITTED)
@pytest.mark.requirement("pas-2.2.1/spec-30")
@pytest.mark.requirement("pas-2.2.1/spec-39")
@pytest.mark.requirement("pas-2.2.1/use-1")
@pytest.mark.requirement("pas-2.2.1/capability-Claim-submit")
async def test_the_answer_is_a_collection_with_the_identifier_of_the_request(server: Server, name: str) -> None:
    sent = sample(f"request-{name}")
    response = await server.post("/Claim/$submit", sent)
    bundle = response.json()
    assert response.status_code == 200
    assert bundle["type"] == "collection"
    assert bundle["identifier"] == sent["identifier"]
    assert bundle["timestamp"] == "2026-01-01T15:00:00.000Z"
    assert [one["resourceType"] for one in resources(bundle)].count("ClaimResponse") == 1
    assert answered(response)["request"] == {"reference": sent["entry"][0]["fullUrl"]}
    assert actions(answered(response)) == {1: SUBMITTED[name]}


@pytest.mark.requirement("pas-2.2.1/spec-33")
async def test_echoed_entries_keep_their_text(server: Server) -> None:
    sent = request_bundle()
    coverage = next(entry["resource"] for entry in sent["entry"] if entry["resource"]["resourceType"] == "Coverage")
    coverage["costToBeneficiary"] = [{"valueQuantity": {"value": Decimal("1.50")}, "type": {"text": "per visit"}}]
    coverage["extension"] = [{"url": "https://ehr.example.org/unknown", "valueDecimal": Decimal("1E+2")}]
    referring = next(entry["resource"] for entry in sent["entry"] if entry["resource"]["resourceType"] == "Patient")
    referring["extension"] = [{"url": "https://ehr.example.org/card", "valueReference": {"reference": _COVERAGE}}]
    referring["name"][0]["family"] = "Sämple 山田"
    text = write(sent)
    answer = await server.post("/Claim/$submit", text)
    before = {entry["fullUrl"]: entry for entry in as_written(text)["entry"]}
    echoed = as_written(answer.text)["entry"][1:]
    assert {"Patient", "Coverage", "Organization", "Practitioner"} <= {
        entry["resource"]["resourceType"] for entry in echoed
    }
    assert [write(entry) for entry in echoed] == [write(before[entry["fullUrl"]]) for entry in echoed]
    assert '"value":1.50' in answer.text


@pytest.mark.parametrize("name", SUBMITTED)
@pytest.mark.requirement("pas-2.2.1/spec-31")
async def test_the_answer_contains_each_referenced_resource_once(server: Server, name: str) -> None:
    bundle = (await server.post("/Claim/$submit", sample(f"request-{name}"))).json()
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(urls)) == len(urls)
    claim_response = bundle["entry"][0]["resource"]
    claim = claim_response["request"]["reference"]
    client = claim.removesuffix("Claim/" + claim.rpartition("/")[2])
    wanted = {one if ":" in one else client + one for entry in bundle["entry"] for one in references(entry)}
    assert wanted - {claim} <= set(urls)


async def test_the_older_edition_returns_the_authorized_detail_in_the_item(server: Server) -> None:
    answer = await server.post("/Claim/$submit", sample("request-modify"), base="/2.0.1/fhir")
    response = answered(answer)
    assert "addItem" not in response
    detail = extension(response["item"][0], "extension-itemAuthorizedDetail")
    assert extension(detail, "quantity")["valueQuantity"]["value"] == 12
    assert answer.json()["entry"][0]["fullUrl"] == f"{ROOT}/2.0.1/fhir/ClaimResponse/{response['id']}"


@pytest.mark.requirement("pas-2.2.1/conf-12")
@pytest.mark.requirement("pas-2.2.1/conf-14")
async def test_the_server_reviews_a_request_without_optional_elements(server: Server) -> None:
    item = request_item(quantity=None, period=None)
    del item["careTeamSequence"], item["diagnosisSequence"]
    bundle = request_bundle(items=[item], claim={"careTeam": None, "diagnosis": None})
    assert actions(answered(await server.post("/Claim/$submit", bundle))) == {1: "A1"}


@pytest.mark.requirement("pas-2.2.1/spec-24")
@pytest.mark.requirement("pas-2.2.1/conf-10")
async def test_optional_elements_do_not_change_the_decision(server: Server) -> None:
    more = {
        "extension": [{"url": "https://ehr.example.org/unknown", "valueString": "x"}],
        "fundsReserve": {"coding": [{"code": "provider"}]},
        "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">A request</div>'},
    }
    assert actions(answered(await server.post("/Claim/$submit", request_bundle(claim=more)))) == {1: "A1"}


async def test_one_endpoint_takes_the_requests_to_every_payer(server: Server) -> None:
    first = answered(await server.post("/Claim/$submit", request_bundle()))
    second = answered(await server.post("/Claim/$submit", request_bundle(payer="1666666668")))
    assert (actions(first), actions(second)) == ({1: "A1"}, {1: "A6"})
    assert (first["preAuthRef"][:2], second["preAuthRef"][:2]) == ("PA", "SP")


async def test_an_unknown_payer_is_a_business_error_that_the_submitter_can_read(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", request_bundle(payer="1555555550")))
    assert response["outcome"] == "error"
    [error] = response["error"]
    assert error["code"]["coding"] == [{"system": "https://codesystem.x12.org/005010/901", "code": "T4"}]
    assert "item" not in response
    assert (await server.get(f"/ClaimResponse/{response['id']}")).status_code == 200
    assert (await server.get(f"/ClaimResponse/{response['id']}", "reviewer")).status_code == 404


def _level(code: str) -> dict[str, Any]:
    return {"coding": [{"system": "https://codesystem.x12.org/005010/1338", "code": code}]}


_ADMINISTRATION = "extension-administrationReferenceNumber"
_COVERAGE = "Coverage/coverage-1"
