"""One determination: a range is all of its codes, order decides nothing, and a free bill has no rule to review it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.codes import CPT, HCPCS, LOINC, PLACE_OF_SERVICE, REVENUE
from app.domain.covered import CoverageTerms, Covered
from app.domain.datatypes import Coding, Period
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.request import Party
from app.domain.requirement import Need
from app.domain.service_line import Order
from app.policy.actions import NotRequired
from app.policy.determination.first_rule import first_rule, requirement_of
from app.policy.policy import Policy
from tests.policies.builders import asked, billed, item_of, policy_of, request_of, reviewed, rule

pytestmark = pytest.mark.slow

DAY = date(2026, 3, 2)
SET = '{{test: service-in, system: cpt, ranges: ["{}-{}"]}}'
BILLED_CONDITIONS = (
    '{test: plan-in, plans: ["BASIC"]}',
    '{test: place-in, codes: ["23"]}',
    "{test: quantity-over, limit: 3}",
    "{test: age-between, to: 6}",
    '{test: modifier-in, codes: ["ST"]}',
    '{test: provider-in, npis: ["1777777776"]}',
)
CONDITIONS = (
    *BILLED_CONDITIONS,
    "{test: urgency, is: expedited}",
    "{test: document-attached}",
    "{test: requested-service-is, types: [DeviceRequest]}",
    '{test: request-type, codes: ["AR"]}',
    "{test: service-starts, after: receipt}",
)
FREE = "{action: not-required}"
ACTIONS = (
    "{action: certify, for: P90D}",
    "{action: partly-certify, quantity: 2, for: P90D, reason: quantity-exceeded}",
    "{action: pend, reason: medical-necessity}",
    "{action: deny, reason: not-covered}",
    "{action: deny, reason: late-request}",
    FREE,
)
LAST = "{id: last, title: T, reference: R, effective: {from: 2026-01-01}, then: {action: not-required}}"
CODES = st.integers(97100, 97130)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw a policy of up to five rules with up to two conditions, and a last rule that frees everything else."""
    rules = []
    for number in range(draw(st.integers(1, 5))):
        low = draw(CODES)
        services = SET.format(low, draw(st.integers(low + 1, 97140)))
        action = draw(st.sampled_from(ACTIONS))
        possible = BILLED_CONDITIONS if action is FREE else CONDITIONS
        others = draw(st.lists(st.sampled_from(possible), max_size=2, unique=True))
        rules.append(rule(action, f"[{', '.join([services, *others])}]", f"rule-{number}"))
    return policy_of(*rules, last=LAST)


LINES = st.fixed_dictionaries(
    {
        "quantity": st.sampled_from([Decimal(1), Decimal(4)]),
        "place": st.sampled_from([None, Coding(PLACE_OF_SERVICE, "23"), Coding(PLACE_OF_SERVICE, "11")]),
        "modifiers": st.sampled_from([(), ("ST",)]),
        "providers": st.sampled_from([(), ("1777777776",), ("1444444446",)]),
    }
)
MEMBERS = st.builds(
    lambda born, plans: Covered(born, None, (CoverageTerms(plans=plans),)),
    st.sampled_from([None, date(2022, 1, 1), date(1990, 1, 1)]),
    st.sampled_from([(), ("BASIC",), ("GOLD",)]),
)
REQUESTS = st.fixed_dictionaries(
    {
        "urgency": st.sampled_from([None, "U", "normal"]),
        "documents": st.sampled_from([(), (Coding(LOINC, "11506-3"),)]),
        "has_documents": st.booleans(),
    }
)
ITEMS = st.fixed_dictionaries(
    {
        "request_type": st.sampled_from([None, "AR", "HS"]),
        "order": st.sampled_from([None, Order("DeviceRequest")]),
    }
)


def outcome(decision: ItemDecision) -> tuple[ReviewAction, str]:
    return decision.action, decision.rule


def decided(policy: Policy, member: Covered, **facts: Any) -> ItemDecision:
    (decision,) = reviewed(request_of(item_of(**facts)), policy, DAY, member)
    return decision


