"""Whatever sequence of updates, bills and decisions comes: no item and no used unit is lost, and one number counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.codes import CPT
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.datatypes import Coding, Period
from app.domain.decision import Granted, ItemDecision, ReviewAction
from app.domain.ledger import LedgerEntry, available, check_balance, post
from app.domain.life.steps import check_life
from app.domain.request import AuthorizationRequest, RequestedItem
from app.domain.update.numbering import numbered
from app.domain.update.plan import applied, planned
from tests.support.answers import NOW, authorization, submitted
from tests.support.samples import request_bundle

FIRST_DAY = date(2026, 1, 1)
ACTIONS = (
    ReviewAction.CERTIFIED,
    ReviewAction.MODIFIED,
    ReviewAction.PENDED,
    ReviewAction.NOT_CERTIFIED,
    ReviewAction.NOT_REQUIRED,
)
asked_items = st.builds(
    lambda sequence, code, quantity, start, days, cancelled: RequestedItem(
        sequence=sequence,
        services=(Coding(CPT, code),),
        quantity=Decimal(quantity),
        serviced=Period(FIRST_DAY + timedelta(start), FIRST_DAY + timedelta(start + days)),
        cancelled=cancelled,
    ),
    st.integers(1, 4),
    st.sampled_from(["97110", "97110", "97110", "72148"]),
    st.integers(1, 20),
    st.integers(0, 60),
    st.integers(0, 90),
    st.sampled_from([False, False, False, True]),
)
steps = st.tuples(
    st.lists(asked_items, max_size=4, unique_by=lambda item: item.sequence),
    st.sampled_from([False, False, False, False, True]),
    st.lists(st.sampled_from(ACTIONS), min_size=8, max_size=8),
    st.integers(0, 6),
)
Step = tuple[list[RequestedItem], bool, list[ReviewAction], int]


@given(st.lists(asked_items, min_size=1, max_size=4, unique_by=lambda item: item.sequence), st.lists(steps, max_size=8))
def test_a_sequence_of_updates_loses_no_item_no_used_unit_and_no_number(
    first: list[RequestedItem], updates: list[Step]
) -> None:
    mint = numbers()
    record = opened(first, mint)
    ever = {item.number for item in first}
    entries: list[LedgerEntry] = []
    for day, (items, whole, actions, drawn) in enumerate(updates):
        before = record
        plan = planned(before, request_of(items, whole), FIRST_DAY + timedelta(10 * day))
        decisions = [decided(item, action) for item, action in zip(plan.request.items, actions, strict=False)]
        record = numbered(before, replace(before, items=applied(plan, decisions)), lambda: next(mint))
        ever |= {item.number for item in items}
        assert {item.requested.number for item in record.items} == ever
        assert used(before) == {number: units for number, units in used(record).items() if number in used(before)}
        assert_consistent(record)
        assert set(before.numbers) <= set(record.numbers)
        check_life(before, record, attended=True)
        assert loses(before, record) or before.number in {None, record.number}
        record = draw(record, drawn, entries)
        check_balance(record, entries)
        assert_consistent(record)


def numbers() -> Iterator[str]:
    return (f"PA{number}" for number in count())


def opened(items: list[RequestedItem], mint: Iterator[str]) -> Authorization:
    """Return the record of a first request whose items are certified."""
    base = replace(authorization(submitted(request_bundle())), items=(), number=None)
    plan = planned(base, request_of(items, whole=False), FIRST_DAY)
    certified = [decided(item, ReviewAction.CERTIFIED) for item in plan.request.items]
    return numbered(base, replace(base, items=applied(plan, certified)), lambda: next(mint))


def request_of(items: list[RequestedItem], whole: bool) -> AuthorizationRequest:
    request = submitted(request_bundle()).request
    asked = tuple(replace(item, cancelled=True) for item in items) if whole else tuple(items)
    return replace(request, items=asked, cancelled=whole)


def decided(item: RequestedItem, action: ReviewAction) -> ItemDecision:
    """Decide an item; a modified one gets the half of its units."""
    if item.cancelled:
        return ItemDecision(ReviewAction.CANCELLED, "rule", FIRST_DAY)
    grants = {ReviewAction.CERTIFIED: item.quantity, ReviewAction.MODIFIED: item.quantity / 2}
    granted = Granted(item.serviced or Period(), grants[action]) if action in grants else None
    return ItemDecision(action, "rule", FIRST_DAY, granted=granted)


def draw(record: Authorization, units: int, entries: list[LedgerEntry]) -> Authorization:
    """Draw up to this many units of each item."""
    new: list[LedgerEntry] = []
    for item in record.items:
        left = available(item)
        taken = min(Decimal(units), Decimal(units) if left is None else left)
        if taken > 0 and item.granted is not None:
            name = f"entry-{len(entries) + len(new)}"
            new.append(LedgerEntry(name, record.id, item.requested.number, -taken, NOW, "biller", name, "1"))
    entries += new
    return post(record, new)


def used(record: Authorization) -> dict[str, Decimal]:
    return {item.requested.number: item.consumed for item in record.items}


def loses(before: Authorization, after: Authorization) -> bool:
    """Return whether an item in force has fewer units or days than before, or is no longer in force."""
    now = {item.requested.number: item for item in after.items}

    def less(former: Granted, item: AuthorizedItem) -> bool:
        granted = item.in_force
        if granted is None or granted.quantity is None or former.quantity is None:
            return granted is None
        return granted.quantity < former.quantity or not granted.period.covers(former.period)

    in_force = [(item.in_force, now[item.requested.number]) for item in before.items]
    return any(former is not None and less(former, item) for former, item in in_force)


def assert_consistent(record: Authorization) -> None:
    """Each item has at least its used units, and there is a number exactly if a grant is in force."""
    for item in record.items:
        granted = item.granted
        assert granted is not None or not item.consumed
        assert granted is None or granted.quantity is None or granted.quantity >= item.consumed
    in_force = any(item.in_force is not None for item in record.items)
    assert in_force is (record.number is not None)
    assert len(record.numbers) == len(set(record.numbers))
