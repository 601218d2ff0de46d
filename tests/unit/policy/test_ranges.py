"""Ranges of codes in a review: ends that form no range, and limits over overlapping ranges."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.codes import CPT, HCPCS, NDC
from app.domain.datatypes import Coding
from app.domain.request import RequestedItem
from tests.policies.builders import item_of, policy_of, request_of, reviewed, rule

THERAPY = '[{test: service-in, system: cpt, ranges: ["97110-97140"]}]'
LESS = "{action: partly-certify, quantity: 6, for: P90D, reason: quantity-exceeded}"
OVER = '[{test: service-in, system: cpt, ranges: ["97110-97140"]}, {test: quantity-over, limit: 6}]'
LONG = "1" * 5000


def asked(sequence: int, first: str, last: str | None = None, units: int = 4) -> RequestedItem:
    end = None if last is None else Coding(CPT, last)
    return item_of(sequence=sequence, services=(Coding(CPT, first),), service_end=end, quantity=Decimal(units))


def granted(*items: RequestedItem) -> list[int]:
    decisions = reviewed(request_of(*items), policy_of(rule(LESS, THERAPY)))
    return [int((decision.granted and decision.granted.quantity) or 0) for decision in decisions]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("97110", "97130"), ("97120", "97140"), [4, 2]),
        (("97110", "97130"), ("97120", None), [4, 2]),
        (("97120", None), ("97110", "97130"), [4, 2]),
        (("97110", "97130"), ("97110", "97130"), [4, 2]),
        (("97110", "97119"), ("97120", "97140"), [4, 4]),
        (("97110", "97119"), ("97120", None), [4, 4]),
    ],
)
def test_a_limit_counts_ranges_that_have_a_code_in_common(
    first: tuple[str, str | None], second: tuple[str, str | None], expected: list[int]
) -> None:
    assert granted(asked(1, *first), asked(2, *second)) == expected


def test_the_units_of_overlapping_ranges_are_compared_together() -> None:
    policy = policy_of(rule("{action: pend, reason: medical-necessity}", OVER))
    apart = reviewed(request_of(asked(1, "97110", "97119"), asked(2, "97120", "97140")), policy)
    shared = reviewed(request_of(asked(1, "97110", "97120"), asked(2, "97120", "97140")), policy)
    assert [decision.rule for decision in apart] == ["anything-else", "anything-else"]
    assert [decision.rule for decision in shared] == ["first", "first"]


@pytest.mark.parametrize(
    ("service", "end"),
    [
        (Coding(CPT, "97110"), Coding(NDC, "57894-0030-01")),
        (Coding(CPT, "97140"), Coding(CPT, "97110")),
        (Coding(CPT, "97110"), Coding(HCPCS, "J1745")),
        (Coding("urn:local", LONG), Coding("urn:local", LONG)),
    ],
)
def test_ends_that_form_no_range_are_left_to_a_reviewer(service: Coding, end: Coding) -> None:
    (decision,) = reviewed(request_of(item_of(services=(service,), service_end=end)), policy_of(rule(LESS, THERAPY)))
    assert decision.reason is not None
    assert decision.reason.key == "code-range"
