"""The answer to a service of a delegated vendor names the vendor, grants nothing and leaves no work."""

from __future__ import annotations

from decimal import Decimal

from tests.api.reading import action, actions, notes, review
from tests.api.reading import extension as extension_of
from tests.api.reviewing import decide, ruling
from tests.api.types.typed_items import billed, stored, typed_item
from tests.api.updating import added, cancelled, sent, submitted, update_of
from tests.api.worklist.worklist import listed
from tests.support.samples import billed_line, request_bundle
from tests.support.server import Server

SECOND = "1666666668"
HEART = typed_item("75561", 1, ("2026-12-15", "2026-12-15"))
CONTACT = "https://heart.example.org/requests"


async def test_the_answer_names_the_vendor_that_decides(server: Server) -> None:
    answer = await submitted(server, request_bundle(items=[HEART], payer=SECOND))
    [item] = answer["item"]
    assert (action(item), "preAuthRef" in answer, answer["outcome"]) == ("CT", False, "complete")
    assert extension_of(review(item), "reasonCode")["valueCodeableConcept"]["coding"][0]["code"] == "0J"
    assert CONTACT in answer["disposition"]
    assert CONTACT in " ".join(notes(answer, item))
    assert await listed(server, client="reviewer-2") == []
    refused = await decide(server, answer["id"], ruling(), client="reviewer-2")
    assert refused.status_code == 409


async def test_a_bill_for_the_service_is_not_paid_without_the_number_of_the_vendor(server: Server) -> None:
    await submitted(server, request_bundle(items=[HEART], payer=SECOND))
    line = await billed(server, billed_line(1, "75561", quantity=1), None, payer=SECOND)
    assert (line.benefit[0], line.why) == (Decimal(0), "CO-197")


async def test_an_update_keeps_the_answer_and_can_cancel_the_item(server: Server) -> None:
    first = sent([HEART], payer=SECOND)
    before = await submitted(server, first)
    therapy = {**typed_item("97110", 4, ("2026-12-15", "2026-12-31")), "sequence": 2}
    second = update_of(first, [HEART, added(therapy)], payer=SECOND)
    assert actions(await submitted(server, second)) == {1: "CT", 2: "A1"}
    third = await submitted(server, update_of(second, [cancelled(HEART), therapy], payer=SECOND))
    assert (third["id"], actions(third)) == (before["id"], {1: "C", 2: "A1"})
    assert actions(await stored(server, before["id"])) == {1: "C", 2: "A1"}
