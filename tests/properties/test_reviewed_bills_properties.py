"""Requests under the shipped sample policy and bills under their number: only what review looked at is paid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from app.codes import CPT, HCPCS, ICD_10_CM, LOINC, NDC, PLACE_OF_SERVICE, X12_SERVICE_TYPE
from app.domain.adjudication.adjudicate import adjudicate
from app.domain.adjudication.service_key import bill_keys
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import Adjudication, BilledLine
from app.domain.covered import CoverageTerms, Covered
from app.domain.datatypes import Coding, Period
from app.domain.decision import ReviewAction
from app.domain.parts.billing_terms import BillingTerms
from app.domain.request import Party, RequestedItem
from app.domain.service_line import Order
from app.policy.determination.requirements import requirements
from app.policy.eligibility import review_covered
from app.policy.loading import SHIPPED_POLICIES, load_policy
from tests.policies.builders import request_of
from tests.support.billing_samples import AU1, AU2, A, B, authorization, claim, facts

pytestmark = pytest.mark.slow

POLICY = load_policy(SHIPPED_POLICIES / "sample-payer.yaml")
DAY = date(2026, 3, 2)
MOST_THERAPY = 12
"""The units of one service that each rule about therapy grants on one request."""

REQUESTOR = Party(npi=A, tax_id="12-3456789")
OFFICE, ROOM = Coding(PLACE_OF_SERVICE, "11"), Coding(PLACE_OF_SERVICE, "23")
THERAPY = [Coding(CPT, "97110"), Coding(CPT, "97112"), Coding(HCPCS, "97112"), Coding(CPT, "97140")]
OTHERS = [
    *(Coding(CPT, code) for code in ("97109", "72148", "70553", "27447", "58150", "99213")),
    *(Coding(HCPCS, code) for code in ("J1745", "Q5103", "A9270", "E0100", "L0450", "G0151")),
    Coding(NDC, "57894-0030-01"),
    Coding("urn:local", "97110"),
]
Fields = dict[str, Any]


class Story(Struct):
    """A member's request, and the lines of a bill for it."""

    member: Covered
    items: list[RequestedItem]
    billed: list[BilledLine]


def on(first: date, length: int) -> Period:
    return Period(first, first + timedelta(length))


