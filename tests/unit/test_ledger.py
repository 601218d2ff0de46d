from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.domain.authorization import ReviewAction
from app.domain.billing import Draw
from app.domain.ledger import Balance, EntryKind, LedgerEntry, OverDrawn, available, balance, draw
from tests.unit.billing_samples import authorization, item


def take(units: str, **fields: Any) -> Draw:
    plain = Draw(
        authorization=authorization().id, number="PA260000013", item=1, line=1, units=Decimal(units), remaining=None
    )
    return replace(plain, **fields)


def entry(kind: EntryKind, units: str | None, **fields: Any) -> LedgerEntry:
    plain = LedgerEntry(
        id="1",
        authorization="id",
        item=1,
        kind=kind,
        units=None if units is None else Decimal(units),
        created=datetime(2026, 1, 15, tzinfo=UTC),
        actor="biller",
        claim="claim",
        line=1,
        service_from=date(2026, 1, 15),
        service_to=date(2026, 1, 15),
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


def test_a_balance_is_what_was_granted_less_what_was_consumed() -> None:
    entries = [entry(EntryKind.GRANT, "12", claim=None, line=None), entry(EntryKind.CONSUME, "4", id="2")]
    found = balance([*entries, entry(EntryKind.CONSUME, "0.5", id="3")])
    assert found == Balance(Decimal(12), Decimal("4.5"))
    assert found.remaining == Decimal("7.5")


def test_a_balance_without_a_cap_has_no_remainder() -> None:
    found = balance([entry(EntryKind.GRANT, None), entry(EntryKind.CONSUME, "4", id="2")])
    assert found == Balance(None, Decimal(4))
    assert found.remaining is None


def test_a_ledger_without_entries_has_nothing_to_draw() -> None:
    assert balance([]).remaining == 0


def test_entries_of_two_items_have_no_common_balance() -> None:
    with pytest.raises(ValueError, match="several"):
        balance([entry(EntryKind.GRANT, "1"), entry(EntryKind.GRANT, "1", item=2)])
