"""Any claim and any authorizations: every line gets one answer that adds up, and the order of bills costs no unit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.codes import CPT, HCPCS, ICD_10_CM, NDC, PLACE_OF_SERVICE, REVENUE
from app.domain.adjudication.adjudicate import adjudicate
from app.domain.adjudication.repeats import Earlier
from app.domain.adjudication.service_key import bill_keys
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.datatypes import Coding, Period
from app.domain.decision import ReviewAction
from app.domain.ledger import EXACT, post
from app.domain.request import Party
from app.domain.requirement import Need, Requirement
from app.domain.units import Unit
from tests.support.billing_samples import (
    AU1,
    AU2,
    NEVER_ISSUED,
    A,
    B,
    adjusted_units,
    authorization,
    claim,
    entry,
    facts,
    item,
    line,
)

codings = st.builds(
    Coding,
    st.sampled_from([CPT, HCPCS, NDC, REVENUE, "urn:local"]),
    st.sampled_from(["97110", "97140", "J1745", "0120", "12345678901"]) | st.text(min_size=1, max_size=6),
)
modifiers = st.sampled_from(["26", "TC", "RR", "NU", "LT", "RT", "50", "80", "GP", "Q6", "76"]) | st.text(max_size=3)
days = st.integers(-40, 120).map(lambda days: date(2026, 1, 1) + timedelta(days))
periods = st.builds(Period, st.none() | days, st.none() | days)
units = st.none() | st.builds(
    Unit, code=st.sampled_from(["UN", "DA", "MO", "HR", "VS"]) | st.text(min_size=1, max_size=3)
)
places = st.none() | st.builds(Coding, st.just(PLACE_OF_SERVICE), st.sampled_from(["11", "12", "21", "23"]))
parties = st.none() | st.builds(Party, npi=st.sampled_from([A, B]))
circumstances = {
    "services": st.lists(codings, max_size=2).map(tuple),
    "revenue": st.none() | st.builds(Coding, st.just(REVENUE), st.sampled_from(["0120", "0450", "0762"])),
    "modifiers": st.lists(modifiers, max_size=4).map(tuple),
    "unit": units,
    "diagnoses": st.lists(st.builds(Coding, st.just(ICD_10_CM), st.text(max_size=7)), max_size=2).map(tuple),
    "place": places,
    "serviced": st.none() | periods,
    "providers": st.lists(st.sampled_from([A, B]), max_size=2, unique=True).map(tuple),
}
quantities = st.decimals("0.0000001", "1e12", allow_nan=False, allow_infinity=False)
lines = st.builds(
    BilledLine,
    sequence=st.just(1),
    quantity=quantities,
    charge=st.none() | st.decimals("0", "1e9", places=2),
    authorization_number=st.sampled_from([None, AU1, AU2, NEVER_ISSUED]) | st.text(max_size=12),
    **circumstances,
)
items = st.builds(
    lambda quantity, period, action, **fields: item(
        units=quantity, granted={"period": period}, action=action, **fields
    ),
    st.none() | st.decimals("0.001", "60", places=3).map(str),
    periods,
    st.sampled_from(ReviewAction),
    **circumstances,
)
records = st.builds(
    lambda first, second: (authorization(*numbered(first)), authorization(*numbered(second), number=AU2)),
    st.lists(items, min_size=1, max_size=3),
    st.lists(items, min_size=1, max_size=3),
)
claims = st.builds(
    lambda billed, number, kind: claim(
        *(of_sequence(one, sequence) for sequence, one in enumerate(billed, start=1)),
        number=number,
        claim_type=Coding("", kind),
    ),
    st.lists(lines, min_size=1, max_size=4),
    st.sampled_from([None, AU1, AU2, NEVER_ISSUED]) | st.text(max_size=12),
    st.sampled_from(["professional", "institutional"]),
)


@settings(max_examples=50)
@given(claims, records, st.sampled_from(Need))
def test_every_line_of_any_claim_gets_one_answer_that_adds_up(
    sent: BillingClaim, known: tuple[Authorization, ...], need: Need
) -> None:
    services = bill_keys(sent, "biller", "patient-1").services
    answer = adjudicate(sent, facts(*known, services=services, requirement=lambda _: Requirement(need)))
    assert [result.number for result in answer.lines] == [one.number for one in sent.lines]
    for one, result in zip(sent.lines, answer.lines, strict=True):
        event("paid" if result.paid else "denied")
        assert EXACT.add(result.paid_units, adjusted_units(result)) == one.quantity
        amounts = [adjustment.amount for adjustment in result.adjustments if adjustment.amount is not None]
        assert sum(amounts, result.paid_amount or Decimal(0)) == (one.charge or 0)
        assert (result.reason is None) == (not result.adjustments)


@given(st.permutations([1, 2, 3, 4, 5, 6]), st.integers(1, 25))
def test_the_order_of_bills_changes_which_is_cut_but_not_the_units_paid(order: list[int], granted: int) -> None:
    state, paid = authorization(item(units=str(granted))), Decimal(0)
    for units_billed in order:
        [result] = adjudicate(claim(line(units=str(units_billed))), facts(state)).lines
        state = post(state, [entry(draw, f"bill-{units_billed}") for draw in result.draws])
        paid += result.paid_units
    assert paid == min(granted, 21)


@given(st.lists(lines, min_size=1, max_size=3))
def test_a_claim_that_is_sent_again_is_paid_nothing_more(billed: list[BilledLine]) -> None:
    sent = claim(*(of_sequence(one, sequence) for sequence, one in enumerate(billed, start=1)), number=None)
    services = bill_keys(sent, "biller", "patient-1").services
    free = facts(services=services, requirement=lambda _: Requirement(Need.NOT_REQUIRED), on_file=())
    first = adjudicate(sent, free)
    before = {services[result.number]: Earlier("first", own=True) for result in first.lines if result.paid}
    again = adjudicate(sent, facts(services=services, paid_before=before, requirement=free.requirement, on_file=()))
    assert [result.number for result in again.lines if result.paid] == []


def numbered(asked: list[AuthorizedItem]) -> list[AuthorizedItem]:
    """Give each item its own sequence."""
    return [replace(one, requested=replace(one.requested, sequence=place)) for place, one in enumerate(asked, start=1)]


def of_sequence(billed: BilledLine, sequence: int) -> BilledLine:
    return replace(billed, sequence=sequence)