facts_of_lines = {
    "services": st.sampled_from(THERAPY * 3 + OTHERS).map(lambda code: (code,)),
    "quantity": st.integers(1, 14).map(Decimal),
    "modifiers": st.sampled_from([(), (), ("26",), ("GP",), ("ST",)]),
    "place": st.sampled_from([None, OFFICE, ROOM]),
    "providers": st.sampled_from([(), (A,), (B,), (A, B)]),
    "diagnoses": st.sampled_from([(), (Coding(ICD_10_CM, "M05.9"),)]),
    "charge": st.sampled_from([None, Decimal(400), Decimal(600)]),
}
days = st.integers(-3, 20).map(lambda after: DAY + timedelta(after))
billed_lines = st.fixed_dictionaries({**facts_of_lines, "serviced": st.builds(on, days, st.just(0))})
single_items = st.fixed_dictionaries({**facts_of_lines, "serviced": st.builds(on, days, st.integers(0, 99))})
ends = st.sampled_from([None, Coding(CPT, "97112"), Coding(CPT, "97140"), Coding(HCPCS, "J9999")])
items = st.builds(lambda item, end: {**item, "service_end": end}, single_items, ends)
members = st.builds(
    lambda born, gender, plans: Covered(born, gender, (CoverageTerms(plans=plans),)),
    st.sampled_from([None, date(2022, 1, 1), date(1984, 5, 17)]),
    st.sampled_from([None, "female", "male"]),
    st.sampled_from([(), ("BASIC",), ("SELECT",)]),
)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Draw up to three items, and lines that differ from one of them in up to two facts."""
    drawn: list[Fields] = draw(st.lists(items, min_size=1, max_size=3))
    billed = []
    for sequence in range(1, draw(st.integers(2, 6))):
        item, other = draw(st.sampled_from(drawn)), draw(billed_lines)
        changed = draw(st.sets(st.sampled_from(sorted(other)), max_size=2))
        fields = {name: (other if name in changed else item)[name] for name in facts_of_lines}
        day = draw(st.dates(item["serviced"].start, item["serviced"].end))
        billed.append(
            line_of(sequence, fields | {"serviced": other["serviced"] if "serviced" in changed else on(day, 0)})
        )
    requested = [RequestedItem(sequence=sequence, **item) for sequence, item in enumerate(drawn, 1)]
    return Story(draw(members), requested, billed)


def line_of(sequence: int, fields: Fields) -> BilledLine:
    return BilledLine(sequence=sequence, **fields)


def decided(requested: Sequence[RequestedItem], member: Covered, **request: Any) -> tuple[AuthorizedItem, ...]:
    asked = request_of(*requested, requestor=REQUESTOR, **request)
    return tuple(map(AuthorizedItem, asked.items, review_covered(asked, POLICY, DAY, member, ())))


def authorized(requested: Sequence[RequestedItem], member: Covered, number: str = AU1) -> Authorization:
    return authorization(*decided(requested, member), requestor=REQUESTOR, number=number)


def answered(
    billed: Sequence[BilledLine], member: Covered, *known: Authorization, numbers: tuple[str, ...] = (AU1,)
) -> Adjudication:
    bill = claim(*billed, numbers=numbers, provider=REQUESTOR)
    given = {
        "requirement": requirements(POLICY, bill, member),
        "services": bill_keys(bill, "biller", "patient-1").services,
        "covered": member,
        "terms": BillingTerms(future_services=True),
        "on_file": (),
    }
    return adjudicate(bill, facts(*known, **given))


def drawn_on(story: Story, known: Authorization) -> Iterator[tuple[BilledLine, AuthorizedItem, Decimal]]:
    """Yield each line that draws, with its item and its units."""
    by_number = {item.requested.number: item for item in known.items}
    answer = answered(story.billed, story.member, known)
    for billed, result in zip(story.billed, answer.lines, strict=True):
        for draw in result.draws:
            yield billed, by_number[draw.item], draw.units


@given(stories())
def test_a_draw_is_for_a_reviewed_service_day_and_provider(story: Story) -> None:
    for billed, item, _ in drawn_on(story, authorized(story.items, story.member)):
        event(item.decision.rule)
        granted, asked, serviced = item.decision.granted, item.requested, billed.serviced
        assert granted is not None
        assert serviced is not None
        assert (granted.period.start or date.max) <= (serviced.start or date.min)
        assert (serviced.end or date.max) <= (granted.period.end or date.min)
        assert asked.place in {None, billed.place}
        assert {*billed.providers[:1]} <= {*(asked.providers or (A,))}
        assert ("26" in billed.modifiers) is ("26" in asked.modifiers)
        # The review of the billed code alone must grant it, too.
        alone = replace(asked, services=(granted.service,) if granted.service else billed.services, service_end=None)
        [again] = decided([replace(alone, quantity=Decimal(1))], story.member)
        assert again.decision.granted is not None or granted.service is not None


@given(stories())
def test_draws_stay_within_the_limits_of_grants_and_rules(story: Story) -> None:
    of_item: dict[str, Decimal] = {}
    of_rule: dict[tuple[str, str], Decimal] = {}
    known = authorized(story.items, story.member)
    for billed, item, units in drawn_on(story, known):
        rule = item.decision.rule, billed.services[0].code
        of_item[item.requested.number] = of_item.get(item.requested.number, Decimal(0)) + units
        of_rule[rule] = of_rule.get(rule, Decimal(0)) + units
    granted = {item.requested.number: item.decision.granted for item in known.items}
    assert all(units <= (((of := granted[number]) and of.quantity) or 0) for number, units in of_item.items())
    assert all(units <= MOST_THERAPY for (rule, _), units in of_rule.items() if rule.startswith("therapy"))


@given(stories(), st.data())
def test_the_order_of_items_and_numbers_changes_no_answer(story: Story, data: st.DataObject) -> None:
    member, billed = story.member, story.billed
    shuffled = data.draw(st.permutations(story.items))
    straight, mixed = authorized(story.items, member), authorized(shuffled, member)
    other = authorized(story.items[:1], member, AU2)
    first = answered(billed, member, straight, other, numbers=(AU1, AU2))
    assert answered(billed, member, other, mixed, numbers=(AU2, AU1)) == first


@given(single_items, st.data())
def test_the_order_of_lines_changes_no_sum(item: Fields, data: st.DataObject) -> None:
    member = Covered(date(1984, 5, 17), "female", (CoverageTerms(),))
    known = authorized([RequestedItem(sequence=1, **item)], member)
    dates, units = st.dates(item["serviced"].start, item["serviced"].end), st.integers(1, 9).map(Decimal)
    served = data.draw(st.lists(st.tuples(dates, units), min_size=1, max_size=5, unique_by=lambda day: day[0]))
    billed = [
        line_of(number, item | {"serviced": on(day, 0), "quantity": quantity})
        for number, (day, quantity) in enumerate(served, 1)
    ]
    mixed = data.draw(st.permutations(billed))
    assert paid_units(answered(billed, member, known)) == paid_units(answered(mixed, member, known))


def paid_units(answer: Adjudication) -> Decimal:
    return sum((result.paid_units for result in answer.lines), Decimal(0))


requests = st.fixed_dictionaries(
    {
        "urgency": st.sampled_from([None, "U", "normal"]),
        "documents": st.sampled_from([(), (Coding(LOINC, "11506-3"),)]),
    }
)
facts_of_items = st.fixed_dictionaries(
    {
        "request_type": st.sampled_from([None, "AR", "HS"]),
        "certification_type": st.sampled_from([None, "R"]),
        "service_types": st.sampled_from([(), (Coding(X12_SERVICE_TYPE, "42"),)]),
        "order": st.sampled_from([None, Order("DeviceRequest")]),
    }
)


@given(fields=billed_lines, member=members, request=requests, more=facts_of_items)
def test_a_line_without_number_is_paid_only_for_an_unreviewed_service(
    fields: Fields, member: Covered, request: Fields, more: Fields
) -> None:
    [result] = answered([line_of(1, fields)], member, numbers=()).lines
    [item] = decided([RequestedItem(sequence=1, **fields, **more)], member, **request)
    event(f"paid: {result.paid}")
    assert not result.paid or item.decision.action is ReviewAction.NOT_REQUIRED
