from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.billing import Draw
from app.domain.decision import ReviewAction
from app.domain.ledger import LedgerEntry, OutOfBalance, OverDrawn, available, check_balance, consumed, post
from tests.support.billing_samples import authorization, entry, item


def drawn(units: str, **fields: Any) -> LedgerEntry:
    plain = Draw(
        authorization=authorization().id, number="PA260000013", item="1", line="1", units=Decimal(units), remaining=None
    )
    return entry(replace(plain, **fields))


def test_a_draw_only_raises_the_consumed_units() -> None:
    before = authorization(item(), item("97140", "5", sequence=2))
    after = post(before, [drawn("4")])
    assert [each.consumed for each in after.items] == [4, 0]
    assert [each.consumed for each in before.items] == [0, 0]
    assert replace(after, items=before.items) == before


def test_draws_of_one_commit_add_up() -> None:
    after = post(authorization(item(), item(sequence=2)), [drawn("4"), drawn("8"), drawn("1.5", item="2")])
    assert [each.consumed for each in after.items] == [12, Decimal("1.5")]


def test_the_last_unit_can_be_drawn_and_not_one_more() -> None:
    empty = post(authorization(), [drawn("12")])
    assert available(empty.items[0]) == 0
    with pytest.raises(OverDrawn) as refused:
        post(empty, [drawn("0.001")])
    assert refused.value.entry.units == Decimal("-0.001")


def test_draws_that_pass_the_grant_only_together_are_refused_together() -> None:
    with pytest.raises(OverDrawn):
        post(authorization(), [drawn("7"), drawn("6")])


def test_a_grant_without_a_cap_never_runs_out_but_counts() -> None:
    after = post(authorization(item(units=None)), [drawn("1000000000"), drawn("0.5")])
    assert available(after.items[0]) is None
    assert after.items[0].consumed == Decimal("1000000000.5")


def test_an_item_without_a_grant_cannot_be_drawn_on() -> None:
    pended = authorization(item(action=ReviewAction.PENDED))
    assert available(pended.items[0]) == 0
    with pytest.raises(OverDrawn):
        post(pended, [drawn("1")])


@pytest.mark.parametrize("wrong", [drawn("0"), drawn("-1"), drawn("1", item="9"), drawn("1", authorization="another")])
def test_an_entry_that_is_not_one_of_this_authorization_is_refused(wrong: LedgerEntry) -> None:
    with pytest.raises(ValueError, match="cannot be posted"):
        post(authorization(), [wrong])


def test_the_consumed_units_of_each_item_are_the_sum_of_its_entries() -> None:
    entries = [drawn("4"), drawn("0.5", item="2"), drawn("3"), drawn("1e300", item="3"), drawn("0.001", item="3")]
    assert consumed(entries) == {"1": 7, "2": Decimal("0.5"), "3": Decimal("1" + "0" * 300 + ".001")}


def test_entries_that_add_up_to_the_record_are_in_balance() -> None:
    check_balance(authorization(), [])
    entries = [drawn("4"), drawn("8")]
    check_balance(post(authorization(item(), item(sequence=2)), entries), entries)


@pytest.mark.parametrize("recorded", [["4"], ["4", "8", "8"], [], ["4", "8.001"]])
def test_a_record_that_differs_from_its_entries_is_out_of_balance(recorded: list[str]) -> None:
    record = post(authorization(item(units=None)), map(drawn, recorded))
    with pytest.raises(OutOfBalance):
        check_balance(record, [drawn("4"), drawn("8")])


def test_an_entry_of_an_item_that_the_record_lacks_is_out_of_balance() -> None:
    with pytest.raises(OutOfBalance):
        check_balance(authorization(), [drawn("1", item="2")])


@pytest.mark.parametrize(
    ("granted", "left"), [("0.9999999999999999999999999999999999999999", "0.999"), ("1E+300", "1E+300"), ("2.5", "2.5")]
)
def test_available_units_are_never_rounded_up(granted: str, left: str) -> None:
    assert available(item(units=granted)) == Decimal(left)
