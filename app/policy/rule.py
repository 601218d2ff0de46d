"""A rule of a policy: when it is in force, its conditions and its action."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from app.domain.parts.authorization_type import AFTER_DENIAL, BEGUN, AuthorizationType
from app.policy.actions import Action, Certify, NotRequired
from app.policy.conditions import Condition
from app.policy.conditions.history import ActiveAuthorization
from app.policy.conditions.request import TypeIs
from app.policy.conditions.service import ServiceIn
from app.policy.conditions.timing import ServiceStarts
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.days import InForce
from app.policy.yaml.model import Data, Slug, Text

KNOWN_SYSTEM = "code of a service in a system of the policy"
"""The fact that is missing if the policy names no system of the line's codes: then nothing is known of the service."""


class Effective(InForce):
    """The days on which a rule is in force, from `from` to `until`, both included.

    `by`: the days of receipt, or the days of service. A bill asks every rule on the day of service.
    """

    by: Literal["service", "receipt"] = "receipt"


class Rule(Data):
    """One rule: its title, its reference in the payer's documents, its conditions and its action."""

    id: Slug
    title: Text
    reference: Text
    effective: Effective
    when: tuple[Condition, ...] = ()
    then: Action

    @property
    def after_denial(self) -> frozenset[AuthorizationType]:
        """The types of appeals that the rule is about, by its `type` conditions."""
        types = [condition.is_ & AFTER_DENIAL for condition in self.when if isinstance(condition, TypeIs)]
        return frozenset.intersection(*types) if types else frozenset()


class CompiledRule(Struct, frozen=True):
    """A rule prepared for the walk: its service condition apart from the other conditions.

    `frees`: True if the action asks nothing more of the provider: `certify` or `not-required`.
    `systems`: the systems of the policy, if the action says `not-required` about all services.
    `judges_start`: True if the rule looks at the time between receipt and service, or is about care that has begun.
    `after_denial`: the types of appeals that the rule is about.
    `looks_back`: True if the rule looks at the member's earlier requests.
    `about_referrals`: True if the rule is about referrals only.
    A Struct, because reading a field of a pydantic model takes five times as long.
    """

    rule: Rule
    services: ServiceIn | None
    first_day: date
    last_day: date
    by_service: bool
    conditions: tuple[Condition, ...]
    frees: bool
    systems: frozenset[str] | None
    judges_start: bool
    after_denial: frozenset[AuthorizationType]
    looks_back: bool
    about_referrals: bool

    @classmethod
    def of(cls, rule: Rule, systems: frozenset[str]) -> CompiledRule:
        """Separate the first `service-in` condition of a rule from its other conditions."""
        services = next((condition for condition in rule.when if isinstance(condition, ServiceIn)), None)
        return cls(
            rule=rule,
            services=services,
            first_day=rule.effective.from_,
            last_day=rule.effective.until,
            by_service=rule.effective.by == "service",
            conditions=tuple(condition for condition in rule.when if condition is not services),
            frees=isinstance(rule.then, Certify | NotRequired),
            systems=systems if services is None and isinstance(rule.then, NotRequired) else None,
            judges_start=any(map(_judges_start, rule.when)),
            after_denial=rule.after_denial,
            looks_back=any(isinstance(condition, ActiveAuthorization) for condition in rule.when),
            about_referrals=any(_is_about_referrals(condition) for condition in rule.when),
        )

    def unknown(self, facts: LineFacts) -> tuple[str, ...] | None:
        """Return the facts on which the rule hangs: none if it certainly decides. None: it does not decide."""
        if not self.first_day <= (facts.day if self.by_service else facts.received) <= self.last_day:
            return None
        if self.after_denial and (facts.item is None or facts.item.type not in self.after_denial):
            return None  # A bill is no appeal.
        missing = self._unknown_service(facts)
        if missing is None:
            return None
        for condition in self.conditions:
            holds = condition.holds(facts)
            if holds is None:
                missing = (*missing, condition.fact)
            elif not holds:
                return None
        return missing

    def _unknown_service(self, facts: LineFacts) -> tuple[str, ...] | None:
        if self.services is None:
            systems = self.systems
            known = systems is None or any(service[0] in systems for service in facts.services)
            return () if known else (KNOWN_SYSTEM,)
        if facts.plain:
            return ()  # The index found the rule by the line's codes.
        holds = self.services.holds(facts)
        return (self.services.fact,) if holds is None else () if holds else None


def _judges_start(condition: Condition) -> bool:
    if isinstance(condition, TypeIs):
        return condition.is_ <= BEGUN
    return isinstance(condition, ServiceStarts)


def _is_about_referrals(condition: Condition) -> bool:
    return isinstance(condition, TypeIs) and condition.is_ == {AuthorizationType.REFERRAL}
