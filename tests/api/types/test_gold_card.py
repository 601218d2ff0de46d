"""A provider with a gold card needs no authorization for its services, and bills them without a number."""

from __future__ import annotations

from decimal import Decimal

from tests.api.reading import actions
from tests.api.types.typed_items import billed, typed_item
from tests.api.updating import submitted
from tests.support.samples import NPI, RENDERING, billed_line, request_bundle
from tests.support.server import Server

PLANNED = ("2026-12-15", "2026-12-15")
CARD = "1987654328"
TEAM = {"careTeam": [{"sequence": 1, "provider": {"identifier": {"system": NPI, "value": CARD}}}]}


async def test_a_service_under_a_gold_card_needs_no_number(server: Server) -> None:
    item = typed_item("27446", 1, PLANNED)
    del item["careTeamSequence"]
    answer = await submitted(server, request_bundle(items=[item], claim={"careTeam": None}))
    assert actions(answer) == {1: "NA"}
    line = await billed(server, billed_line(1, "27446", quantity=1), None, **TEAM)
    assert (line.benefit, line.why) == (line.submitted, None)
    exempt = "The provider is exempt from authorization: A partial knee replacement by a gold card provider needs no"
    assert line.notes[0].startswith(exempt)


async def test_the_same_service_by_another_provider_needs_a_review_and_a_number(server: Server) -> None:
    assert RENDERING != CARD
    answer = await submitted(server, request_bundle(items=[typed_item("27446", 1, PLANNED)]))
    assert actions(answer) == {1: "A4"}
    line = await billed(server, billed_line(1, "27446", quantity=1), None)
    assert (line.benefit[0], line.why) == (Decimal(0), "OA-133")
