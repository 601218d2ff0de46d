"""A code that cannot be one of its system: a request is rejected at its place, a billed line is denied."""

from __future__ import annotations

import pytest

from app.codes import FORMER_REVENUE, HCPCS, ICD_10_CM, NDC, REVENUE, TAXONOMY
from app.fhir.json import read
from tests.api.bills.scenario_answer import LineAnswer, lines_of
from tests.api.reading import answered
from tests.api.refusing import refused
from tests.support.samples import (
    CPT,
    POS,
    Json,
    billed_line,
    billing_claim,
    concept,
    entry,
    extension,
    request_bundle,
    request_item,
    undeclared,
)
from tests.support.server import Server

TWO_SERVICES = {"coding": [{"system": CPT, "code": "97110"}, {"system": HCPCS, "code": "27447"}]}
TWO_REVENUES = {"coding": [{"system": REVENUE, "code": "0120"}, {"system": REVENUE, "code": "0420"}]}
TWO_PLACES = {"coding": [{"system": POS, "code": "11"}, {"system": POS, "code": "22"}]}
RANGE_END = [extension("extension-productOrServiceCodeEnd", valueCodeableConcept=concept(CPT, "9714"))]


async def denied(server: Server, claim: Json) -> LineAnswer:
    answer = await server.post("/Claim/$submit", claim, client="biller")
    assert answer.status_code == 200, answer.text
    [line] = lines_of(read(answer.content))
    return line


@pytest.mark.parametrize(
    ("changes", "place", "hint"),
    [
        ({"productOrService": concept(CPT, "27447-RT")}, "productOrService", "must go into `modifier`"),
        ({"productOrService": concept(HCPCS, "J1745JW")}, "productOrService", "must go into `modifier`"),
        ({"productOrService": concept(NDC, "0777")}, "productOrService", "`0777` is not a National Drug Code"),
        ({"productOrService": TWO_SERVICES}, "productOrService", "`97110` and `27447` are two different codes"),
        ({"revenue": concept(REVENUE, "120")}, "revenue", "four digits"),
        ({"revenue": TWO_REVENUES}, "revenue", "different codes of one system"),
        ({"locationCodeableConcept": concept(POS, "office")}, "location", "two digits"),
        ({"locationCodeableConcept": TWO_PLACES}, "location", "different codes of one system"),
        ({"extension": [*request_item()["extension"], *RANGE_END]}, "extension[2].value", "`9714` is not"),
        ({"detail": [{"sequence": 1, "productOrService": concept(CPT, "2744")}]}, "detail[0].productOrService", "2744"),
    ],
)
async def test_a_request_with_an_impossible_code_is_rejected_at_its_place(
    server: Server, changes: Json, place: str, hint: str
) -> None:
    found = await refused(server, "/Claim/$submit", request_bundle(items=[request_item(**changes)]))
    assert (found.status, found.places) == (422, (f"Bundle.entry[0].resource.item[0].{place}",))
    assert hint in found.texts[0]


async def test_a_request_with_an_impossible_diagnosis_is_rejected_at_its_place(server: Server) -> None:
    diagnosis = {"sequence": 1, "diagnosisCodeableConcept": concept(ICD_10_CM, "back pain")}
    found = await refused(server, "/Claim/$submit", request_bundle(claim={"diagnosis": [diagnosis]}))
    assert (found.status, found.places) == (422, ("Bundle.entry[0].resource.diagnosis[0].diagnosis",))


async def test_a_request_with_an_impossible_taxonomy_is_rejected_at_its_place(server: Server) -> None:
    [member] = request_bundle()["entry"][0]["resource"]["careTeam"]
    team = [member | {"qualification": concept(TAXONOMY, "physical therapist")}]
    found = await refused(server, "/Claim/$submit", request_bundle(claim={"careTeam": team}))
    assert (found.status, found.places) == (422, ("Bundle.entry[0].resource.careTeam[0].qualification",))
    assert "nine letters or digits and an X" in found.texts[0]


async def test_an_impossible_code_of_an_order_is_a_warning(server: Server) -> None:
    order = {
        "resourceType": "ServiceRequest",
        "id": "order-1",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/patient-1"},
        "code": concept(CPT, "97110-GP"),
    }
    link = extension("extension-requestedService", valueReference={"reference": "ServiceRequest/order-1"})
    item = request_item(extension=[*request_item()["extension"], link])
    sent = request_bundle(items=[item], entries=[entry("ServiceRequest/order-1", order)])
    notes = answered(await server.post("/Claim/$submit", sent))["processNote"]
    assert any("`97110-GP` is not a CPT or HCPCS code." in note["text"] for note in notes)


@pytest.mark.parametrize(
    ("changes", "remark", "hint"),
    [
        ({"productOrService": concept(CPT, "27447-RT")}, "M51", "must go into `modifier`"),
        ({"productOrService": concept(HCPCS, "J1745JW")}, "M20", "must go into `modifier`"),
        ({"productOrService": TWO_SERVICES}, "M51", "`97110` and `27447` are two different codes"),
        ({"modifier": [concept(CPT, "RTL")]}, "N823", "`RTL` is not a modifier"),
        ({"revenue": concept(REVENUE, "120")}, "M50", "four digits"),
        ({"locationCodeableConcept": concept(POS, "office")}, "M77", "two digits"),
    ],
)
@pytest.mark.parametrize("number", [None, "PA260000013"])
async def test_a_billed_line_with_an_impossible_code_is_denied(
    server: Server, number: str | None, changes: Json, remark: str, hint: str
) -> None:
    await server.post("/Claim/$submit", request_bundle())
    line = await denied(server, billing_claim(number=number, lines=[billed_line(**changes)]))
    assert (line.why, line.remarks) == ("CO-16", (remark,))
    assert line.benefit[1] == 0
    assert hint in line.notes[1]


async def test_a_billed_line_with_an_impossible_diagnosis_is_denied(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle())
    diagnosis = {"sequence": 1, "diagnosisCodeableConcept": concept(ICD_10_CM, "back pain")}
    line = await denied(server, billing_claim(diagnosis=[diagnosis]))
    assert (line.why, line.remarks) == ("CO-16", ("M76",))


@pytest.mark.parametrize(("base", "system"), [("/fhir", REVENUE), ("/2.0.1/fhir", FORMER_REVENUE)])
async def test_an_edition_takes_its_own_url_of_revenue_codes(server: Server, base: str, system: str) -> None:
    request = request_bundle(items=[request_item(revenue=concept(system, "0420"))])
    answer = answered(await server.post("/Claim/$submit", undeclared(request), base=base))
    noted = [
        note["text"] for note in answer.get("processNote", ()) if "the former URL of its code system" in note["text"]
    ]
    assert bool(noted) is (system == FORMER_REVENUE)


@pytest.mark.parametrize("changes", [{"revenue": TWO_REVENUES}, {"locationCodeableConcept": TWO_PLACES}])
async def test_a_bill_with_two_places_or_revenue_codes_in_a_concept_is_rejected(server: Server, changes: Json) -> None:
    found = await refused(server, "/Claim/$submit", billing_claim(lines=[billed_line(**changes)]), client="biller")
    assert (found.status, found.texts) == (422, ("The codings must not have different codes of one system.",))
