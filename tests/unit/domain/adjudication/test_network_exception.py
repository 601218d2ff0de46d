"""An exception from the network pays the units that it grants, also for services that need no authorization."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.domain.adjudication.adjudicate import adjudicate
from app.domain.adjustment_key import AdjustmentKey
from app.domain.parts.line_plan import Emergency, LinePlan, PlanDenial
from app.domain.requirement import Need, Requirement
from tests.support.billing_samples import authorization, claim, facts, item, line

OUTSIDE = PlanDenial(AdjustmentKey.NETWORK_OUTSIDE, "Rule.")
EXCEPTION = authorization(item(units="2", granted={"network_exception": True}))


@pytest.mark.parametrize(
    ("plan", "paid"),
    [
        (LinePlan(outside=OUTSIDE), 2),
        (LinePlan(outside=OUTSIDE, emergency=Emergency.YES), 9),
        (LinePlan(), 9),
    ],
)
def test_a_service_without_authorization_is_paid_outside_the_network_up_to_the_exception(
    plan: LinePlan, paid: int
) -> None:
    given = facts(EXCEPTION, plan=lambda _: plan, requirement=lambda _: Requirement(Need.NOT_REQUIRED))
    [result] = adjudicate(claim(line(units="9")), given).lines
    assert result.paid_units == Decimal(paid)
