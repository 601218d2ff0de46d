"""A referral to a specialist is authorized for a number of visits, which the specialist's bills draw."""

from __future__ import annotations

from decimal import Decimal

from tests.api.reading import actions
from tests.api.types.typed_items import billed, found_by_type, typed_item
from tests.api.updating import submitted
from tests.support.samples import billed_line, request_bundle
from tests.support.server import Server

DAYS = ("2026-12-01", "2027-03-31")


async def test_a_referral_is_authorized_for_three_visits_and_no_fourth(server: Server) -> None:
    answer = await submitted(server, request_bundle(items=[typed_item("99243", 3, DAYS, kind="SC")]))
    assert (actions(answer), answer["disposition"]) == ({1: "A1"}, "Referral to a specialist.")
    assert await found_by_type(server, "ClaimResponse", "referral", "ehr-a") == [answer["id"]]
    for day in ("2026-12-15", "2026-12-16", "2026-12-17"):
        visit = await billed(server, billed_line(1, "99243", quantity=1, day=day), answer["preAuthRef"])
        assert (visit.benefit, visit.why) == (visit.submitted, None)
    fourth = await billed(server, billed_line(1, "99243", quantity=1, day="2026-12-18"), answer["preAuthRef"])
    assert (fourth.benefit[0], fourth.why) == (Decimal(0), "CO-198")


async def test_a_consultation_without_a_referral_waits_and_its_bill_is_not_paid(server: Server) -> None:
    answer = await submitted(server, request_bundle(items=[typed_item("99243", 1, DAYS)]))
    assert actions(answer) == {1: "A4"}
    visit = await billed(server, billed_line(1, "99243", quantity=1), None)
    assert visit.benefit[0] == Decimal(0)