@given(policy=policies(), line=LINES, member=MEMBERS, first=CODES, length=st.integers(0, 12))
def test_a_range_is_decided_as_every_code_in_it(
    policy: Policy, line: dict[str, Any], member: Covered, first: int, length: int
) -> None:
    end = Coding(CPT, str(first + length))
    whole = decided(policy, member, services=(Coding(CPT, str(first)),), service_end=end, **line)
    codes = [Coding(HCPCS, str(code)) for code in range(first, first + length + 1)]
    single = {outcome(decided(policy, member, services=(code,), **line)) for code in codes}
    # An earlier rule that lacks a fact may be about a part of the range only, so the whole of it waits for the fact.
    if whole.reason is not None and whole.reason.key in {"code-range", "fact-missing", "number-needed"}:
        assert whole.action is ReviewAction.PENDED
    else:
        assert single == {outcome(whole)}


@given(policy=policies(), lines=st.lists(st.tuples(CODES, LINES), min_size=1, max_size=4), data=st.data())
def test_the_order_of_items_and_codings_changes_nothing(
    policy: Policy, lines: list[tuple[int, dict[str, Any]]], data: st.DataObject
) -> None:
    codings = [(Coding(CPT, str(code)), Coding(REVENUE, "0420")) for code, _ in lines]
    items = [
        item_of(sequence=number, services=services, **line)
        for number, (services, (_, line)) in enumerate(zip(codings, lines, strict=True), 1)
    ]
    shuffled = [
        item_of(sequence=number, services=services[::-1], **line)
        for number, (services, (_, line)) in enumerate(zip(codings, lines, strict=True), 1)
    ]
    places = data.draw(st.permutations(range(len(items))))
    straight = reviewed(request_of(*items), policy)
    mixed = reviewed(request_of(*(shuffled[place] for place in places)), policy)
    assert [mixed[places.index(place)] for place in range(len(items))] == list(straight)


@given(policy=policies(), code=CODES, line=LINES, member=MEMBERS, request=st.tuples(REQUESTS, ITEMS))
def test_a_bill_that_needs_no_authorization_has_no_rule_to_review_it(
    policy: Policy,
    code: int,
    line: dict[str, Any],
    member: Covered,
    request: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    services, serviced = (Coding(CPT, str(code)),), Period(DAY, DAY)
    bill = billed(covered=member, provider=Party(npi="1444444446"), services=services, serviced=serviced, **line)
    assume(requirement_of(bill, policy.rules_for(bill)).need is Need.NOT_REQUIRED)
    item = item_of(services=services, serviced=serviced, **line, **request[1])
    facts = asked(item, DAY, covered=member, requestor=Party(npi="1444444446"), **request[0])
    deciding = first_rule(facts, policy.rules_for(facts))
    assert deciding is not None
    assert isinstance(deciding.rule.then, NotRequired)
    assert deciding.unknown == ()


@given(policy=policies(), code=CODES, line=LINES, member=MEMBERS, request=st.tuples(REQUESTS, ITEMS))
def test_a_request_is_free_only_if_its_bill_is(
    policy: Policy,
    code: int,
    line: dict[str, Any],
    member: Covered,
    request: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    services, serviced = (Coding(CPT, str(code)),), Period(DAY, DAY)
    provider = Party(npi="1444444446")
    item = item_of(services=services, serviced=serviced, **line, **request[1])
    (decision,) = reviewed(request_of(item, requestor=provider, **request[0]), policy, DAY, member)
    assume(decision.action is ReviewAction.NOT_REQUIRED)
    bill = billed(covered=member, provider=provider, services=services, serviced=serviced, **line)
    assert requirement_of(bill, policy.rules_for(bill)).need is Need.NOT_REQUIRED


@given(policy=policies(), code=CODES, line=LINES, member=MEMBERS)
def test_a_bill_without_a_code_or_outside_the_policys_systems_always_needs_an_authorization(
    policy: Policy, code: int, line: dict[str, Any], member: Covered
) -> None:
    for services in ((), (Coding("urn:local", str(code)),)):
        bill = billed(covered=member, services=services, **line)
        assert requirement_of(bill, policy.rules_for(bill)).need is Need.REQUIRED
