from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.authorization import ReviewAction
from app.domain.billing import Draw
from app.domain.ledger import OverDrawn, available, draw
from tests.support.billing_samples import authorization, item


def take(units: str, **fields: Any) -> Draw:
    plain = Draw(
        authorization=authorization().id, number="PA260000013", item=1, line=1, units=Decimal(units), remaining=None
    )
    return replace(plain, **fields)


def test_a_draw_raises_what_is_consumed_and_changes_nothing_else() -> None:
    before = authorization(item(), item("97140", "5", sequence=2))
    after = draw(before, [take("4")])
    assert [each.consumed for each in after.items] == [4, 0]
    assert [each.consumed for each in before.items] == [0, 0]
    assert replace(after, items=before.items) == before


def test_draws_of_one_commit_add_up() -> None:
    after = draw(authorization(item(), item(sequence=2)), [take("4"), take("8"), take("1.5", item=2)])
    assert [each.consumed for each in after.items] == [12, Decimal("1.5")]


def test_the_last_unit_can_be_drawn_and_not_one_more() -> None:
    empty = draw(authorization(), [take("12")])
    assert available(empty.items[0]) == 0
    with pytest.raises(OverDrawn) as refused:
        draw(empty, [take("0.001")])
    assert refused.value.draw.units == Decimal("0.001")


def test_draws_that_pass_the_grant_only_together_are_refused_together() -> None:
    with pytest.raises(OverDrawn):
        draw(authorization(), [take("7"), take("6")])


def test_a_grant_without_a_cap_never_runs_out_but_counts() -> None:
    after = draw(authorization(item(units=None)), [take("1000000000"), take("0.5")])
    assert available(after.items[0]) is None
    assert after.items[0].consumed == Decimal("1000000000.5")


def test_nothing_can_be_drawn_from_what_was_not_granted() -> None:
    pended = authorization(item(action=ReviewAction.PENDED))
    assert available(pended.items[0]) == 0
    with pytest.raises(OverDrawn):
        draw(pended, [take("1")])


@pytest.mark.parametrize("wrong", [take("0"), take("-1"), take("1", item=9), take("1", authorization="another")])
def test_a_draw_that_is_not_one_of_this_authorization_is_refused(wrong: Draw) -> None:
    with pytest.raises(ValueError, match="cannot be drawn on"):
        draw(authorization(), [wrong])


@pytest.mark.parametrize(
    ("granted", "left"), [("0.9999999999999999999999999999999999999999", "0.999"), ("1E+300", "1E+300"), ("2.5", "2.5")]
)
def test_what_is_available_is_never_rounded_up(granted: str, left: str) -> None:
    assert available(item(units=granted)) == Decimal(left)
