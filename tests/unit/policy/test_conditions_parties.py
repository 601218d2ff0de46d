from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.codes import CPT, HCPCS, LOINC, REVENUE
from app.domain.covered import CoverageTerms, Covered
from app.domain.datatypes import Coding, Period
from app.domain.request import Party
from app.domain.service_line import Order
from app.policy.facts.earlier import EarlierService, earlier_services
from tests.policies.builders import DAY, asked, billed, condition, item_of
from tests.support.billing_samples import authorization, item


@pytest.mark.parametrize(
    ("born", "holds"),
    [
        (date(2020, 3, 3), False),
        (date(2020, 3, 2), True),
        (date(2007, 3, 3), True),
        (date(2007, 3, 2), False),
        (date(2027, 1, 1), None),
        (None, None),
    ],
)
def test_an_age_is_counted_on_the_day_of_service_and_both_ends_are_included(
    born: date | None, holds: bool | None
) -> None:
    test = condition("{test: age-between, from: 6, to: 18}")
    member = Covered(born)
    assert test.holds(asked(item_of(), covered=member)) is holds
    served = item_of(serviced=Period(DAY, DAY))
    assert test.holds(asked(served, date(2026, 1, 1), covered=member)) is holds
    assert test.holds(billed(covered=member)) is holds


def test_a_member_born_on_a_leap_day_turns_a_year_older_on_march_first() -> None:
    test = condition("{test: age-between, from: 18}")
    member = Covered(date(2008, 2, 29))
    assert test.holds(asked(item_of(), date(2026, 2, 28), covered=member)) is False
    assert test.holds(asked(item_of(), date(2026, 3, 1), covered=member))


def test_a_gold_card_counts_for_the_requestor_and_for_performers() -> None:
    test = condition('{test: provider-in, npis: ["1987654328"]}')
    assert test.holds(asked(item_of(), requestor=Party(npi="1987654328")))
    assert test.holds(asked(item_of(providers=("1777777776", "1987654328"))))
    assert test.holds(asked(item_of(providers=("1777777776",)), requestor=Party(npi="1444444446"))) is False
    assert test.holds(asked(item_of())) is None
    assert test.holds(billed(provider=Party(npi="1987654328"))) is True


@pytest.mark.parametrize(
    ("performers", "requestor", "inside"),
    [
        (("1777777776",), Party(npi="1444444446"), True),
        (("1777777776", "1444444446"), Party(), False),
        (("1444444446",), Party(npi="1777777776", tax_id="12-3456789"), False),
        (("1444444446",), Party(npi="1444444446", tax_id="123456789"), True),
        ((), Party(npi="1777777776"), True),
        ((), Party(npi="1444444446"), False),
        ((), Party(tax_id="12-3456789"), True),
        ((), Party(), None),
    ],
)
def test_the_network_of_a_line_is_that_of_its_performing_providers(
    performers: tuple[str, ...], requestor: Party, inside: bool | None
) -> None:
    listed = 'npis: ["1777777776"], tax-ids: ["12-3456789"]'
    facts = asked(item_of(providers=performers), requestor=requestor)
    assert condition(f"{{test: network, is: in, {listed}}}").holds(facts) is inside
    assert condition(f"{{test: network, is: out, {listed}}}").holds(facts) is (None if inside is None else not inside)


def test_a_document_condition_names_a_type_or_any_type() -> None:
    typed, any_type = condition('{test: document-attached, codes: ["11506-3"]}'), condition("{test: document-attached}")
    note, other = (Coding(LOINC, "11506-3"),), (Coding("urn:other", "11506-3"),)
    assert typed.holds(asked(item_of(), documents=note, has_documents=True))
    assert not typed.holds(asked(item_of(), documents=other, has_documents=True))
    assert any_type.holds(asked(item_of(), documents=other, has_documents=True))
    assert any_type.holds(asked(item_of())) is False
    assert typed.holds(asked(item_of())) is False
    assert typed.holds(billed()) is any_type.holds(billed()) is None


def test_the_order_behind_an_item_is_known_by_its_kind() -> None:
    test = condition("{test: requested-service-is, types: [DeviceRequest, MedicationRequest]}")
    assert test.holds(billed()) is None
    assert test.holds(asked(item_of(order=Order("DeviceRequest"))))
    assert not test.holds(asked(item_of(order=Order("ServiceRequest"))))
    assert not test.holds(asked(item_of()))


@pytest.mark.parametrize(
    ("urgency", "expedited", "standard"),
    [("U", True, False), ("03", True, False), ("stat", True, False), ("E", False, True), (None, None, None)],
)
def test_the_urgency_of_a_request_without_one_is_not_known(
    urgency: str | None, expedited: bool | None, standard: bool | None
) -> None:
    facts = asked(item_of(), urgency=urgency)
    assert condition("{test: urgency, is: expedited}").holds(facts) is expedited
    assert condition("{test: urgency, is: standard}").holds(facts) is standard


def test_a_request_type_and_a_certification_type_are_compared_by_code() -> None:
    admission, renewal = (
        condition('{test: request-type, codes: ["AR"]}'),
        condition('{test: certification-type, codes: ["R"]}'),
    )
    assert admission.holds(asked(item_of(request_type="AR")))
    assert admission.holds(asked(item_of())) is False
    assert renewal.holds(asked(item_of(certification_type="R")))
    assert renewal.holds(asked(item_of())) is False
    assert condition('{test: certification-type, codes: ["I"]}').holds(asked(item_of()))
    assert admission.holds(billed()) is renewal.holds(billed()) is None


