"""The rate between billed and authorized units: rounding never pays more than is authorized."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.balances.rate import Rate

THOUSANDTHS = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(10**6), places=3)
FACTORS = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(10**4), places=3)


def test_thirty_days_are_a_month() -> None:
    rate = Rate(factor=Decimal(30))
    assert rate.authorized(Decimal(90)) == 3
    assert rate.authorized(Decimal(31)) == Decimal("1.034")
    assert rate.billed(Decimal(2)) == 60


@given(THOUSANDTHS, FACTORS)
def test_no_more_is_paid_than_is_drawn(units: Decimal, factor: Decimal) -> None:
    rate = Rate(factor=factor)
    assert rate.authorized(units) * factor >= units
    assert rate.billed(units) <= units * factor
