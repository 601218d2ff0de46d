from __future__ import annotations

import pytest

from app.policy.cases.cases import parse_cases
from app.policy.cases.run_cases import run_cases, unreached
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import policy_of, rule

THERAPY = rule(
    "{action: partly-certify, quantity: 12, for: P90D, reason: fewer-units}",
    '[{test: service-in, system: cpt, codes: ["97110"]}]',
)


def problems(case: str) -> list[str]:
    cases = parse_cases(f"received: 2026-03-02\ncases: [{case}]\n", "c.yaml")
    return [problem for result in run_cases(policy_of(THERAPY), cases) for problem in result.problems]


def test_a_case_with_its_expected_decision_has_no_problem() -> None:
    expect = "{rule: first, action: partly-certify, reason: fewer-units, quantity: 12, days: 90, code: null}"
    assert problems(f'{{name: N, facts: {{services: ["97110"], quantity: 20}}, expect: {expect}}}') == []


def test_a_case_lists_every_difference_from_the_expected_decision() -> None:
    expect = '{rule: second, action: pend, reason: age, quantity: null, days: 9, code: "1", ask-for: ["2"]}'
    assert problems(f'{{name: N, facts: {{services: ["97110"], quantity: 20}}, expect: {expect}}}') == [
        "action: expected pend, got partly-certify",
        "ask-for: expected 2, got none",
        "code: expected 1, got none",
        "days: expected 9, got 90",
        "quantity: expected none, got 12",
        "reason: expected age, got fewer-units",
        "rule: expected second, got first",
    ]


def test_a_case_may_name_another_code_system() -> None:
    nursery = rule("{action: pend, reason: level-of-care}", '[{test: service-in, system: revenue, codes: ["0174"]}]')
    facts = '{system: revenue, services: ["0174"]}'
    case = f"{{name: N, facts: {facts}, expect: {{rule: first, action: pend, billed: required}}}}"
    (result,) = run_cases(policy_of(nursery), parse_cases(f"received: 2026-03-02\ncases: [{case}]\n", "c.yaml"))
    assert result.problems == ()


def test_a_case_may_have_its_own_day() -> None:
    assert problems("{name: N, received: 2025-12-31, facts: {}, expect: {action: pend}}") == []
    assert problems("{name: N, facts: {}, expect: {action: certify}}") == []


def test_rules_that_no_case_reaches_are_named() -> None:
    policy = policy_of(THERAPY)
    cases = parse_cases("received: 2026-03-02\ncases: [{name: N, facts: {}, expect: {action: certify}}]", "c.yaml")
    assert unreached(policy, run_cases(policy, cases)) == ("first",)


def test_a_case_that_cannot_be_read_is_refused_with_its_line() -> None:
    text = "received: 2026-03-02\ncases:\n  - name: N\n    facts: {service: '1'}\n    expect: {action: approve}\n"
    with pytest.raises(YamlRefused) as refused:
        parse_cases(text, "c.yaml")
    unknown, action = refused.value.problems
    assert unknown.startswith("c.yaml:4: `service` is an unknown key. Known keys: system, services, service-end, ")
    assert action == (
        "c.yaml:5: `action` must be 'certify', 'partly-certify', 'deny', 'pend', 'not-required' or 'forward'."
    )
