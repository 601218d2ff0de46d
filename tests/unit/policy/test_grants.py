"""A rule grants what was requested and never more, unless it says `at-least` or `units: open`."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes import CPT, HCPCS
from app.domain.datatypes import Coding, Period
from app.domain.decision import Granted, ItemDecision, ReviewAction
from app.domain.request import RequestedItem
from app.domain.review.shortfall import contains
from app.policy.actions import Certify, PartlyCertify
from app.policy.grants import certification
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import DAY, item_of, policy_of, rule

CERTIFY = "{action: certify, for: P90D}"
LESS = "{action: partly-certify, quantity: 12, for: P90D, reason: quantity-exceeded}"
LAST = date(2026, 5, 30)
"""The last of the 90 days that begin on DAY."""


def certified(item: RequestedItem, then: str) -> ItemDecision:
    policy = policy_of(rule(then))
    action = policy.rules[0].then
    assert isinstance(action, Certify | PartlyCertify)
    return certification(policy.rules[0], action, item, DAY, policy)


def decided(then: str, **facts: object) -> ItemDecision:
    return certified(item_of(**facts), then)


def granted(decision: ItemDecision) -> Granted:
    assert decision.granted is not None
    return decision.granted


@pytest.mark.parametrize(
    ("asked", "period"),
    [
        (None, Period(DAY, LAST)),
        (Period(), Period(DAY, LAST)),
        (Period(date(2026, 4, 1)), Period(date(2026, 4, 1), date(2026, 6, 29))),
        (Period(date(2026, 1, 1)), Period(date(2026, 1, 1), date(2026, 3, 31))),
        (Period(date(2026, 4, 1), date(2026, 4, 1)), Period(date(2026, 4, 1), date(2026, 4, 1))),
        (Period(date(2020, 12, 1), date(2020, 12, 31)), Period(date(2020, 12, 1), date(2020, 12, 31))),
        (Period(None, date(2026, 3, 9)), Period(DAY, date(2026, 3, 9))),
        (Period(None, date(2026, 2, 1)), Period(date(2026, 2, 1), date(2026, 2, 1))),
        (Period(DAY, LAST), Period(DAY, LAST)),
    ],
)
def test_a_grant_begins_with_the_requested_days_and_ends_with_them(asked: Period | None, period: Period) -> None:
    decision = decided(CERTIFY, serviced=asked)
    assert granted(decision).period == period
    assert (decision.action, decision.reason) == (ReviewAction.CERTIFIED, None)


@pytest.mark.parametrize("then", [CERTIFY, LESS])
def test_less_time_than_requested_is_a_modification_with_its_own_reason(then: str) -> None:
    decision = decided(then, serviced=Period(DAY, LAST + timedelta(days=1)))
    assert granted(decision).period == Period(DAY, LAST)
    assert decision.action is ReviewAction.MODIFIED
    assert decision.reason is not None
    assert decision.reason.key == "less-time"


def test_fewer_units_have_the_reason_of_the_rule_also_if_the_time_is_cut() -> None:
    decision = decided(LESS, quantity=Decimal(20), serviced=Period(DAY, date(2036, 3, 2)))
    assert granted(decision) == Granted(Period(DAY, LAST), Decimal(12))
    assert decision.reason is not None
    assert decision.reason.key == "quantity-exceeded"


@pytest.mark.parametrize(
    ("asked", "end"),
    [
        (Period(DAY, DAY), date(2026, 4, 30)),
        (Period(DAY, date(2026, 5, 10)), date(2026, 5, 10)),
        (Period(DAY), LAST),
        (None, LAST),
        (Period(DAY, date(2027, 1, 1)), LAST),
    ],
)
def test_at_least_makes_a_grant_longer_than_requested(asked: Period | None, end: date) -> None:
    decision = decided("{action: certify, for: P90D, at-least: P60D}", serviced=asked)
    assert granted(decision).period == Period(DAY, end)


@pytest.mark.parametrize("at_least", ["P91D", "P3M", "P1Y"])
def test_at_least_must_not_be_longer_than_the_grant(at_least: str) -> None:
    with pytest.raises(YamlRefused, match=r"test.yaml:6: `at-least` must not be longer than `for`"):
        policy_of(rule(f"{{action: certify, for: P90D, at-least: {at_least}}}"))


@pytest.mark.parametrize(("length", "at_least"), [("P6M", "P6M"), ("P60D", "P8W"), ("P1Y", "P6M")])
def test_at_least_may_be_as_long_as_the_grant(length: str, at_least: str) -> None:
    assert policy_of(rule(f"{{action: certify, for: {length}, at-least: {at_least}}}"))


def test_a_certified_item_keeps_its_quantity_and_open_units_have_no_limit() -> None:
    same = granted(decided(CERTIFY, quantity=Decimal("4.50"), unit=None))
    assert (str(same.quantity), same.service) == ("4.50", None)
    decision = decided("{action: certify, for: P90D, units: open}", quantity=Decimal(4))
    assert (decision.action, granted(decision).quantity) == (ReviewAction.CERTIFIED, None)


def test_only_certify_takes_open_units() -> None:
    with pytest.raises(YamlRefused, match="`units` is an unknown key"):
        policy_of(rule("{action: partly-certify, for: P90D, units: open, quantity: 2, reason: fewer-units}"))
    with pytest.raises(YamlRefused, match="`units` must be 'open'"):
        policy_of(rule("{action: certify, for: P90D, units: 4}"))


@pytest.mark.parametrize(
    ("asked", "units", "action", "reason"),
    [
        (Decimal(20), Decimal(12), ReviewAction.MODIFIED, "quantity-exceeded"),
        (Decimal(12), Decimal(12), ReviewAction.CERTIFIED, None),
        (Decimal(5), Decimal(5), ReviewAction.CERTIFIED, None),
    ],
)
def test_a_partly_certified_item_is_modified_if_it_gets_less_than_requested(
    asked: Decimal, units: Decimal, action: ReviewAction, reason: str | None
) -> None:
    decision = decided(LESS, quantity=asked)
    assert (granted(decision).quantity, decision.action) == (units, action)
    assert (decision.reason.key if decision.reason else None) == reason


def test_a_replacement_code_is_granted_with_a_reason() -> None:
    then = '{action: partly-certify, code: {system: hcpcs, code: "Q5103"}, for: P6M, reason: other-service}'
    other, same = decided(then), decided(then, services=(Coding(CPT, "Q5103"),))
    assert other.action is ReviewAction.MODIFIED
    assert (granted(other).service, granted(other).quantity) == (Coding(HCPCS, "Q5103"), Decimal(4))
    assert other.reason is not None
    assert other.reason.key == "other-service"
    assert (same.action, granted(same).service) == (ReviewAction.CERTIFIED, None)


def test_the_first_code_of_a_range_is_less_than_the_range() -> None:
    then = '{action: partly-certify, code: {system: cpt, code: "97110"}, for: P6M, reason: other-service}'
    decision = decided(then, service_end=Coding(CPT, "97140"))
    assert (decision.action, granted(decision).service) == (ReviewAction.MODIFIED, Coding(CPT, "97110"))


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
PERIODS = st.one_of(
    st.none(),
    st.builds(Period, st.none() | DAYS),
    st.builds(Period, st.none(), DAYS),
    st.builds(lambda start, days: Period(start, start + timedelta(days)), DAYS, st.integers(0, 400)),
)
QUANTITIES = st.decimals(Decimal("0.001"), 40, places=3)
ACTIONS = st.sampled_from(
    [
        "certify",
        "partly-certify, quantity: 12, reason: fewer-units",
        'partly-certify, code: {system: cpt, code: "97112"}, reason: other-service',
    ]
)


@pytest.mark.slow
@given(asked=PERIODS, quantity=QUANTITIES, action=ACTIONS, length=st.integers(1, 400))
def test_a_grant_is_never_longer_or_larger_than_requested_and_is_total_only_if_it_has_everything(
    asked: Period | None, quantity: Decimal, action: str, length: int
) -> None:
    item: RequestedItem = item_of(serviced=asked, quantity=quantity)
    decision = certified(item, f"{{action: {action}, for: P{length}D}}")
    grant, requested = granted(decision), asked or Period()
    assert grant.quantity is not None
    assert grant.quantity <= quantity
    assert grant.period.start is not None
    assert grant.period.end is not None
    assert (grant.period.end - grant.period.start).days < length
    assert requested.start in {None, grant.period.start}
    assert grant.period.start <= grant.period.end <= (requested.end or date.max)
    everything = grant.quantity == quantity and grant.service is None and contains(grant.period, requested)
    assert (decision.action is ReviewAction.CERTIFIED) == everything
    assert (decision.reason is None) == everything
