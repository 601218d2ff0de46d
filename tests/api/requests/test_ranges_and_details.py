"""A range of services and the details of an item, from the request over the answer and the inquiry to the decision."""

from __future__ import annotations

import pytest

from app.codes import FORMER_REVENUE, REVENUE
from tests.api.reading import action, actions, answered, extension, resources
from tests.api.refusing import refused
from tests.api.reviewing import decide, ruling
from tests.support.samples import CPT, Json, concept, inquiry_bundle, request_bundle, request_item
from tests.support.samples import extension as sent
from tests.support.server import Server

LAST, THERAPY = concept(CPT, "97140"), concept(REVENUE, "0420")
ANYTHING = concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable")
MRI = {"sequence": 1, "productOrService": concept(CPT, "72148"), "quantity": {"value": 2, "unit": "units"}}


def therapies(quantity: int, base: str) -> Json:
    system = FORMER_REVENUE if "2.0.1" in base else REVENUE
    item = request_item(quantity=quantity, revenue=concept(system, "0420"))
    item["extension"].append(sent("extension-productOrServiceCodeEnd", valueCodeableConcept=LAST))
    return item


@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
@pytest.mark.parametrize(("quantity", "expected"), [(12, "A1"), (20, "A6")])
async def test_the_answer_and_the_inquiry_keep_the_end_of_a_range(
    server: Server, base: str, quantity: int, expected: str
) -> None:
    answer = answered(await server.post("/Claim/$submit", request_bundle(items=[therapies(quantity, base)]), base=base))
    asked = inquiry_bundle(items=[{"sequence": 1, "productOrService": ANYTHING}])
    inquiry = (await server.post("/Claim/$inquire", asked, base=base)).json()
    bundle = inquiry["parameter"][0]["resource"] if inquiry["resourceType"] == "Parameters" else inquiry
    for response in (answer, resources(bundle)[0]):
        [item] = response["item"]
        assert action(item) == expected
        detail = extension(item, "extension-itemAuthorizedDetail")
        assert extension(detail, "extension-productOrServiceCodeEnd")["valueCodeableConcept"] == LAST
        for added in response.get("addItem", ()):
            assert extension(added, "extension-productOrServiceCodeEnd")["valueCodeableConcept"] == LAST
            assert extension(added, "extension-revenueCode")["valueCodeableConcept"] == THERAPY


async def test_a_pended_detail_is_decided_by_its_sequence(server: Server) -> None:
    item = request_item(quantity=12, detail=[MRI])
    pended = answered(await server.post("/Claim/$submit", request_bundle(items=[item])))
    [above] = pended["item"]
    assert (action(above), action(above["detail"][0])) == ("A1", "A4")
    part = ruling(1, "partly-certify", quantity=1, **{"detail-sequence": 1, "reason": "fewer-units"})
    decided = (await decide(server, pended["id"], part)).json()
    [above] = decided["item"]
    assert (action(above), action(above["detail"][0])) == ("A1", "A6")
    [added] = decided["addItem"]
    assert (added["itemSequence"], added["detailSequence"]) == ([1], [1])
    assert (added["productOrService"]["coding"][0]["code"], added["quantity"]["value"]) == ("72148", 1)
    assert actions(decided) == {1: "A1"}


async def test_a_detail_that_repeats_the_service_of_its_item_is_rejected(server: Server) -> None:
    item = request_item(quantity=12, detail=[{"sequence": 1, "productOrService": concept(CPT, "97110")}])
    refusal = await refused(server, "/Claim/$submit", request_bundle(items=[item]))
    assert refusal.places == ("Bundle.entry[0].resource.item[0].detail[0].productOrService",)
