from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes import CPT, HCPCS
from app.domain.datatypes import Coding, Period
from app.domain.decision import ReviewAction
from app.domain.notice import AskedDocument
from app.policy.review import NO_RULE
from app.policy.rule import CompiledRule
from tests.policies.builders import DAY, REASONS, asked, item_of, policy_of, request_of, reviewed, rule

CERTIFY = "{action: certify, for: P90D}"
LESS = "{action: partly-certify, quantity: 12, for: P90D, reason: quantity-exceeded}"


def test_every_item_is_answered_in_the_order_of_the_request() -> None:
    policy = policy_of(
        rule("{action: deny, reason: not-covered}", '[{test: service-in, system: cpt, codes: ["27447"]}]')
    )
    items = (item_of(sequence=7), item_of(sequence=3, services=(Coding(CPT, "27447"),)))
    decisions = reviewed(request_of(*items), policy, DAY)
    assert [(each.rule, each.action) for each in decisions] == [
        ("anything-else", ReviewAction.CERTIFIED),
        ("first", ReviewAction.NOT_CERTIFIED),
    ]


def test_ninety_days_from_new_year_end_with_march() -> None:
    (decision,) = reviewed(request_of(), policy_of(rule(CERTIFY)), date(2026, 1, 1))
    assert decision.granted is not None
    assert decision.granted.period == Period(date(2026, 1, 1), date(2026, 3, 31))


def test_a_denial_has_a_reason_and_no_grant() -> None:
    (decision,) = reviewed(request_of(), policy_of(rule("{action: deny, reason: not-covered}")), DAY)
    assert (decision.action, decision.granted) == (ReviewAction.NOT_CERTIFIED, None)
    assert decision.reason is not None
    assert (decision.reason.key, decision.reason.code) == ("not-covered", "0M")


def test_a_pended_item_lists_the_documents_to_send() -> None:
    then = '{action: pend, reason: medical-necessity, ask-for: [{loinc: "11506-3", name: Progress note}]}'
    (decision,) = reviewed(request_of(), policy_of(rule(then)), DAY)
    assert (decision.action, decision.granted) == (ReviewAction.PENDED, None)
    assert decision.ask_for == (AskedDocument("11506-3", "Progress note"),)


def test_a_rule_is_in_force_from_its_first_to_its_last_day_of_receipt() -> None:
    policy = policy_of(rule(CERTIFY, effective="{from: 2026-03-01, until: 2026-03-31}"))
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]
    rules = [reviewed(request_of(), policy, day)[0].rule for day in days]
    assert rules == ["anything-else", "first", "first", "anything-else"]


def test_before_the_policys_first_day_a_reviewer_decides() -> None:
    (decision,) = reviewed(request_of(), policy_of(), date(2025, 12, 31))
    assert (decision.action, decision.rule) == (ReviewAction.PENDED, NO_RULE)
    assert decision.reason == REASONS["no-rule"].reason


@pytest.mark.slow
@given(limits=st.lists(st.integers(0, 20), max_size=6), quantity=st.integers(1, 25))
def test_the_first_matching_rule_decides(limits: list[int], quantity: int) -> None:
    rules = [
        rule(CERTIFY, f"[{{test: quantity-over, limit: {limit}}}]", f"over-{index}")
        for index, limit in enumerate(limits)
    ]
    first = next((f"over-{index}" for index, limit in enumerate(limits) if quantity > limit), "anything-else")
    (decision,) = reviewed(request_of(item_of(quantity=Decimal(quantity))), policy_of(*rules), DAY)
    assert decision.rule == first


def test_all_conditions_of_a_rule_must_hold() -> None:
    when = '[{test: service-in, system: cpt, codes: ["97110", "97112"]}, {test: quantity-over, limit: 4}]'
    policy = policy_of(rule(CERTIFY, when))
    five, four, other = reviewed(
        request_of(
            item_of(quantity=Decimal(5)),
            item_of(services=(Coding(CPT, "97112"),)),
            item_of(services=(), quantity=Decimal(5)),
        ),
        policy,
        DAY,
    )
    assert [five.rule, four.rule, other.rule] == ["first", "anything-else", "anything-else"]


def test_a_rule_with_two_service_conditions_needs_both_services() -> None:
    when = (
        '[{test: service-in, system: cpt, codes: ["97110"]}, {test: service-in, system: cpt, ranges: ["97001-97009"]}]'
    )
    first, second, both = (
        item_of(services=tuple(Coding(CPT, code) for code in codes))
        for codes in (["97110"], ["97005"], ["97005", "97110"])
    )
    decisions = reviewed(request_of(first, second, both), policy_of(rule(CERTIFY, when)), DAY)
    assert [one.rule for one in decisions] == ["anything-else", "anything-else", "first"]


CODES = st.sampled_from(["97109", "97110", "97125", "97140", "J1745", "j1745", "J9999", "72148", "A9270", "0"])
SERVICES = st.lists(st.builds(Coding, st.sampled_from([CPT, HCPCS, "urn:x"]), CODES), max_size=3)


@pytest.mark.slow
@given(services=SERVICES)
def test_the_index_skips_only_rules_for_other_services(services: list[Coding]) -> None:
    whens = [
        '[{test: service-in, system: cpt, ranges: ["97110-97140"]}, {test: quantity-over, limit: 4}]',
        "[{test: quantity-over, limit: 4}]",
        '[{test: plan-in, plans: ["P"]}, {test: service-in, system: hcpcs, codes: ["J1745"], ranges: ["J0001-J9999"]}]',
        '[{test: service-in, system: "urn:x", codes: ["97110", "0"]}]',
    ]
    policy = policy_of(*(rule(CERTIFY, when, f"rule-{place}") for place, when in enumerate(whens)))
    facts = asked(item_of(services=tuple(services)))
    rules = [CompiledRule.of(one, frozenset()) for one in policy.rules]
    about = [one for one in rules if not facts.plain or one.services is None or one.services.includes(facts.services)]
    assert policy.rules_for(facts) == about
