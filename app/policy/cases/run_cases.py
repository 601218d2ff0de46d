"""Run the cases of a policy, and find rules that no case reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from msgspec import Struct

from app.domain.authorization_types.typed import Before, typed
from app.domain.datatypes import Period
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.notice import AskedDocument
from app.policy.cases.case_facts import Facts
from app.policy.cases.cases import Case, Cases, Expected
from app.policy.determination.requirements import requirements
from app.policy.policy import Policy
from app.policy.review import review

_ACTIONS = {
    ReviewAction.CERTIFIED: "certify",
    ReviewAction.MODIFIED: "partly-certify",
    ReviewAction.NOT_CERTIFIED: "deny",
    ReviewAction.PENDED: "pend",
    ReviewAction.NOT_REQUIRED: "not-required",
    ReviewAction.FORWARDED: "forward",
}


class CaseResult(Struct, frozen=True):
    """The result of a case: the rule that decided, and each difference from the expected decision."""

    name: str
    rule: str
    problems: tuple[str, ...]


def run_cases(policy: Policy, cases: Cases) -> tuple[CaseResult, ...]:
    """Review each case under the policy and compare the decision with the expected one."""
    return tuple(_run(policy, case, case.received or cases.received) for case in cases.cases)


def unreached(policy: Policy, results: Iterable[CaseResult]) -> tuple[str, ...]:
    """Return the ids of rules that decided no case."""
    reached = {result.rule for result in results}
    return tuple(rule.id for rule in policy.rules if rule.id not in reached)


def _run(policy: Policy, case: Case, received: date) -> CaseResult:
    facts = case.facts
    asked = facts.request(received)
    before = {item.number: Before.GRANTED for item in asked.items} if facts.update else {}
    request = typed(asked, received, before=before, stepped=policy.types.stepped(asked.items))
    (decision,) = review(request, policy, received, facts.member(), facts.earlier_services())
    actual = _actual(decision) | {"type": request.items[0].type, "billed": _billed(facts, policy, received)}
    return CaseResult(case.name, decision.rule, tuple(_differences(case.expect, actual)))


def _actual(decision: ItemDecision) -> dict[str, Any]:
    granted = decision.granted
    period = granted.period if granted else Period()
    return {
        "action": _ACTIONS[decision.action],
        "rule": decision.rule,
        "reason": decision.reason.key if decision.reason else None,
        "quantity": granted.quantity if granted else None,
        "code": granted.service.code if granted and granted.service else None,
        "days": (period.end - period.start).days + 1 if period.start and period.end else None,
        "ask_for": tuple(document.code for document in decision.ask_for if isinstance(document, AskedDocument)),
        "missing": decision.missing,
    }


def _billed(facts: Facts, policy: Policy, received: date) -> str:
    claim, line = facts.bill(received)
    return requirements(policy, claim, facts.member())(line).need.value


def _differences(expected: Expected, actual: dict[str, Any]) -> Iterator[str]:
    for name in sorted(expected.model_fields_set):
        if getattr(expected, name) != actual[name]:
            yield f"{name.replace('_', '-')}: expected {_text(getattr(expected, name))}, got {_text(actual[name])}"


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        value = ", ".join(value) or None
    return "none" if value is None else str(value)
