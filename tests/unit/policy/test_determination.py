"""The walk over the rules: what is certain decides, and what is not known asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.codes import CPT, PLACE_OF_SERVICE
from app.domain.covered import CoverageTerms, Covered
from app.domain.datatypes import Coding, Period
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.notice import AskedDocument
from app.domain.requirement import Need, Requirement
from app.domain.service_line import Order
from app.policy.determination.first_rule import requirement_of
from app.policy.policy import Policy
from tests.policies.builders import DAY, NOTHING_KNOWN, billed, item_of, policy_of, request_of, reviewed, rule

CERTIFY = "{action: certify, for: P90D}"
PEND = '{action: pend, reason: medical-necessity, ask-for: [{loinc: "11506-3", name: Note}]}'
LESS = "{action: partly-certify, quantity: 6, for: P90D, reason: quantity-exceeded}"
DENY = "{action: deny, reason: not-covered}"
LATE = "{action: deny, reason: late-request}"
FREE = "{action: not-required}"

THERAPY = '{test: service-in, system: cpt, ranges: ["97110-97140"]}'
BASIC = '{test: plan-in, plans: ["BASIC"]}'
EMERGENCY = '{test: place-in, codes: ["23"]}'
LAST_IS_FREE = f"{{id: last, title: T, reference: R, effective: {{from: 2026-01-01}}, then: {FREE}}}"

ON_BASIC = Covered(coverages=(CoverageTerms(plans=("BASIC",)),))
ON_GOLD = Covered(coverages=(CoverageTerms(plans=("GOLD",)),))


def when(*conditions: str) -> str:
    return f"[{', '.join(conditions)}]"


def decided(policy: Policy, covered: Covered = NOTHING_KNOWN, **facts: Any) -> ItemDecision:
    (decision,) = reviewed(request_of(item_of(**facts)), policy, DAY, covered)
    return decision


def outcome(decision: ItemDecision) -> tuple[str, str | None]:
    return decision.action.value, decision.reason.key if decision.reason else None


def needed(policy: Policy, **facts: Any) -> Requirement:
    line = billed(**facts)
    return requirement_of(line, policy.rules_for(line))


@pytest.mark.parametrize("then", [PEND, DENY, LESS])
def test_a_rule_that_would_not_free_the_item_pends_it_for_the_unknown_facts(then: str) -> None:
    policy = policy_of(rule(then, when(THERAPY, BASIC, EMERGENCY)))
    decision = decided(policy)
    assert outcome(decision) == ("A4", "fact-missing")
    assert (decision.rule, decision.missing) == ("first", ("plan", "place of service"))
    assert decided(policy, ON_GOLD).rule == "anything-else"
    assert decided(policy, ON_BASIC).missing == ("place of service",)


@pytest.mark.parametrize("then", [CERTIFY, FREE])
def test_a_rule_that_frees_the_item_needs_all_its_facts(then: str) -> None:
    policy = policy_of(rule(then, when(THERAPY, BASIC)), rule(PEND, when(THERAPY), "second"))
    assert decided(policy).rule == "second"
    assert decided(policy, ON_BASIC).rule == "first"


def test_no_item_is_denied_while_an_earlier_rule_may_grant_it() -> None:
    policy = policy_of(rule(CERTIFY, when(BASIC)), rule(DENY, name="second"))
    assert outcome(decided(policy)) == ("A4", "fact-missing")
    assert decided(policy).missing == ("plan",)
    assert outcome(decided(policy, ON_GOLD)) == ("A3", "not-covered")


def test_a_service_that_needs_no_authorization_gets_no_grant() -> None:
    decision = decided(policy_of(rule(FREE, when(THERAPY))))
    assert (decision.action, decision.reason, decision.granted) == (ReviewAction.NOT_REQUIRED, None, None)


@pytest.mark.parametrize("services", [(), (Coding("urn:local", "97110"),)])
def test_a_service_of_which_the_policy_knows_nothing_is_never_free(services: tuple[Coding, ...]) -> None:
    policy = policy_of(rule(CERTIFY, when(THERAPY)), last=LAST_IS_FREE)
    assert outcome(decided(policy, services=services)) == ("A4", "no-rule")
    assert needed(policy, services=services).need is Need.REQUIRED
    assert decided(policy, services=(Coding(CPT, "99213"),)).action is ReviewAction.NOT_REQUIRED
    assert needed(policy, services=(Coding(CPT, "99213"),)).need is Need.NOT_REQUIRED


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("97112", ("A1", None)),
        ("97140", ("A1", None)),
        ("97141", ("A4", "code-range")),
        ("99999", ("A4", "code-range")),
    ],
)
def test_a_range_over_two_rules_is_left_to_a_reviewer(end: str, expected: tuple[str, str | None]) -> None:
    policy = policy_of(rule(CERTIFY, when(THERAPY)))
    assert outcome(decided(policy, service_end=Coding(CPT, end))) == expected


@pytest.mark.parametrize("then", [CERTIFY, FREE, PEND, DENY, LESS])
def test_a_range_that_touches_a_rule_of_any_action_is_left_to_a_reviewer(then: str) -> None:
    decision = decided(
        policy_of(rule(then, when(THERAPY))), services=(Coding(CPT, "97000"),), service_end=Coding(CPT, "97110")
    )
    assert outcome(decision) == ("A4", "code-range")


def test_a_range_passes_a_rule_that_does_not_hold_for_another_cause() -> None:
    policy = policy_of(rule(PEND, when(THERAPY, BASIC)))
    facts: dict[str, Any] = {"services": (Coding(CPT, "97000"),), "service_end": Coding(CPT, "97110")}
    assert decided(policy, ON_GOLD, **facts).rule == "anything-else"
    assert outcome(decided(policy, **facts)) == ("A4", "code-range")


@pytest.mark.parametrize(
    ("code", "then", "expected"),
    [
        ("97110", CERTIFY, ("A1", None)),
        ("62323", CERTIFY, ("A4", "order-differs")),
        ("62323", FREE, ("A4", "order-differs")),
        ("62323", PEND, ("A4", "order-differs")),
        ("62323", DENY, ("A3", "not-covered")),
    ],
)
def test_an_order_for_another_service_is_left_to_a_reviewer(
    code: str, then: str, expected: tuple[str, str | None]
) -> None:
    order = Order("ServiceRequest", (Coding(CPT, code), Coding("http://snomed.info/sct", "1")))
    decision = decided(policy_of(rule(then, when(THERAPY))), order=order)
    assert outcome(decision) == expected
    assert decision.ask_for == ((AskedDocument("11506-3", "Note"),) if then is PEND else ())


def test_an_order_inside_the_range_of_the_item_does_not_differ() -> None:
    order = Order("ServiceRequest", (Coding(CPT, "97112"),))
    policy = policy_of(rule(CERTIFY, when(THERAPY)))
    assert outcome(decided(policy, order=order, service_end=Coding(CPT, "97140"))) == ("A1", None)


@pytest.mark.parametrize("serviced", [Period(date(2026, 3, 1)), Period(None, date(2026, 3, 1))])
@pytest.mark.parametrize(
    ("then", "expected"),
    [
        (CERTIFY, ("A4", "retrospective")),
        (LESS, ("A4", "retrospective")),
        (PEND, ("A4", "medical-necessity")),
        (DENY, ("A3", "not-covered")),
        (FREE, ("NA", None)),
    ],
)
def test_a_service_before_the_receipt_is_certified_only_by_a_rule_about_its_start(
    serviced: Period, then: str, expected: tuple[str, str | None]
) -> None:
    assert outcome(decided(policy_of(rule(then, when(THERAPY))), serviced=serviced)) == expected
    late = policy_of(rule(CERTIFY, when(THERAPY, "{test: service-starts, before: receipt}")))
    granted = decided(late, serviced=serviced).granted
    assert granted is not None
    assert granted.period.start == date(2026, 3, 1)


def test_a_rule_counts_by_the_day_of_receipt_or_of_service() -> None:
    march = "{{from: 2026-03-01, until: 2026-03-31, by: {}}}"
    april = Period(date(2026, 4, 1))
    for by, expected in (("receipt", "first"), ("service", "anything-else")):
        policy = policy_of(rule(CERTIFY, effective=march.format(by)))
        assert decided(policy, serviced=april).rule == expected
        assert needed(policy, serviced=april).rule == "anything-else"
        assert needed(policy, serviced=Period(DAY, DAY)).rule == "first"


@pytest.mark.parametrize(
    ("then", "need"),
    [
        (FREE, Need.NOT_REQUIRED),
        (DENY, Need.EXCLUDED),
        (LATE, Need.REQUIRED),
        (CERTIFY, Need.REQUIRED),
        (LESS, Need.REQUIRED),
        (PEND, Need.REQUIRED),
    ],
)
def test_the_action_of_the_deciding_rule_gives_the_need_of_a_billed_line(then: str, need: Need) -> None:
    requirement = needed(policy_of(rule(then, when(THERAPY)), last=LAST_IS_FREE))
    assert (requirement.need, requirement.rule, requirement.unknown) == (need, "first", ())


@pytest.mark.parametrize(
    ("then", "need", "decides"),
    [
        (FREE, Need.NOT_REQUIRED, "last"),
        (DENY, Need.REQUIRED, "first"),
        (CERTIFY, Need.REQUIRED, "first"),
        (LESS, Need.REQUIRED, "first"),
        (PEND, Need.REQUIRED, "first"),
    ],
)
def test_a_rule_that_may_decide_makes_a_bill_need_an_authorization(then: str, need: Need, decides: str) -> None:
    requirement = needed(policy_of(rule(then, when(THERAPY, EMERGENCY)), last=LAST_IS_FREE))
    assert (requirement.need, requirement.rule) == (need, decides)
    assert requirement.unknown == (() if then is FREE else ("place of service",))


def test_an_exclusion_counts_only_where_no_earlier_rule_may_free_the_line() -> None:
    policy = policy_of(rule(FREE, when(THERAPY, EMERGENCY)), rule(DENY, when(THERAPY), "second"))
    office, room = Coding(PLACE_OF_SERVICE, "11"), Coding(PLACE_OF_SERVICE, "23")
    assert needed(policy, place=office).need is Need.EXCLUDED
    assert needed(policy, place=room).need is Need.NOT_REQUIRED
    assert needed(policy) == Requirement(Need.REQUIRED, "second", "T", "R", ("place of service",))


def test_a_billed_range_is_free_only_with_all_of_its_codes() -> None:
    policy = policy_of(rule(PEND, when('{test: service-in, system: cpt, codes: ["97112"]}')), last=LAST_IS_FREE)
    assert needed(policy, service_end=Coding(CPT, "97111")).need is Need.NOT_REQUIRED
    assert needed(policy, service_end=Coding(CPT, "97113")).need is Need.REQUIRED


def test_a_day_without_a_rule_in_force_needs_an_authorization() -> None:
    assert needed(policy_of(last=LAST_IS_FREE), serviced=Period(date(2025, 12, 31))) == Requirement(Need.REQUIRED)


def test_a_limit_counts_over_all_lines_of_the_same_service() -> None:
    lines = [item_of(sequence=sequence, quantity=Decimal(4)) for sequence in (1, 2, 3)]
    other = item_of(sequence=4, services=(Coding(CPT, "97112"),))
    policy = policy_of(rule(LESS, when(THERAPY)))
    decisions = reviewed(request_of(*lines, other), policy)
    assert [outcome(decision) for decision in decisions] == [
        ("A1", None),
        ("A6", "quantity-exceeded"),
        ("A3", "limit-reached"),
        ("A1", None),
    ]
    assert [decision.granted and decision.granted.quantity for decision in decisions] == [4, 2, None, 4]
    start = [item_of(sequence=1, quantity=Decimal(5), modifiers=("GP",)), item_of(sequence=2, quantity=Decimal(5))]
    two_rules = policy_of(rule(LESS, when(THERAPY, '{test: modifier-in, codes: ["GP"]}')), rule(LESS, name="second"))
    assert [one.granted and one.granted.quantity for one in reviewed(request_of(*start), two_rules)] == [5, 1]
    backwards = reviewed(request_of(other, *reversed(lines)), policy)
    assert list(reversed(backwards))[:3] == list(decisions[:3])
