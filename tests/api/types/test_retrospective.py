"""A request after the service began: allowed for the payer's reasons within their windows, otherwise refused."""

from __future__ import annotations

import pytest

from tests.api.reading import actions, notes
from tests.api.types.typed_items import billed, stored, typed_item, types_of
from tests.api.updating import submitted
from tests.support.samples import POS, Json, billed_line, concept, request_bundle
from tests.support.server import Server

SECOND = "1666666668"
EMERGENCY, OFFICE = concept(POS, "23"), concept(POS, "11")


def late(first: str, place: Json = EMERGENCY, code: str = "97110") -> Json:
    return typed_item(code, 4, (first, first), locationCodeableConcept=place)


async def test_an_emergency_ten_days_ago_is_authorized_and_its_bill_is_paid(server: Server) -> None:
    lumbar = typed_item("72148", 1, ("2025-12-22", "2025-12-22"), locationCodeableConcept=EMERGENCY)
    answer = await submitted(server, request_bundle(items=[lumbar]))
    assert (actions(answer), answer["preAuthPeriod"]["start"]) == ({1: "A1"}, "2025-12-22")
    assert types_of(await stored(server, answer["id"])) == ["retrospective"]
    line = billed_line(1, "72148", quantity=1, day="2025-12-22", locationCodeableConcept=EMERGENCY)
    paid = await billed(server, line, answer["preAuthRef"])
    assert (paid.benefit, paid.why) == (paid.submitted, None)


@pytest.mark.parametrize(
    ("item", "decision"),
    [
        (late("2025-12-22"), "A1"),
        (late("2025-12-21"), "A3"),
        (late("2025-12-31", OFFICE), "A1"),
        (late("2025-12-28", OFFICE), "A3"),
        (late("2025-12-31", OFFICE, "70553"), "A3"),
    ],
    ids=["emergency", "late emergency", "therapy", "late therapy", "elective"],
)
async def test_the_second_payer_denies_a_late_request_without_an_allowed_reason(
    server: Server, item: Json, decision: str
) -> None:
    answer = await submitted(server, request_bundle(items=[item], payer=SECOND))
    assert actions(answer) == {1: decision}


async def test_a_denial_gives_its_reason_and_the_reasons_that_count(server: Server) -> None:
    answer = await submitted(server, request_bundle(items=[late("2025-12-21")], payer=SECOND))
    [item] = answer["item"]
    said = " ".join(notes(answer, item))
    assert "allows no late request" in said
    assert "Reasons for a request after the service began: emergency, therapy under way" in said
    assert "appeal" in said


async def test_the_sample_payer_leaves_a_late_request_to_a_reviewer(server: Server) -> None:
    lumbar = typed_item("72148", 1, ("2025-12-21", "2025-12-21"), locationCodeableConcept=EMERGENCY)
    answer = await submitted(server, request_bundle(items=[lumbar]))
    assert actions(answer) == {1: "A4"}
    assert "A reviewer decides whether a late request is allowed." in " ".join(notes(answer, answer["item"][0]))
