"""The limits of a reviewer's grant."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes import CPT, UCUM
from app.domain.covered import CoverageTerms, Covered
from app.domain.datatypes import Coding, Period
from app.domain.decision import Granted, ItemDecision, ReviewAction
from app.domain.parts.ruling import ItemRuling
from app.domain.review.decide import decided
from app.domain.review.grounds import Grounds
from app.domain.review.not_decidable import NotDecidable
from app.domain.review.shortfall import contains
from app.domain.span import Span
from app.domain.units import Unit
from tests.policies.builders import REASONS
from tests.support.billing_samples import authorization, item

RECEIVED, TODAY = date(2026, 1, 5), date(2026, 1, 12)
ASKED = Period(date(2026, 2, 1), date(2026, 4, 30))


def ruled(
    ruling: ItemRuling, serviced: Period | None = ASKED, quantity: str = "12", end: Coding | None = None
) -> ItemDecision:
    """Return the decision of a ruling on an item that asks for these days and units, and for a range up to `end`."""
    pended = item(
        action=ReviewAction.PENDED, quantity=Decimal(quantity), serviced=serviced, service_end=end, decided=RECEIVED
    )
    return decided(authorization(pended), [ruling], Grounds(TODAY, REASONS)).items[0].decision


def granted(decision: ItemDecision) -> Granted:
    assert decision.granted is not None
    return decision.granted


def reason(decision: ItemDecision) -> str | None:
    return None if decision.reason is None else decision.reason.key


@pytest.mark.parametrize("quantity", ["12", "0.001", "7.500"])
def test_a_reviewer_grants_up_to_the_requested_quantity(quantity: str) -> None:
    assert granted(ruled(ItemRuling("1", "partly-certify", quantity=Decimal(quantity)))).quantity == Decimal(quantity)


@pytest.mark.parametrize("quantity", ["12.001", "1e9", "1e300"])
def test_a_reviewer_cannot_exceed_the_requested_quantity(quantity: str) -> None:
    with pytest.raises(NotDecidable, match="must not exceed the requested quantity, 12"):
        ruled(ItemRuling("1", "partly-certify", quantity=Decimal(quantity)))


@pytest.mark.parametrize(
    "part",
    [
        {"quantity": Decimal(3)},
        {"code": Coding(CPT, "97112")},
        {"start": ASKED.start},
        {"end": ASKED.end},
        {"span": Span.parse("P30D")},
    ],
    ids=lambda part: next(iter(part)),
)
def test_a_denial_grants_no_part(part: dict[str, Any]) -> None:
    with pytest.raises(NotDecidable, match="use partly-certify"):
        ruled(ItemRuling("1", "deny", reason="not-medically-necessary", **part))


@pytest.mark.parametrize("quantity", ["1.2345", "1e-300"])
def test_a_reviewer_must_grant_a_countable_quantity(quantity: str) -> None:
    with pytest.raises(NotDecidable, match="three decimals"):
        ruled(ItemRuling("1", "partly-certify", quantity=Decimal(quantity)))


@pytest.mark.parametrize("unit", [None, Unit("visits"), Unit(code="UN")])
def test_a_reviewer_may_name_the_requested_unit_in_other_words(unit: Unit | None) -> None:
    assert granted(ruled(ItemRuling("1", "partly-certify", quantity=Decimal(8), unit=unit))).quantity == 8


def test_a_reviewer_cannot_grant_another_unit() -> None:
    with pytest.raises(NotDecidable, match="must have the requested unit units, not h"):
        ruled(ItemRuling("1", "partly-certify", quantity=Decimal(8), unit=Unit("hours", "h", UCUM)))


@pytest.mark.parametrize(
    ("asked", "parts", "period"),
    [
        (ASKED, {}, ASKED),
        (Period(RECEIVED, date(2026, 1, 31)), {}, Period(RECEIVED, date(2026, 1, 31))),
        (Period(date(2026, 2, 1)), {"span": Span(0, 10)}, Period(date(2026, 2, 1), date(2026, 2, 10))),
        (None, {"span": Span(0, 10)}, Period(RECEIVED, date(2026, 1, 14))),
        (None, {"end": date(2026, 1, 31)}, Period(RECEIVED, date(2026, 1, 31))),
        (
            None,
            {"start": date(2025, 12, 1), "end": date(2026, 1, 31)},
            Period(date(2025, 12, 1), date(2026, 1, 31)),
        ),
        (
            Period(date(2025, 12, 1), date(2025, 12, 3)),
            {"start": date(2025, 12, 1)},
            Period(date(2025, 12, 1), date(2025, 12, 3)),
        ),
        (Period(None, date(2026, 2, 1)), {}, Period(RECEIVED, date(2026, 2, 1))),
    ],
)
def test_a_grant_starts_on_the_requested_day_or_the_day_of_receipt_or_the_day_that_the_reviewer_gives(
    asked: Period | None, parts: dict[str, Any], period: Period
) -> None:
    decision = ruled(ItemRuling("1", "certify", **parts), asked)
    assert granted(decision).period == period
    assert (decision.action, reason(decision), decision.decided) == (ReviewAction.CERTIFIED, None, TODAY)


@pytest.mark.parametrize(
    ("asked", "parts", "period"),
    [
        (ASKED, {"span": Span(0, 10)}, Period(date(2026, 2, 1), date(2026, 2, 10))),
        (ASKED, {"end": date(2026, 4, 29)}, Period(date(2026, 2, 1), date(2026, 4, 29))),
        (ASKED, {"start": date(2026, 2, 2)}, Period(date(2026, 2, 2), date(2026, 4, 30))),
        (Period(date(2026, 1, 1), date(2026, 1, 31)), {}, Period(RECEIVED, date(2026, 1, 31))),
    ],
)
def test_less_time_than_requested_is_a_modification_with_its_own_reason(
    asked: Period, parts: dict[str, Any], period: Period
) -> None:
    decision = ruled(ItemRuling("1", "certify", **parts), asked)
    assert granted(decision).period == period
    assert (decision.action, reason(decision)) == (ReviewAction.MODIFIED, "less-time")


@pytest.mark.parametrize(
    ("asked", "parts", "says"),
    [
        (ASKED, {"span": Span(4, 0)}, "must not be longer than requested. It would end on 2026-05-31"),
        (ASKED, {"end": date(2026, 5, 1)}, "must not be longer than requested. It would end on 2026-05-01"),
        (ASKED, {"start": date(2026, 1, 31)}, "must not be before the requested first day, 2026-02-01"),
        (ASKED, {"start": date(2026, 5, 1)}, "must not end before its first day, 2026-05-01"),
        (ASKED, {"end": date(2026, 1, 31)}, "must not end before its first day, 2026-02-01"),
        (Period(date(2025, 12, 1), date(2025, 12, 3)), {}, "before the day of receipt, 2026-01-05.*must give `start`"),
        (Period(date(2026, 2, 1)), {}, "no end date"),
        (None, {}, "no end date"),
    ],
)
def test_a_grant_outside_the_requested_days_is_rejected(asked: Period | None, parts: dict[str, Any], says: str) -> None:
    with pytest.raises(NotDecidable, match=says):
        ruled(ItemRuling("1", "certify", **parts), asked)


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        ({"quantity": Decimal(4)}, "approved-less"),
        ({"quantity": Decimal(4), "end": date(2026, 2, 28)}, "approved-less"),
        ({"quantity": Decimal(4), "reason": "quantity-exceeded"}, "quantity-exceeded"),
        ({"code": Coding(CPT, "97112")}, "approved-less"),
        ({"code": Coding(CPT, "97112"), "reason": "other-service"}, "other-service"),
        ({"end": date(2026, 2, 28)}, "less-time"),
    ],
)
def test_less_than_requested_always_has_a_reason(parts: dict[str, Any], key: str) -> None:
    decision = ruled(ItemRuling("1", "partly-certify", **parts))
    assert (decision.action, reason(decision)) == (ReviewAction.MODIFIED, key)


def test_the_requested_code_changes_nothing_but_the_first_code_of_a_range_does() -> None:
    ruling = ItemRuling("1", "partly-certify", code=Coding(CPT, "97110"))
    assert (ruled(ruling).action, granted(ruled(ruling)).service) == (ReviewAction.CERTIFIED, None)
    in_range = ruled(ruling, end=Coding(CPT, "97140"))
    assert (in_range.action, granted(in_range).service) == (ReviewAction.MODIFIED, Coding(CPT, "97110"))


def test_a_grant_of_the_whole_request_takes_no_reason() -> None:
    with pytest.raises(NotDecidable, match="must have no `reason`"):
        ruled(ItemRuling("1", "certify", reason="approved-less"))


DAYS = st.dates(date(2025, 12, 1), date(2026, 6, 1))
PERIODS = st.one_of(
    st.none(),
    st.builds(Period, DAYS),
    st.builds(lambda start, days: Period(start, start + timedelta(days)), DAYS, st.integers(0, 90)),
)


@pytest.mark.slow
@given(
    asked=PERIODS,
    quantity=st.none() | st.integers(1, 20).map(Decimal),
    start=st.none() | DAYS,
    end=st.none() | DAYS,
    days=st.none() | st.integers(1, 90),
)
def test_a_ruling_never_grants_more_than_requested_and_in_total_only_everything(
    asked: Period | None, quantity: Decimal | None, start: date | None, end: date | None, days: int | None
) -> None:
    span = None if days is None or end is not None else Span(0, days)
    ruling = ItemRuling("1", "certify" if quantity is None else "partly-certify", quantity, None, start, end, span)
    try:
        decision = ruled(ruling, asked)
    except NotDecidable:
        return
    requested, grant = asked or Period(), granted(decision)
    assert grant.quantity is not None
    assert grant.quantity <= Decimal(12)
    assert grant.period.start is not None
    assert grant.period.end is not None
    assert (requested.start or date.min) <= grant.period.start <= grant.period.end <= (requested.end or date.max)
    everything = grant.quantity == Decimal(12) and contains(grant.period, requested)
    assert (decision.action is ReviewAction.CERTIFIED) == everything == (decision.reason is None)


@pytest.mark.parametrize(
    ("coverage", "until"),
    [(Period(None, date(2026, 3, 31)), " The coverage ends on 2026-03-31."), (Period(date(2026, 2, 2)), "")],
)
def test_a_reviewer_grants_only_days_on_which_the_member_is_covered(coverage: Period, until: str) -> None:
    pended = authorization(item(action=ReviewAction.PENDED, quantity=Decimal(12), serviced=ASKED))
    member = Covered(coverages=(CoverageTerms(period=coverage),))
    with pytest.raises(NotDecidable) as refused:
        decided(pended, [ItemRuling("1", "certify")], Grounds(TODAY, REASONS, member))
    assert str(refused.value) == (
        "The payer does not cover the member on all days of the grant, 2026-02-01 to 2026-04-30."
        f"{until} The ruling must deny the item or grant other days."
    )
    covered = ItemRuling("1", "certify", start=date(2026, 2, 2), end=date(2026, 3, 31), reason="coverage-ends")
    after = decided(pended, [covered], Grounds(TODAY, REASONS, member))
    assert (after.items[0].decision.action, reason(after.items[0].decision)) == (ReviewAction.MODIFIED, "coverage-ends")
