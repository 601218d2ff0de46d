"""A patient reads the ExplanationOfBenefit of each request, with the units that billing claims have used."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.codes import CARC, PDEX_DISCRIMINATOR, PDEX_PRIOR_AUTHORIZATION, pdex
from app.conformance.strictness import Level
from tests.api.imported.importing import imported
from tests.api.reading import answered, resources
from tests.api.reviewing import NEW, decide, pended, ruling
from tests.api.tracking.reading import Json, body
from tests.api.updating import added, sent, submitted, update_of
from tests.conformance.engine import validator
from tests.support.samples import CPT, billed_line, billing_claim, request_bundle, request_item
from tests.support.server import Server

APP = "patient-1"


async def granted(server: Server, **changes: object) -> Json:
    return answered(await server.post("/Claim/$submit", request_bundle(**changes)))  # type: ignore[arg-type]


async def benefit(server: Server, id_: str, client: str = APP) -> Json:
    return body(await server.get(f"/ExplanationOfBenefit/{id_}", client))


def adjudicated(item: Json, code: str) -> list[Json]:
    return [each for each in item["adjudication"] if each["category"]["coding"][0]["code"] == code]


def value(item: Json, code: str) -> Decimal:
    [found] = adjudicated(item, code)
    assert found["category"]["coding"][0]["system"] == PDEX_DISCRIMINATOR
    return Decimal(found["value"])


def action(item: Json) -> str:
    """Return the code of the review action, which stands once on an item under the URL of PDex."""
    [review] = [
        own for each in item["adjudication"] for own in each.get("extension", []) if own["url"].endswith("reviewAction")
    ]
    assert review["url"] == pdex("extension-reviewAction")
    [code] = [part for part in review["extension"] if part["url"] == pdex("extension-reviewActionCode")]
    return str(code["valueCodeableConcept"]["coding"][0]["code"])


async def test_an_approval_has_one_explanation_of_benefit_with_its_id_and_units(server: Server) -> None:
    response = await granted(server)
    eob = await benefit(server, response["id"])
    assert eob["meta"]["profile"] == [PDEX_PRIOR_AUTHORIZATION]
    assert (eob["use"], eob["id"], eob["preAuthRef"]) == ("preauthorization", response["id"], [response["preAuthRef"]])
    assert eob["preAuthRefPeriod"] == [response["preAuthPeriod"]]
    assert eob["claimResponse"] == {"reference": f"ClaimResponse/{response['id']}"}
    [item] = eob["item"]
    assert action(item) == "A1"
    assert item["productOrService"]["coding"][0]["system"] == CPT
    assert value(item, "allowedunits") == item["quantity"]["value"]
    assert value(item, "consumedunits") == 0
    listed = body(await server.get("/ExplanationOfBenefit", APP))
    assert resources(listed) == [eob]


async def test_a_bill_writes_a_version_with_the_units_used(server: Server) -> None:
    response = await granted(server)
    bill = billing_claim(number=response["preAuthRef"], lines=[billed_line(quantity=1)])
    assert (await server.post("/Claim/$submit", bill, "biller")).status_code == 200
    history = body(await server.get(f"/ExplanationOfBenefit/{response['id']}/_history", APP))
    versions = [(each["meta"]["versionId"], value(each["item"][0], "consumedunits")) for each in resources(history)]
    assert versions == [("2", Decimal(1)), ("1", Decimal(0))]
    first = body(await server.get(f"/ExplanationOfBenefit/{response['id']}/_history/1", APP))
    assert first == resources(history)[1]
    [used] = [each for each in resources(history)[0]["total"] if each["category"]["coding"][0]["code"] == "utilized"]
    assert used["extension"][0]["url"] == pdex("PriorAuthorizationUtilization")
    assert used["extension"][0]["valueQuantity"]["value"] == 1


async def test_a_denial_follows_the_pended_version_with_a_reason_for_billers(server: Server) -> None:
    id_ = await pended(server)
    assert action((await benefit(server, id_))["item"][0]) == "A4"
    denied = ruling(1, "deny", reason="not-medically-necessary")
    assert (await decide(server, id_, denied, client="physician", **NEW)).status_code == 200
    eob = await benefit(server, id_)
    assert (eob["meta"]["versionId"], action(eob["item"][0])) == ("2", "A3")
    [reason] = adjudicated(eob["item"][0], "denialreason")
    assert reason["reason"]["coding"] == [{"system": CARC, "code": "50"}]
    assert value(eob["item"][0], "allowedunits") == 0
    assert "preAuthRef" not in eob


@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
async def test_each_explanation_of_benefit_is_valid_r4(server: Server, base: str) -> None:
    lines = [request_item(), request_item(sequence=2, code="72148", quantity=2)]
    submitted_lines = await server.post("/Claim/$submit", request_bundle(items=lines), base=base)
    assert submitted_lines.status_code == 200, submitted_lines.text
    [eob] = resources(body(await server.get("/ExplanationOfBenefit", APP)))
    assert {item["sequence"] for item in eob["item"]} == {1, 2}
    checked = validator("2.2.1").validate(eob, level=Level.STRICT)
    assert [issue for issue in checked if issue.severity == "error"] == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("use=preauthorization", 1),
        ("use=claim", 0),
        ("status=active", 1),
        ("created=ge2020", 1),
        ("identifier=REQ-0001", 1),
        (f"_profile={PDEX_PRIOR_AUTHORIZATION}", 1),
        (f"_profile={PDEX_PRIOR_AUTHORIZATION}|2.1.0", 1),
        ("_profile=http://example.org/other", 0),
        (f"_profile={PDEX_PRIOR_AUTHORIZATION}&use=preauthorization&patient:identifier=M001", 1),
        ("patient.identifier=M001", 1),
        ("provider:identifier=1987654328", 1),
    ],
)
async def test_a_search_finds_the_explanations_of_benefit(server: Server, query: str, count: int) -> None:
    response = await granted(server)
    bill = billing_claim(number=response["preAuthRef"])
    assert (await server.post("/Claim/$submit", bill, "biller")).status_code == 200
    found = body(await server.get(f"/ExplanationOfBenefit?{query}&_total=accurate", APP))
    assert (found["total"], len(resources(found))) == (count, count)


async def test_a_search_by_claim_and_patient_includes_the_patient(server: Server) -> None:
    response = await granted(server)
    stored = body(await server.get(f"/ClaimResponse/{response['id']}", APP))
    query = f"claim={stored['request']['reference']}&patient={stored['patient']['reference']}"
    found = resources(
        body(await server.get(f"/ExplanationOfBenefit?{query}&_include=ExplanationOfBenefit:patient", APP))
    )
    assert [each["resourceType"] for each in found] == ["ExplanationOfBenefit", "Patient"]


async def test_the_answer_to_a_bill_has_no_explanation_of_benefit(server: Server) -> None:
    response = await granted(server)
    paid = await server.post("/Claim/$submit", billing_claim(number=response["preAuthRef"]), "biller")
    billed = body(paid)["id"]
    unknown = await server.get("/ExplanationOfBenefit/unknown", "biller")
    for path in (f"/ExplanationOfBenefit/{billed}", f"/ExplanationOfBenefit/{billed}/_history"):
        answer = await server.get(path, "biller")
        assert (answer.status_code, answer.content) == (404, unknown.content)
    history = body(await server.get("/ExplanationOfBenefit/_history", APP))
    assert {each["id"] for each in resources(history)} == {response["id"]}


async def test_each_version_shows_the_claim_of_its_time(server: Server) -> None:
    server.clock.move(minutes=1)
    first = sent([request_item()])
    response = await submitted(server, first)
    server.clock.move(minutes=1)
    more = update_of(first, [request_item(), added(request_item(sequence=2, code="97140", quantity=2))])
    await submitted(server, more)
    versions = resources(body(await server.get(f"/ExplanationOfBenefit/{response['id']}/_history", APP)))
    assert [len(each["item"]) for each in versions] == [2, 1]
    assert len(resources(body(await server.get("/ExplanationOfBenefit", APP)))) == 1


async def test_an_imported_decision_names_the_coverage_on_record(server: Server) -> None:
    response = await imported(server)
    eob = await benefit(server, response["id"], "admin")
    [insurance] = eob["insurance"]
    assert insurance["coverage"]["reference"].startswith("Coverage/")
    assert "claim" not in eob
    assert action(eob["item"][0]) == "A1"


async def test_a_summary_of_an_explanation_of_benefit_has_its_elements(server: Server) -> None:
    response = await granted(server)
    summary = body(await server.get(f"/ExplanationOfBenefit/{response['id']}?_summary=true", APP))
    assert {"use", "patient", "insurance", "outcome", "total"} <= summary.keys()
    assert "item" not in summary
