"""An item that the sender withdraws is answered as cancelled, and never authorized."""

from __future__ import annotations

import pytest

from tests.api.reading import actions, answered, issues
from tests.api.worklist.worklist import listed
from tests.support.samples import (
    CPT,
    PAS,
    Json,
    concept,
    entry,
    extension,
    request_bundle,
    request_claim,
    request_item,
    x12,
)
from tests.support.server import Server

FLAG = {"modifierExtension": [{"url": f"{PAS}modifierextension-infoCancelled", "valueBoolean": True}]}

WHOLE = [extension("extension-certificationType", valueCodeableConcept=x12("1322", "3"))]


def cancellation(items: list[Json] | None) -> Json:
    """Build the update that cancels the whole request REQ-0000."""
    earlier = entry("Claim/claim-0", request_claim("REQ-0000", [request_item()]))
    prior = concept("http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship", "prior")
    claim = {
        "meta": {"profile": [PAS + "profile-claim-update"]},
        "related": [{"relationship": prior, "claim": {"reference": "Claim/claim-0"}}],
        "extension": WHOLE,
        "item": items,
    }
    return request_bundle(entries=[earlier], claim=claim)


def of_type_cancel() -> Json:
    item = request_item(1)
    for about in item["extension"]:
        if about["url"].endswith("extension-certificationType"):
            about["valueCodeableConcept"]["coding"][0]["code"] = "3"
    return item


@pytest.mark.parametrize(
    "cancelled", [{**request_item(1), **FLAG}, of_type_cancel()], ids=["flag", "certification type"]
)
@pytest.mark.requirement("pas-2.2.1/spec-70")
@pytest.mark.requirement("pas-2.2.1/prof-7")
async def test_a_cancelled_item_is_not_authorized_and_the_others_are_reviewed(server: Server, cancelled: Json) -> None:
    both = answered(await server.post("/Claim/$submit", request_bundle(items=[cancelled, request_item(2)])))
    assert actions(both) == {1: "C", 2: "A1"}
    alone = answered(await server.post("/Claim/$submit", request_bundle(items=[cancelled])))
    assert actions(alone) == {1: "C"}
    assert "preAuthRef" not in alone


@pytest.mark.parametrize(
    "items",
    [
        None,
        [request_item(1), request_item(2, code="72148", quantity=2)],
        [request_item(1, detail=[{"sequence": 1, "productOrService": concept(CPT, "97140")}])],
    ],
    ids=["without items", "with items", "with a detail"],
)
@pytest.mark.requirement("pas-2.2.1/spec-70")
async def test_a_whole_request_is_cancelled_with_or_without_items(server: Server, items: list[Json] | None) -> None:
    earlier = answered(await server.post("/Claim/$submit", request_bundle(identifier="REQ-0000")))
    answer = answered(await server.post("/Claim/$submit", cancellation(items)))
    assert actions(answer) == dict.fromkeys([item["sequence"] for item in items or [request_item()]], "C")
    assert (answer["id"], answer["outcome"]) == (earlier["id"], "complete")
    assert "preAuthRef" not in answer
    assert all(row["status"] == "cancelled" for row in await listed(server))
    kept = (await server.get(f"/ClaimResponse/{earlier['id']}")).json()
    assert set(actions(kept).values()) == {"C"}
    assert "preAuthRef" not in kept


async def test_the_cancellation_of_an_unknown_request_authorizes_nothing(server: Server) -> None:
    answer = answered(await server.post("/Claim/$submit", cancellation([request_item(1)])))
    assert (actions(answer), answer["outcome"]) == ({1: "C"}, "complete")
    assert any("The payer has no request from your organization" in note["text"] for note in answer["processNote"])


async def test_the_earlier_edition_cancels_a_whole_request_too(server: Server) -> None:
    body = request_bundle(claim={"extension": WHOLE})
    answer = answered(await server.post("/Claim/$submit", body, base="/2.0.1/fhir"))
    assert actions(answer) == {1: "C"}
    assert "preAuthRef" not in answer


async def test_a_first_request_must_have_items(server: Server) -> None:
    refused = await server.post("/Claim/$submit", request_bundle(claim={"item": None}))
    assert refused.status_code == 422
    assert "Bundle.entry[0].resource.item" in str(issues(refused))
