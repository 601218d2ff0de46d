"""Rules that apply to all conditions."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

from hypothesis import assume, given
from hypothesis import strategies as st

from app.codes import CPT
from app.domain.datatypes import Coding
from app.policy.conditions import NOT_ON_A_BILL, Condition
from tests.policies.builders import asked, billed, condition, item_of

UNKNOWN = (
    '{test: service-type, codes: ["1"]}',
    '{test: diagnosis-in, categories: ["A"]}',
    "{test: line-amount-over, limit: 0}",
    "{test: days-asked-over, limit: 0}",
    '{test: place-in, codes: ["11"]}',
    "{test: age-between, from: 0}",
    "{test: sex, is: female}",
    '{test: plan-in, plans: ["1"]}',
    '{test: provider-in, npis: ["1987654328"]}',
    '{test: network, is: out, npis: ["1987654328"]}',
    "{test: urgency, is: standard}",
    "{test: active-authorization}",
)
"""Conditions on facts that an empty request does not give."""

ABSENT = (
    '{test: service-in, system: cpt, codes: ["97110"]}',
    '{test: modifier-in, codes: ["59"]}',
    "{test: quantity-over, limit: 1}",
    "{test: document-attached}",
    '{test: drugs-tried, system: rxnorm, codes: ["6851"]}',
    "{test: gold-card}",
    "{test: requested-service-is, types: [ServiceRequest]}",
    '{test: request-type, codes: ["1"]}',
    '{test: certification-type, codes: ["R"]}',
    "{test: type, is: [retrospective]}",
    "{test: service-starts, before: receipt}",
)
"""Conditions on facts that an empty request certainly does not have."""

NEVER_ON_A_BILL = (
    '{test: service-type, codes: ["1"]}',
    "{test: days-asked-over, limit: 0}",
    "{test: document-attached}",
    '{test: drugs-tried, system: rxnorm, codes: ["6851"]}',
    "{test: requested-service-is, types: [ServiceRequest]}",
    "{test: urgency, is: standard}",
    '{test: request-type, codes: ["1"]}',
    '{test: certification-type, codes: ["R"]}',
    "{test: type, is: [retrospective]}",
    "{test: service-starts, before: receipt}",
    "{test: active-authorization}",
)


def test_no_condition_holds_for_an_empty_request() -> None:
    silent = asked(item_of(services=(), quantity=Decimal(1)))
    assert [text for text in UNKNOWN if condition(text).holds(silent) is not None] == []
    assert [text for text in ABSENT if condition(text).holds(silent) is not False] == []


def test_every_kind_of_condition_defines_absence() -> None:
    kinds = {type(condition(text)) for text in (*UNKNOWN, *ABSENT)}
    assert kinds == set(get_args(get_args(Condition)[0]))


def test_the_facts_of_a_request_are_not_known_on_a_bill() -> None:
    assert [text for text in NEVER_ON_A_BILL if condition(text).holds(billed()) is not None] == []
    assert {type(condition(text)) for text in NEVER_ON_A_BILL} == set(NOT_ON_A_BILL)


@given(low=st.integers(0, 99999), high=st.integers(0, 99999), code=st.integers(0, 99999))
def test_a_range_includes_exactly_the_numbers_between_its_ends(low: int, high: int, code: int) -> None:
    low, high = sorted((low, high))
    assume(low < high)
    test = condition(f'{{test: service-in, system: cpt, ranges: ["{low:05}-{high:05}"]}}')
    assert test.holds(asked(item_of(services=(Coding(CPT, f"{code:05}"),)))) is (low <= code <= high)
