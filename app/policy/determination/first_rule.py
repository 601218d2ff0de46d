"""Find the rule that decides a service line. Reviews, billing and the list of services ask the same rules."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from app.domain.requirement import NOT_COVERED, Need, Requirement
from app.policy.actions import Deny, NotRequired
from app.policy.conditions.gold_card import GoldCardHeld
from app.policy.conditions.service import ServiceIn
from app.policy.facts.line_facts import LineFacts
from app.policy.rule import CompiledRule, Rule


class Match(Struct, frozen=True):
    """The first rule that decides a line.

    `unknown`: the facts on which it hangs; empty if it certainly decides.
    `passed_over`: the facts that earlier rules lacked, which would have asked for nothing more.
    """

    rule: Rule
    judges_start: bool
    unknown: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()


def first_rule(facts: LineFacts, rules: Iterable[CompiledRule]) -> Match | None:
    """Return the first rule whose conditions all hold, or which may hold and would not free the line.

    A rule that frees the line (`certify`, `not-required`) needs all its facts, or else is passed over. A rule that
    holds for a part of the line's range of codes hangs on the code.
    """
    passed_over: tuple[str, ...] = ()
    for compiled in rules:
        unknown = compiled.unknown(facts)
        if unknown is None:
            continue
        if unknown and compiled.frees and (facts.span is None or unknown != (ServiceIn.fact,)):
            passed_over += unknown
            continue
        return Match(compiled.rule, compiled.judges_start, unknown, passed_over)
    return None


def requirement_of(facts: LineFacts, rules: Iterable[CompiledRule]) -> Requirement:
    """Return whether a billed line needs an authorization.

    It needs none only if `not-required` certainly decides, and is excluded only if a denial as `not-covered` certainly
    does. Any other rule that could decide reviews the line, so the line needs an authorization.
    """
    passed_over: tuple[str, ...] = ()
    for compiled in rules:
        unknown = compiled.unknown(facts)
        if unknown is None:
            continue
        action = compiled.rule.then
        if isinstance(action, NotRequired):
            if not unknown:
                exempt = any(isinstance(condition, GoldCardHeld) for condition in compiled.conditions)
                return replace(_requirement(Need.NOT_REQUIRED, compiled.rule), exempt=exempt)
            passed_over += unknown
            continue
        excludes = isinstance(action, Deny) and action.reason.reason.key == NOT_COVERED
        if excludes and not unknown and not passed_over:
            return _requirement(Need.EXCLUDED, compiled.rule)
        return _requirement(Need.REQUIRED, compiled.rule, (*passed_over, *unknown))
    return Requirement(Need.REQUIRED, unknown=tuple(dict.fromkeys(passed_over)))


def _requirement(need: Need, rule: Rule, unknown: tuple[str, ...] = ()) -> Requirement:
    return Requirement(need, rule.id, rule.title, rule.reference, tuple(dict.fromkeys(unknown)))
