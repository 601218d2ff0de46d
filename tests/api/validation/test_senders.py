"""Requests as the published presets of the industry's test kit have them are answered at the default level."""

from __future__ import annotations

import pytest

from tests.api.reading import answered
from tests.api.refusing import REQUEST, refused
from tests.support.samples import PAS, concept, extension, request_bundle, request_item
from tests.support.server import Server

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
