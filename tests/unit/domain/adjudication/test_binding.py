"""An approved authorization binds the payer: a bill that matches it is paid, although the rules have changed since."""

from __future__ import annotations

import pytest

from app.domain.requirement import Need, Requirement
from tests.support.billing_samples import authorization, claim, codes, item, line, only


@pytest.mark.parametrize("need", Need)
def test_a_matching_bill_is_paid_although_the_rules_have_changed(need: Need) -> None:
    result = only(claim(), authorization(), requirement=lambda _: Requirement(need))
    assert codes(result) == "paid"
    assert result.draws


def test_units_beyond_the_approval_get_the_reason_of_the_units() -> None:
    """No reason of a clinical review takes the place of the units."""
    billed = claim(line(units="13"))
    result = only(billed, authorization(item()), requirement=lambda _: Requirement(Need.EXCLUDED))
    assert codes(result) == "CO-198 N435"