def test_a_plan_is_that_of_the_coverage_on_the_day_of_service() -> None:
    test = condition('{test: plan-in, plans: ["BASIC"]}')
    before = CoverageTerms(period=Period(None, date(2026, 2, 28)), plans=("GOLD",))
    after = CoverageTerms(period=Period(date(2026, 3, 1)), plans=("BASIC",))
    member = Covered(coverages=(before, after))
    assert test.holds(asked(item_of(), covered=member)) is True
    assert test.holds(asked(item_of(serviced=Period(date(2026, 2, 28))), covered=member)) is False
    assert test.holds(asked(item_of())) is None


@pytest.mark.parametrize(("gender", "male"), [("male", True), ("female", False), ("other", None), (None, None)])
def test_only_female_and_male_are_a_known_sex(gender: str | None, male: bool | None) -> None:
    assert condition("{test: sex, is: male}").holds(asked(item_of(), covered=Covered(gender=gender))) is male


def test_a_modifier_is_compared_in_capitals() -> None:
    test = condition('{test: modifier-in, codes: ["ST", "rr"]}')
    assert test.holds(asked(item_of(modifiers=("st",))))
    assert test.holds(billed(modifiers=("RR",)))
    assert test.holds(asked(item_of())) is False


@pytest.mark.parametrize(
    ("amount", "currency", "holds"),
    [("500.01", "USD", True), ("500", "USD", False), (None, "USD", None), ("900", "EUR", None)],
)
def test_an_amount_counts_in_dollars(amount: str | None, currency: str, holds: bool | None) -> None:
    test = condition("{test: line-amount-over, limit: 500}")
    facts: dict[str, Any] = {"charge": amount and Decimal(amount), "currency": currency}
    assert test.holds(asked(item_of(**facts))) is holds
    assert test.holds(billed(**facts)) is holds


def test_the_days_of_a_request_need_both_ends() -> None:
    test = condition("{test: days-asked-over, limit: 10}")
    assert test.holds(asked(item_of(serviced=Period(DAY, date(2026, 3, 11))))) is False
    assert test.holds(asked(item_of(serviced=Period(DAY, date(2026, 3, 12))))) is True
    assert test.holds(asked(item_of(serviced=Period(DAY)))) is None
    assert test.holds(billed(serviced=Period(DAY, DAY))) is None


@pytest.mark.parametrize(
    ("starts", "before", "after", "long_before"),
    [
        (date(2026, 3, 1), True, False, False),
        (date(2026, 2, 16), True, False, True),
        (date(2026, 2, 17), True, False, False),
        (DAY, False, False, False),
        (date(2026, 3, 3), False, True, False),
        (None, False, False, False),
    ],
)
def test_a_service_starts_before_or_after_the_day_of_receipt(
    starts: date | None, before: bool, after: bool, long_before: bool
) -> None:
    facts = asked(item_of(serviced=Period(starts) if starts else None))
    assert condition("{test: service-starts, before: receipt}").holds(facts) is before
    assert condition("{test: service-starts, after: receipt}").holds(facts) is after
    assert condition("{test: service-starts, before: receipt, by: P14D}").holds(facts) is long_before
    assert condition("{test: service-starts, after: receipt}").holds(billed()) is None


@pytest.mark.parametrize("text", ["", "before: receipt, after: receipt", "before: receipt, by: PT5H", "by: P5D"])
def test_a_start_is_on_one_side_of_the_day_of_receipt_and_counts_days(text: str) -> None:
    with pytest.raises(ValidationError):
        condition(f"{{test: service-starts, {text}}}")


def test_an_earlier_service_repeats_in_the_same_code_and_days() -> None:
    test = condition("{test: active-authorization}")
    earlier = (EarlierService((Coding(CPT, "97110"),), Coding(CPT, "97112"), Period(date(2026, 3, 1), DAY)),)
    later = Period(date(2026, 3, 3), date(2026, 3, 9))
    assert test.holds(asked(item_of(), earlier=earlier)) is True
    assert test.holds(asked(item_of(services=(Coding(HCPCS, "97112"),)), earlier=earlier)) is True
    assert test.holds(asked(item_of(services=(Coding(CPT, "97113"),)), earlier=earlier)) is False
    assert test.holds(asked(item_of(serviced=later), earlier=earlier)) is False
    assert test.holds(asked(item_of(), earlier=())) is False
    assert test.holds(asked(item_of())) is test.holds(billed()) is None


def test_a_service_with_a_revenue_code_alone_repeats_by_that_code() -> None:
    test = condition("{test: active-authorization}")
    room, other = Coding(REVENUE, "0120"), Coding(REVENUE, "0450")
    earlier = tuple(earlier_services([authorization(item(services=(), revenue=room))]))
    assert test.holds(asked(item_of(services=(), revenue=room), earlier=earlier)) is True
    assert test.holds(asked(item_of(services=(), revenue=other), earlier=earlier)) is False
    assert test.holds(asked(item_of(revenue=room), earlier=earlier)) is False
