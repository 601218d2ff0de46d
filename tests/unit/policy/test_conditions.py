from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from app.codes import CPT, HCPCS, ICD_10_CM, LOINC, PLACE_OF_SERVICE, X12_SERVICE_TYPE
from app.domain.datatypes import Coding
from app.domain.request import Member, Party
from app.domain.service_line import Order
from app.policy.conditions import Condition
from tests.policies.builders import asked, condition, item_of


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


def test_a_service_of_the_order_behind_the_item_counts_too() -> None:
    test = condition('{test: service-in, system: hcpcs, ranges: ["J1700-J1799"]}')
    services = (
        Coding("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable"),
        Coding(CPT, "j1745"),
    )
    assert test.holds(asked(item_of(services=services)))
    assert not test.holds(asked(item_of(services=services[:1])))


def test_a_range_of_codes_with_a_last_letter_includes_only_codes_of_its_shape() -> None:
    test = condition('{test: service-in, system: cpt, ranges: ["0100T-0200T"]}')
    assert test.holds(asked(item_of(services=(Coding(CPT, "0150T"),))))
    assert not test.holds(asked(item_of(services=(Coding(CPT, "01505"),))))
    assert not test.holds(asked(item_of(services=(Coding(CPT, "01A0T"),))))


def test_a_service_type_is_compared_in_its_own_system() -> None:
    test = condition('{test: service-type, codes: ["42"]}')
    assert test.holds(asked(item_of(service_types=(Coding(X12_SERVICE_TYPE, "42"),))))
    assert test.holds(asked(item_of(service_types=(Coding("https://x12.org/codes/service-type-codes", "42"),))))
    assert not test.holds(asked(item_of(service_types=(Coding(CPT, "42"),))))
    assert not test.holds(asked(item_of()))


@pytest.mark.parametrize(
    ("code", "holds"),
    [("M54.50", True), ("M5450", True), ("m54.2", True), ("L40.0", True), ("L400", True), ("L40.1", False)],
)
def test_a_diagnosis_is_compared_without_its_dot_and_a_category_by_its_prefix(code: str, holds: bool) -> None:
    test = condition('{test: diagnosis-in, categories: ["M54"], codes: ["L40.0"]}')
    assert test.holds(asked(item_of(diagnoses=(Coding(ICD_10_CM, code),)))) is holds


def test_a_diagnosis_in_another_system_or_none_does_not_match() -> None:
    test = condition('{test: diagnosis-in, codes: ["M54.50"]}')
    assert not test.holds(asked(item_of(diagnoses=(Coding("http://snomed.info/sct", "M54.50"),))))
    assert not test.holds(asked(item_of()))
    other = condition('{test: diagnosis-in, system: "http://snomed.info/sct", codes: ["161891005"]}')
    assert other.holds(asked(item_of(diagnoses=(Coding("http://snomed.info/sct", "161891005"),))))


@pytest.mark.parametrize(("quantity", "holds"), [("12", False), ("12.5", True), ("13", True), (None, False)])
def test_a_missing_quantity_is_never_over_the_limit(quantity: str | None, holds: bool) -> None:
    test = condition("{test: quantity-over, limit: 12}")
    assert test.holds(asked(item_of(quantity=quantity and Decimal(quantity)))) is holds


def test_a_place_is_compared_by_place_of_service_code() -> None:
    test = condition('{test: place-in, codes: ["23"]}')
    assert test.holds(asked(item_of(place=Coding(PLACE_OF_SERVICE, "23"))))
    assert not test.holds(asked(item_of(place=Coding(PLACE_OF_SERVICE, "11"))))
    assert not test.holds(asked(item_of(place=Coding("urn:other", "23"))))
    assert not test.holds(asked(item_of()))


@pytest.mark.parametrize(
    ("born", "holds"),
    [
        (date(2020, 3, 3), False),
        (date(2020, 3, 2), True),
        (date(2007, 3, 3), True),
        (date(2007, 3, 2), False),
        (date(2027, 1, 1), False),
        (None, False),
    ],
)
def test_an_age_is_counted_on_the_day_of_receipt_and_both_ends_are_included(born: date | None, holds: bool) -> None:
    test = condition("{test: age-between, from: 6, to: 18}")
    assert test.holds(asked(item_of(), member=Member("M1", birth_date=born))) is holds


def test_a_member_born_on_a_leap_day_turns_a_year_older_on_march_first() -> None:
    test = condition("{test: age-between, from: 18}")
    member = Member("M1", birth_date=date(2008, 2, 29))
    assert not test.holds(asked(item_of(), date(2026, 2, 28), member=member))
    assert test.holds(asked(item_of(), date(2026, 3, 1), member=member))


def test_a_gold_card_counts_for_the_requestor_and_for_performers() -> None:
    test = condition('{test: provider-in, npis: ["1987654328"]}')
    assert test.holds(asked(item_of(), requestor=Party(npi="1987654328")))
    assert test.holds(asked(item_of(providers=("1777777776", "1987654328"))))
    assert not test.holds(asked(item_of(providers=("1777777776",)), requestor=Party(npi="1444444446")))
    assert not test.holds(asked(item_of()))


def test_a_document_condition_names_a_type_or_any_type() -> None:
    typed, any_type = condition('{test: document-attached, codes: ["11506-3"]}'), condition("{test: document-attached}")
    note, other = (Coding(LOINC, "11506-3"),), (Coding("urn:other", "11506-3"),)
    assert typed.holds(asked(item_of(), documents=note, has_documents=True))
    assert not typed.holds(asked(item_of(), documents=other, has_documents=True))
    assert any_type.holds(asked(item_of(), documents=other, has_documents=True))
    assert not any_type.holds(asked(item_of()))


def test_the_order_behind_an_item_is_known_by_its_kind() -> None:
    test = condition("{test: requested-service-is, types: [DeviceRequest, MedicationRequest]}")
    assert test.holds(asked(item_of(order=Order("DeviceRequest"))))
    assert not test.holds(asked(item_of(order=Order("ServiceRequest"))))
    assert not test.holds(asked(item_of()))


@pytest.mark.parametrize(
    ("urgency", "expedited", "standard"),
    [("U", True, False), ("03", True, False), ("stat", True, False), ("E", False, True), (None, False, False)],
)
def test_a_request_without_an_urgency_matches_neither_urgency(
    urgency: str | None, expedited: bool, standard: bool
) -> None:
    facts = asked(item_of(), urgency=urgency)
    assert condition("{test: urgency, is: expedited}").holds(facts) is expedited
    assert condition("{test: urgency, is: standard}").holds(facts) is standard


def test_a_request_type_and_a_plan_are_compared_by_code() -> None:
    admission, plan = condition('{test: request-type, codes: ["AR"]}'), condition('{test: plan-in, plans: ["BASIC"]}')
    assert admission.holds(asked(item_of(request_type="AR")))
    assert not admission.holds(asked(item_of()))
    assert plan.holds(asked(item_of(), member=Member("M1", plans=("GOLD", "BASIC"))))
    assert not plan.holds(asked(item_of()))


def test_every_condition_has_a_docstring() -> None:
    for kind in get_args(get_args(Condition)[0]):
        assert kind.__doc__, kind
        assert kind.holds.__doc__, kind
        assert not kind.__doc__.startswith("!!!"), kind
