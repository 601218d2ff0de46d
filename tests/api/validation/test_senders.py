"""Requests as the published presets of the industry's test kit have them are answered at the default level."""

from __future__ import annotations

import pytest

from tests.api.bills.scenario_answer import lines_of
from tests.api.reading import actions, answered
from tests.api.refusing import REQUEST, refused
from tests.api.reviewing import decide, ruling
from tests.support.samples import PAS, billed_line, billing_claim, concept, extension, request_bundle, request_item
from tests.support.server import Server

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
TEMP = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"
CANCELLED = {"url": f"{PAS}modifierextension-infoCancelled", "valueBoolean": True}
FLAGGED = {
    "extension": [extension("extension-infoChanged", valueCode="changed")],
    "modifierExtension": [CANCELLED],
    "sequence": 1,
    "category": concept(TEMP, "patientEvent"),
    "timingDate": "2026-12-01",
}


@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
@pytest.mark.parametrize(
    "system", ["https://www.nubc.org/CodeSystem/RevenueCodes", "https://www.nubc.org/revenue-code"]
)
async def test_a_revenue_code_may_have_either_url_of_its_system(server: Server, base: str, system: str) -> None:
    items = [request_item(revenue=concept(system, "0420"))]
    answered(await server.post("/Claim/$submit", request_bundle(items=items), base=base))


async def test_a_first_request_may_have_the_flags_of_an_update_on_supporting_information(server: Server) -> None:
    answer = await server.post("/Claim/$submit", request_bundle(claim={"supportingInfo": [FLAGGED]}))
    assert answered(answer)["outcome"] == "complete"


@pytest.mark.parametrize("code", ["97110", "99213"])
async def test_an_item_with_an_impossible_modifier_is_left_to_a_reviewer(server: Server, code: str) -> None:
    item = request_item(code=code, modifier=[concept(HCPCS, "E0110")])
    response = answered(await server.post("/Claim/$submit", request_bundle(items=[item])))
    assert (actions(response), "preAuthRef" in response) == ({1: "A4"}, False)
    texts = [note["text"] for note in response["processNote"]]
    assert [text for text in texts if text.startswith("Bundle.entry[0].resource.item[0].modifier: `E0110`")]
    assert [text for text in texts if "a modifier of two letters or digits" in text]


async def test_an_impossible_modifier_changes_no_denial(server: Server) -> None:
    excluded = request_item(code="A9270", quantity=1, system=HCPCS, modifier=[concept(HCPCS, "E0110")])
    response = answered(await server.post("/Claim/$submit", request_bundle(items=[excluded])))
    assert actions(response) == {1: "A3"}


async def test_a_bill_with_an_impossible_modifier_draws_on_no_authorization(server: Server) -> None:
    item = request_item(modifier=[concept(HCPCS, "E0110")])
    response = answered(await server.post("/Claim/$submit", request_bundle(items=[item])))["id"]
    decided = await decide(server, response, ruling(), **{"If-Match": 'W/"1"'})
    number = decided.json()["preAuthRef"]
    line = billed_line(modifier=[concept(HCPCS, "E0110")])
    [billed] = lines_of(
        (await server.post("/Claim/$submit", billing_claim(number=number, lines=[line]), "biller")).json()
    )
    assert billed.why == "CO-16"


async def test_a_modifier_of_pas_stays_refused_where_no_profile_has_it(server: Server) -> None:
    found = await refused(server, "/Claim/$submit", request_bundle(claim={"modifierExtension": [CANCELLED]}))
    assert (found.status, found.places) == (422, (f"{REQUEST}.modifierExtension[0]",))


@pytest.mark.parametrize(("base", "page"), [("/fhir", "2.2.1/en"), ("/2.0.1/fhir", "STU2")])
async def test_an_issue_cites_the_edition_of_the_address(server: Server, base: str, page: str) -> None:
    items = [request_item(diagnosisSequence=[7])]
    answer = await server.post("/Claim/$submit", request_bundle(items=items), base=base)
    [issue] = answer.json()["issue"]
    assert answer.status_code == 422
    assert issue["diagnostics"].startswith(f"https://hl7.org/fhir/us/davinci-pas/{page}/specification.html ")
