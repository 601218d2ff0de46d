"""An earlier grant stays until another grant replaces it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.decision import Granted, ItemDecision, ReviewAction
from app.domain.update.settled import settled
from app.domain.update.standing import until
from tests.support.billing_samples import QUARTER, B, item, on

TWELVE = item(quantity=Decimal(12), serviced=QUARTER)
MORE = {"quantity": Decimal(40)}
LONGER = {"serviced": on("2026-01-01", "2026-06-30")}
FEWER = {"quantity": Decimal(6)}
OTHER = {"providers": (B,)}

CERTIFIED, MODIFIED = ReviewAction.CERTIFIED, ReviewAction.MODIFIED
PENDED, DENIED = ReviewAction.PENDED, ReviewAction.NOT_CERTIFIED

CASES: dict[str, tuple[dict[str, Any], ReviewAction, str | None, tuple[ReviewAction, str | None, bool]]] = {
    "more, granted": (MORE, CERTIFIED, "40", (CERTIFIED, "40", False)),
    "more, granted in part": (MORE, MODIFIED, "20", (MODIFIED, "20", False)),
    "more, less than before granted": (MORE, MODIFIED, "8", (MODIFIED, "12", False)),
    "more, denied": (MORE, DENIED, None, (MODIFIED, "12", False)),
    "more, pended": (MORE, PENDED, None, (PENDED, "12", True)),
    "longer, denied": (LONGER, DENIED, None, (MODIFIED, "12", False)),
    "fewer, granted": (FEWER, CERTIFIED, "6", (CERTIFIED, "6", False)),
    "fewer, pended": (FEWER, PENDED, None, (PENDED, "12", True)),
    "another provider, granted": (OTHER, CERTIFIED, "12", (CERTIFIED, "12", False)),
    "another provider, denied": (OTHER, DENIED, None, (DENIED, "12", True)),
    "another provider, pended": (OTHER, PENDED, None, (PENDED, "12", True)),
    "another provider, fewer than used": (OTHER, MODIFIED, "3", (MODIFIED, "5", False)),
}


@pytest.mark.parametrize(("fields", "action", "units", "expected"), CASES.values(), ids=CASES)
def test_a_decision_on_a_change_keeps_or_replaces_the_earlier_grant(
    fields: dict[str, Any], action: ReviewAction, units: str | None, expected: tuple[ReviewAction, str | None, bool]
) -> None:
    used = Decimal(5)
    granted = None if units is None else Granted(QUARTER, Decimal(units))
    asked = replace(TWELVE.requested, **fields)
    after = settled(
        replace(TWELVE, consumed=used), asked, ItemDecision(action, "rule", date(2026, 2, 1), granted=granted)
    )
    quantity = None if after.granted is None else str(after.granted.quantity)
    assert (after.decision.action, quantity, after.standing is not None) == expected
    assert (after.requested, after.consumed) == (asked, used)
    assert after.standing is None or after.as_granted == replace(TWELVE, consumed=used)


@pytest.mark.parametrize("action", [PENDED, DENIED])
def test_a_change_of_an_item_that_was_never_granted_leaves_nothing_standing(action: ReviewAction) -> None:
    before = item(action=PENDED, quantity=Decimal(12))
    after = settled(before, replace(before.requested, **MORE), ItemDecision(action, "rule", date(2026, 2, 1)))
    assert (after.decision.action, after.granted) == (action, None)


@pytest.mark.parametrize(
    ("day", "used", "expected"),
    [
        ("2026-02-15", "4", (on("2026-01-01", "2026-02-15"), "12")),
        ("2026-01-01", "0", (on("2026-01-01"), "12")),
        ("2026-06-01", "0", (QUARTER, "12")),
        ("2025-12-31", "0", None),
        ("2025-12-31", "4", (QUARTER, "4")),
    ],
)
def test_a_cancellation_leaves_the_days_up_to_it_and_the_used_units(
    day: str, used: str, expected: tuple[Any, str] | None
) -> None:
    standing = until(replace(TWELVE, consumed=Decimal(used)), date.fromisoformat(day))
    granted = None if standing is None else standing.decision.granted
    assert (None if granted is None else (granted.period, str(granted.quantity))) == expected
