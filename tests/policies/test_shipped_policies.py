"""The shipped policies pass their cases."""

from __future__ import annotations

from typing import get_args

import pytest

from app.domain.request import Party
from app.policy.actions import Action, Deny, PartlyCertify, Pend
from app.policy.cases.cases import parse_cases
from app.policy.cases.run_cases import run_cases, unreached
from app.policy.conditions import Condition
from app.policy.loading import SHIPPED_POLICIES
from app.policy.policy import Policy
from app.policy.policy_text import parse_policy
from tests.policies.builders import REASONS, TABLES

NAMES = ("sample-payer", "second-payer")


def shipped(name: str) -> Policy:
    return parse_policy(read(f"{name}.yaml"), f"{name}.yaml", TABLES)


def read(name: str) -> str:
    return (SHIPPED_POLICIES / name).read_text(encoding="utf-8")


def test_every_policy_that_is_shipped_is_tested_here() -> None:
    others = {"reasons.yaml", "clocks.yaml"}
    policies = {file.name for file in SHIPPED_POLICIES.glob("*.yaml")} - others
    assert policies == {f"{name}{end}" for name in NAMES for end in (".yaml", ".cases.yaml")}


@pytest.mark.parametrize("name", NAMES)
def test_every_case_gets_the_answer_it_expects_and_every_rule_has_a_case(name: str) -> None:
    policy = shipped(name)
    results = run_cases(policy, parse_cases(read(f"{name}.cases.yaml"), name))
    assert [result for result in results if result.problems] == []
    assert unreached(policy, results) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_is_named_after_its_file_and_keeps_its_prefix_to_itself(name: str) -> None:
    policy = shipped(name)
    assert policy.name == name
    assert [other for other in NAMES if shipped(other).payer.prefix == policy.payer.prefix] == [name]


def test_every_kind_of_condition_and_action_is_used() -> None:
    rules = [rule for name in NAMES for rule in shipped(name).rules]
    assert {type(condition) for rule in rules for condition in rule.when} == set(get_args(get_args(Condition)[0]))
    assert {type(rule.then) for rule in rules} == set(get_args(get_args(Action)[0]))


def test_no_shipped_policy_denies_on_clinical_grounds_by_itself() -> None:
    denials = [rule.then for name in NAMES for rule in shipped(name).rules if isinstance(rule.then, Deny)]
    assert denials
    assert all(denial.reason.administrative for denial in denials)


def test_every_reason_names_the_next_step_of_the_provider() -> None:
    actions = [rule.then for name in NAMES for rule in shipped(name).rules]
    reasons = [action.reason.reason for action in actions if isinstance(action, Deny | Pend | PartlyCertify)]
    assert reasons
    assert [reason.key for reason in reasons if reason.text.count(". ") < 1] == []
    assert [key for key, reason in REASONS.items() if not reason.reason.text.endswith(".")] == []


def test_the_sample_payer_is_known_by_its_older_number_too() -> None:
    policy = shipped("sample-payer")
    assert policy.is_of(Party(npi="1234567893"))
    assert policy.is_of(Party(npi="789312"))
    assert not policy.is_of(Party(npi="1666666668"))
