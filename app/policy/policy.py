"""A payer's coverage policy as data: dated, cited, read top to bottom, first rule that holds wins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from msgspec import Struct
from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from app.codes import NPI
from app.domain.authorization import PolicyVersion
from app.domain.request import Coding, Party
from app.policy.actions import Action
from app.policy.code_sets import CodeIndex, CodeSet, ServiceKey, service_keys
from app.policy.conditions import Asked, Condition, ServiceIn
from app.policy.yaml.model import Code, Data, Day, Slug, Some, Text


class Effective(Data):
    """The days of receipt on which a rule is in force, both included."""

    from_: Day
    until: Day = date.max

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until < self.from_:
            raise ValueError("`until` is before `from`")
        return self


class Rule(Data):
    """One rule: what it is about, where the payer says so, when it holds, and what follows."""

    id: Slug
    title: Text
    reference: Text
    effective: Effective
    when: tuple[Condition, ...] = ()
    then: Action


class RuleAbout(Struct, frozen=True):
    """A rule as it is held against items of its `services`, or of any: when it is in force, and what else must hold.

    Made once a rule, and a Struct: a value that is read of a pydantic model takes five times as long.
    """

    rule: Rule
    services: CodeSet | None
    first: date
    last: date
    others: tuple[Condition, ...]

    @classmethod
    def of(cls, rule: Rule) -> RuleAbout:
        """Take the services that the rule is about out of what else it asks."""
        services = next((each for each in rule.when if isinstance(each, ServiceIn)), None)
        others = tuple(each for each in rule.when if each is not services)
        return cls(rule, services, rule.effective.from_, rule.effective.until, others)

    def decides(self, asked: Asked) -> bool:
        """Tell whether the rule is in force on the day and holds for an item of its services."""
        if not self.first <= asked.day <= self.last:
            return False
        for condition in self.others:  # noqa: SIM110 - half the time of all() over a generator
            if not condition.holds(asked):
                return False
        return True


class PayerIdentifier(Data):
    """A number by which senders name the payer."""

    system: Text
    value: Code


def _prefix(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{2,4}", value):
        raise ValueError("write a prefix of two to four capital letters")
    return str(value)


class Payer(Data):
    """Who answers: its name, its numbers, the place whose calendar it keeps, how its authorization numbers begin."""

    name: Text
    identifiers: Annotated[tuple[PayerIdentifier, ...], Some]
    timezone: ZoneInfo
    prefix: Annotated[str, BeforeValidator(_prefix)] = "PA"


def _name(value: str) -> str:
    if value == "unknown":
        raise ValueError("unknown is what a payer is called that nobody knows; choose another name")
    return value


class Policy(Data):
    """A payer's rules. `requires_authorization` are the services that a bill needs an authorization for."""

    name: Annotated[Slug, AfterValidator(_name)] = Field(alias="policy")
    payer: Payer
    members: Literal["accept-unknown", "registered-only"]
    over_limit: Literal["pay-up-to", "deny-line"] = "pay-up-to"
    clinical_denial: Literal["automatic"] | None = None
    requires_authorization: tuple[CodeSet, ...] = ()
    rules: Annotated[tuple[Rule, ...], Some]

    _digest: str = PrivateAttr(default="")

    def model_post_init(self, context: Any, /) -> None:
        """Note the digest of the text that the policy was read from."""
        self._digest = context["digest"] if context else ""

    @property
    def digest(self) -> str:
        """The sha256 of the policy's text, in hexadecimal."""
        return self._digest

    @cached_property
    def version(self) -> PolicyVersion:
        """What a record says of the policy that decided."""
        return PolicyVersion(self.name, self._digest)

    def day(self, instant: datetime) -> date:
        """Return the payer's calendar day at an instant, which has a zone."""
        return instant.astimezone(self.payer.timezone).date()

    def rules_about(self, services: Iterable[ServiceKey]) -> list[RuleAbout]:
        """Return the rules that can hold for an item of these services, in order."""
        rules, index = self._by_service
        return [rules[place] for place in index.places(services)]

    @cached_property
    def _by_service(self) -> tuple[list[RuleAbout], CodeIndex]:
        """A payer's rules are many, and each is about few services: held against all of them, an item costs most."""
        rules = list(map(RuleAbout.of, self.rules))
        return rules, CodeIndex(one.services for one in rules)

    def needs_authorization(self, services: Iterable[Coding]) -> bool:
        """Tell whether a bill for one of these services needs an authorization.

        A service of no system that the policy lists services of cannot be told from those it lists, and needs one too.
        """
        if not self.requires_authorization:
            return False
        keys = service_keys(services)
        listed = {each.system for each in self.requires_authorization}
        known = any(system in listed for system, _ in keys)
        return not known or any(each.includes(keys) for each in self.requires_authorization)

    def is_of(self, insurer: Party) -> bool:
        """Tell whether the insurer that a request names is this payer, by any of its numbers."""
        own = self._numbers
        return (NPI, insurer.npi) in own or any((each.system, each.value) in own for each in insurer.identifiers)

    @cached_property
    def _numbers(self) -> frozenset[tuple[str, str | None]]:
        return frozenset((each.system, each.value) for each in self.payer.identifiers)
