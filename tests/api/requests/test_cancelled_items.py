"""An item that the sender withdraws is answered as cancelled, and never authorized."""

from __future__ import annotations

import pytest

from tests.api.reading import actions, answered
from tests.support.samples import PAS, Json, request_bundle, request_item
from tests.support.server import Server

FLAG = {"modifierExtension": [{"url": f"{PAS}modifierextension-infoCancelled", "valueBoolean": True}]}


def of_type_cancel() -> Json:
    item = request_item(1)
    for extension in item["extension"]:
        if extension["url"].endswith("extension-certificationType"):
            extension["valueCodeableConcept"]["coding"][0]["code"] = "3"
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
