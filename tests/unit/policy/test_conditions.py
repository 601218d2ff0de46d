from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest

from app.codes import CPT, HCPCS, ICD_10_CM, PLACE_OF_SERVICE, REVENUE, X12_SERVICE_TYPE
from app.domain.datatypes import Coding
from app.domain.service_line import Order
from app.policy.conditions import Condition
from app.policy.facts.gather import facts_of_request
from tests.policies.builders import DAY, NOTHING_KNOWN, asked, billed, condition, item_of, request_of


@pytest.mark.parametrize(
    ("system", "code", "holds"),
    [
        (CPT, "72148", True),
        (HCPCS, "72148", True),
        (CPT, "97110", True),
        (CPT, "97140", True),
        (CPT, "97141", False),
        (CPT, "9711F", False),
        (CPT, "971100", False),
        (ICD_10_CM, "72148", False),
    ],
)
def test_a_service_is_found_by_code_or_range_in_cpt_or_hcpcs(system: str, code: str, holds: bool) -> None:
    test = condition('{test: service-in, system: cpt, codes: ["72148"], ranges: ["97110-97140"]}')
    assert test.holds(asked(item_of(services=(Coding(system, code),)))) is holds


def test_a_line_without_a_code_is_not_known_if_its_order_has_one() -> None:
    test = condition('{test: service-in, system: hcpcs, ranges: ["J1700-J1799"]}')
    assert test.holds(asked(item_of(services=(Coding(CPT, "j1745"),)))) is True
    assert test.holds(asked(item_of(services=()))) is False
    assert test.holds(asked(item_of(services=(), order=Order("MedicationRequest", (Coding(CPT, "J1745"),))))) is None
    assert test.holds(billed(services=())) is None


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        ("97110", "97140", True),
        ("97110", "97112", True),
        ("97139", "97142", True),
        ("97139", "97143", None),
        ("97109", "97110", None),
        ("97141", "97142", True),
        ("97143", "97199", False),
        ("9711T", "9714T", False),
        ("97140", "97110", None),
        ("97110", "J9999", None),
    ],
)
def test_a_range_must_lie_in_the_set_with_all_of_its_codes(start: str, end: str, holds: bool | None) -> None:
    test = condition('{test: service-in, system: cpt, codes: ["97142", "97141"], ranges: ["97110-97140"]}')
    item = item_of(services=(Coding(CPT, start),), service_end=Coding(HCPCS, end))
    assert test.holds(asked(item)) is holds


def test_a_range_is_in_the_set_of_another_code_of_the_line() -> None:
    test = condition('{test: service-in, system: revenue, codes: ["0420"]}')
    item = item_of(service_end=Coding(CPT, "97140"), revenue=Coding(REVENUE, "0420"))
    assert test.holds(asked(item)) is True


def test_a_range_of_codes_with_a_last_letter_includes_only_codes_of_its_shape() -> None:
    test = condition('{test: service-in, system: cpt, ranges: ["0100T-0200T"]}')
    assert test.holds(asked(item_of(services=(Coding(CPT, "0150T"),))))
    assert not test.holds(asked(item_of(services=(Coding(CPT, "01505"),))))
    assert not test.holds(asked(item_of(services=(Coding(CPT, "01A0T"),))))


def test_a_service_type_is_compared_in_its_own_system() -> None:
    test = condition('{test: service-type, codes: ["42"]}')
    assert test.holds(asked(item_of(service_types=(Coding(X12_SERVICE_TYPE, "42"),))))
    assert test.holds(asked(item_of(service_types=(Coding("https://x12.org/codes/service-type-codes", "42"),))))
    assert test.holds(asked(item_of(service_types=(Coding(CPT, "42"),)))) is False
    assert test.holds(asked(item_of())) is None


@pytest.mark.parametrize(
    ("code", "holds"),
    [("M54.50", True), ("M5450", True), ("m54.2", True), ("L40.0", True), ("L400", True), ("L40.1", False)],
)
def test_a_diagnosis_is_compared_without_its_dot_and_a_category_by_its_prefix(code: str, holds: bool) -> None:
    test = condition('{test: diagnosis-in, categories: ["M54"], codes: ["L40.0"]}')
    assert test.holds(asked(item_of(diagnoses=(Coding(ICD_10_CM, code),)))) is holds


def test_a_diagnosis_in_another_system_or_none_is_not_known() -> None:
    test = condition('{test: diagnosis-in, codes: ["M54.50"]}')
    assert test.holds(asked(item_of(diagnoses=(Coding("http://snomed.info/sct", "M54.50"),)))) is None
    assert test.holds(asked(item_of())) is None
    other = condition('{test: diagnosis-in, system: "http://snomed.info/sct", codes: ["161891005"]}')
    assert other.holds(asked(item_of(diagnoses=(Coding("http://snomed.info/sct", "161891005"),))))


@pytest.mark.parametrize(("quantity", "holds"), [("12", False), ("12.5", True), ("13", True)])
def test_a_quantity_is_over_its_limit(quantity: str, holds: bool) -> None:
    test = condition("{test: quantity-over, limit: 12}")
    assert test.holds(asked(item_of(quantity=Decimal(quantity)))) is holds


def test_the_units_of_one_service_are_counted_over_all_lines_that_are_not_withdrawn() -> None:
    lines = [item_of(sequence=1, quantity=Decimal(8)), item_of(sequence=2, quantity=Decimal(8))]
    others = [item_of(sequence=3, services=(Coding(CPT, "97112"),)), item_of(sequence=4, cancelled=True)]
    facts = facts_of_request(request_of(*lines, *others), DAY, NOTHING_KNOWN)
    assert [line.units for line in facts] == [16, 16, 4, 16]


def test_a_place_is_compared_by_place_of_service_code() -> None:
    test = condition('{test: place-in, codes: ["23"]}')
    assert test.holds(asked(item_of(place=Coding(PLACE_OF_SERVICE, "23"))))
    assert test.holds(asked(item_of(place=Coding(PLACE_OF_SERVICE, "11")))) is False
    assert test.holds(asked(item_of(place=Coding("urn:other", "23")))) is None
    assert test.holds(asked(item_of())) is None


def test_every_condition_has_a_docstring() -> None:
    for kind in get_args(get_args(Condition)[0]):
        assert kind.__doc__, kind
        assert kind.holds.__doc__, kind
        assert kind.fact, kind
        assert not kind.__doc__.startswith("!!!"), kind
