"""Rules that apply to all conditions."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from app.codes import CPT
from app.domain.datatypes import Coding
from tests.policies.builders import asked, condition, item_of

EVERY_KIND = (
    '{test: service-in, system: cpt, codes: ["1"]}',
    '{test: service-type, codes: ["1"]}',
    '{test: diagnosis-in, categories: ["A"]}',
    "{test: quantity-over, limit: 0}",
    '{test: place-in, codes: ["1"]}',
    "{test: age-between, from: 0}",
    '{test: provider-in, npis: ["1"]}',
    "{test: document-attached}",
    "{test: requested-service-is, types: [ServiceRequest]}",
    "{test: urgency, is: standard}",
    '{test: request-type, codes: ["1"]}',
    '{test: plan-in, plans: ["1"]}',
)


def test_no_condition_holds_for_an_empty_request() -> None:
    silent = asked(item_of(services=(), quantity=None))
    assert [text for text in EVERY_KIND if condition(text).holds(silent)] == []


@given(low=st.integers(0, 99999), high=st.integers(0, 99999), code=st.integers(0, 99999))
def test_a_range_includes_exactly_the_numbers_between_its_ends(low: int, high: int, code: int) -> None:
    low, high = sorted((low, high))
    assume(low < high)
    test = condition(f'{{test: service-in, system: cpt, ranges: ["{low:05}-{high:05}"]}}')
    assert test.holds(asked(item_of(services=(Coding(CPT, f"{code:05}"),)))) is (low <= code <= high)
