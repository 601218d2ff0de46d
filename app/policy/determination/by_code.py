"""Ask the rules about each code of a line that has codes of several systems.

Only the sender says that the codes name one service, so the strictest answer counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.codes import REVENUE
from app.domain.requirement import Need, Requirement
from app.policy.actions import Certify, Deny, Forward, NotRequired, PartlyCertify, Pend
from app.policy.codes.code_sets import ServiceKey
from app.policy.conditions.service import ServiceIn
from app.policy.determination.first_rule import Match, first_rule, requirement_of
from app.policy.facts.line_facts import LineFacts
from app.policy.rule import CompiledRule

_MATCHES = {Deny: 0, Pend: 1, Forward: 1, PartlyCertify: 2, Certify: 3, NotRequired: 4}
_NEEDS = {Need.EXCLUDED: 0, Need.REQUIRED: 1, Need.NOT_REQUIRED: 2}


def strictest_match(facts: LineFacts, rules: Sequence[CompiledRule], systems: frozenset[str]) -> Match | None:
    """Return the match that grants least: a denial, then a match for a reviewer, then the others.

    `systems` are those of the policy; a code of another system has no rules.
    """
    codes = _codes(facts, systems)
    if len(codes) <= 1:
        return first_rule(facts, rules)
    return min((first_rule(facts, _about(code, facts, rules)) for code in codes), key=_grants)


def strictest_requirement(facts: LineFacts, rules: Sequence[CompiledRule], systems: frozenset[str]) -> Requirement:
    """Return what a billed line needs: a line is excluded, or needs an authorization, if one of its codes does."""
    codes = _codes(facts, systems)
    if len(codes) <= 1:
        return requirement_of(facts, rules)
    needs = (requirement_of(facts, _about(code, facts, rules)) for code in codes)
    return min(needs, key=lambda requirement: _NEEDS[requirement.need])


def _codes(facts: LineFacts, systems: frozenset[str]) -> list[ServiceKey]:
    """Return the codes of the service. A revenue code tells where the service is given, so it goes with each."""
    if len(facts.services) <= 1:
        return []
    return [key for key in facts.services if key[0] in systems and key[0] != REVENUE]


def _about(code: ServiceKey, facts: LineFacts, rules: Iterable[CompiledRule]) -> Iterator[CompiledRule]:
    """Yield the rules that name the code or the revenue code, and those that name no code."""
    own = [code, *(key for key in facts.services if key[0] == REVENUE)]
    for compiled in rules:
        named = [condition for condition in compiled.rule.when if isinstance(condition, ServiceIn)]
        if not named or any(condition.includes(own) or _touches(condition, code, facts) for condition in named):
            yield compiled


def _touches(condition: ServiceIn, code: ServiceKey, facts: LineFacts) -> bool:
    """Return whether a range that begins with the code has a code of the condition, or is no range."""
    span = facts.span
    return span is not None and code[0] == span.system and (span.empty or condition.over(span) is not False)


def _grants(match: Match | None) -> int:
    return _MATCHES[Pend] if match is None or match.unknown else _MATCHES[type(match.rule.then)]
