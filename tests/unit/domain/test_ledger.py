from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.billing import Draw
from app.domain.decision import ReviewAction
from app.domain.ledger import (
    EntryKind,
    LedgerEntry,
    OutOfBalance,
    OverDrawn,
    available,
    check_balance,
    consumed,
    post,
    release_of,
)
from tests.support.billing_samples import authorization, entry, item


def drawn(units: str, **fields: Any) -> LedgerEntry:
    plain = Draw(
        authorization=authorization().id, number="PA260000013", item="1", line="1", units=Decimal(units), remaining=None
    )
    return entry(replace(plain, **fields))


VOIDED = datetime(2026, 6, 2, tzinfo=UTC)


def released(*entries: LedgerEntry) -> tuple[LedgerEntry, ...]:
    return release_of(entries, VOIDED, "biller", cause="void")


def adjusted(units: str) -> LedgerEntry:
    return replace(drawn("1"), kind=EntryKind.ADJUST, units=Decimal(units))


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


def test_a_release_returns_the_units_of_the_draw_and_names_both_claims() -> None:
    [release] = released(drawn("4"))
    after = post(post(authorization(), [drawn("4")]), [release])
    assert after == authorization()
    assert release.kind is EntryKind.RELEASE
    assert release.units == 4
    assert release.reverses == drawn("4").id
    assert (release.claim, release.cause, release.created) == ("bill", "void", VOIDED)


def test_a_draw_is_released_once() -> None:
    entries = [drawn("4"), drawn("3", line="2")]
    first = released(entries[0])
    assert [release.units for release in released(*entries, *first)] == [3]
    assert released(*entries, *released(*entries)) == ()


def test_a_release_makes_room_for_a_draw_of_the_same_commit() -> None:
    full = post(authorization(), [drawn("12")])
    after = post(full, [drawn("10", line="2"), *released(drawn("12"))])
    assert after.items[0].consumed == 10


def test_units_are_released_to_an_item_that_is_no_longer_granted() -> None:
    denied = authorization(replace(item(action=ReviewAction.NOT_CERTIFIED), consumed=Decimal(4)))
    assert post(denied, released(drawn("4"))).items[0].consumed == 0


def test_no_more_units_return_than_are_drawn() -> None:
    with pytest.raises(ValueError, match="more units than are drawn"):
        post(post(authorization(), [drawn("3")]), released(drawn("4")))


def test_a_release_of_no_draw_is_refused() -> None:
    [release] = released(drawn("4"))
    with pytest.raises(ValueError, match="cannot be posted"):
        post(post(authorization(), [drawn("4")]), [replace(release, reverses=None)])


def test_an_adjustment_counts_units_that_no_claim_drew_within_the_grant() -> None:
    used = post(authorization(), [adjusted("-5")])
    assert available(used.items[0]) == 7
    assert post(used, [adjusted("2")]).items[0].consumed == 3
    with pytest.raises(OverDrawn):
        post(used, [adjusted("-8")])
    with pytest.raises(ValueError, match="cannot be posted"):
        post(used, [adjusted("0")])


def shared(units: str) -> LedgerEntry:
    """Return the units that a bill drew on an appeal of the item."""
    return replace(drawn("1"), id="share", kind=EntryKind.SHARE, units=-Decimal(units))


def test_units_that_an_appeal_drew_are_no_longer_the_item_s() -> None:
    asked = authorization(item(quantity=Decimal(12)))
    used = post(asked, [shared("8")])
    assert used.items[0].consumed == 0
    assert available(used.items[0]) == 4
    with pytest.raises(OverDrawn):
        post(used, [drawn("5")])
    with pytest.raises(OverDrawn):
        post(post(used, [drawn("4")]), [shared("1")])


def test_a_share_counts_on_an_item_without_a_grant_up_to_the_request() -> None:
    denied = authorization(item(action=ReviewAction.NOT_CERTIFIED, quantity=Decimal(12)))
    assert post(denied, [shared("12")]).items[0].shared == 12
    with pytest.raises(OverDrawn):
        post(denied, [shared("13")])


def test_a_share_is_released_with_the_draws_of_its_claim() -> None:
    asked = authorization(item(quantity=Decimal(12)))
    entries = [drawn("4"), shared("3")]
    used = post(asked, entries)
    check_balance(used, entries)
    releases = released(*entries)
    assert [release.kind for release in releases] == [EntryKind.RELEASE, EntryKind.SHARE]
    assert post(used, releases) == asked
    check_balance(asked, [*entries, *releases])
    assert released(*entries, *releases) == ()


def test_a_share_that_the_record_lacks_is_out_of_balance() -> None:
    with pytest.raises(OutOfBalance):
        check_balance(authorization(), [shared("3")])
    with pytest.raises(OutOfBalance):
        check_balance(post(authorization(item(quantity=Decimal(12))), [shared("3")]), [])
