"""A payer's coverage policy: dated rules with citations, read from top to bottom. The first match decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from msgspec import Struct
from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from app.codes import NPI, canonical
from app.domain.authorization import UNKNOWN_PAYER, PolicyVersion
from app.domain.billing import AdjudicationReason
from app.domain.datatypes import Coding
from app.domain.notice import Criterion
from app.domain.request import Party
from app.domain.review.review_reason import ReviewReason
from app.policy.actions import Action
from app.policy.appeal import Appeal
from app.policy.clocks import Clocks
from app.policy.code_sets import CodeIndex, CodeSet, ServiceKey, service_keys
from app.policy.conditions import Condition, ItemFacts, ServiceIn
from app.policy.tables import Tables
from app.policy.yaml.model import Code, Data, Day, NotEmpty, Slug, Text


class Effective(Data):
    """The days of receipt on which a rule is in force, from `from` to `until`, both included."""

    from_: Day
    until: Day = date.max

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until < self.from_:
            raise ValueError("must have `until` on or after `from`")
        return self


class Rule(Data):
    """One rule: its title, its reference in the payer's documents, its conditions and its action."""

    id: Slug
    title: Text
    reference: Text
    effective: Effective
    when: tuple[Condition, ...] = ()
    then: Action


class CompiledRule(Struct, frozen=True):
    """A rule prepared for the review: its service condition apart from the other conditions.

    A Struct, because reading a field of a pydantic model takes five times as long.
    """

    rule: Rule
    services: CodeSet | None
    first_day: date
    last_day: date
    conditions: tuple[Condition, ...]

    @classmethod
    def of(cls, rule: Rule) -> CompiledRule:
        """Separate the first `service-in` condition of a rule from its other conditions."""
        services = next((condition for condition in rule.when if isinstance(condition, ServiceIn)), None)
        conditions = tuple(condition for condition in rule.when if condition is not services)
        return cls(rule, services, rule.effective.from_, rule.effective.until, conditions)

    def decides(self, facts: ItemFacts) -> bool:
        """Return whether the rule is in force and its conditions hold for an item with its services."""
        if not self.first_day <= facts.day <= self.last_day:
            return False
        for condition in self.conditions:  # noqa: SIM110 - half the time of all() over a generator
            if not condition.holds(facts):
                return False
        return True


class PayerIdentifier(Data):
    """An identifier of the payer that submitters use."""

    system: Annotated[Text, AfterValidator(canonical)]
    value: Code


def _prefix(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{2,4}", value):
        raise ValueError("must be two to four capital letters")
    return str(value)


class Payer(Data):
    """The payer: its name, its identifiers, its time zone and the prefix of its authorization numbers."""

    name: Text
    identifiers: Annotated[tuple[PayerIdentifier, ...], NotEmpty]
    timezone: ZoneInfo
    prefix: Annotated[str, BeforeValidator(_prefix)] = "PA"


def _name(value: str) -> str:
    if value == UNKNOWN_PAYER:
        raise ValueError(f"must not be `{UNKNOWN_PAYER}`, which stands for an unknown payer")
    return value


class Policy(Data):
    """A payer's policy. `requires_authorization` lists the services that need an authorization to be paid.

    `member_systems`: the identifier systems of the payer's member numbers. Without them, the Coverage shows the system.
    """

    name: Annotated[Slug, AfterValidator(_name)] = Field(alias="policy")
    payer: Payer
    members: Literal["accept-unknown", "registered-only"]
    member_systems: Annotated[frozenset[Text], NotEmpty] = frozenset()
    over_limit: Literal["pay-up-to", "deny-line"] = "pay-up-to"
    future_services: Literal["accept", "deny"] = "deny"
    clinical_denial: Literal["automatic"] | None = None
    requires_authorization: tuple[CodeSet, ...] = ()
    appeal: Appeal
    rules: Annotated[tuple[Rule, ...], NotEmpty]

    _digest: str = PrivateAttr()
    _tables: Tables = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Keep the tables of the policy, and the digest of all its texts."""
        self._digest, self._tables = context["digest"], context["tables"]

    @property
    def digest(self) -> str:
        """The sha256 of the policy's text and of the reasons and clocks beside it, in hexadecimal."""
        return self._digest

    @cached_property
    def reasons(self) -> Mapping[str, ReviewReason]:
        """The review reasons by key: the shipped ones, with the rows that reasons.yaml beside the policy changes."""
        return self._tables.review_reasons

    @cached_property
    def adjudication_reasons(self) -> Mapping[str, AdjudicationReason]:
        """The adjudication reasons by key, with the rows that reasons.yaml beside the policy changes."""
        return self._tables.adjudication_reasons

    @cached_property
    def clocks(self) -> Clocks:
        """The time limits of decisions, with those that clocks.yaml beside the policy changes."""
        return self._tables.clocks

    @cached_property
    def version(self) -> PolicyVersion:
        """The policy's name, digest and terms, for the record of a decision."""
        return PolicyVersion(self.name, self._digest, self.payer.timezone.key, self.appeal.terms)

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """The title and the reference of each rule by its id, for the record of a decision."""
        return {rule.id: Criterion(rule.title, rule.reference) for rule in self.rules}

    def day(self, instant: datetime) -> date:
        """Return the payer's calendar day at an aware instant."""
        return instant.astimezone(self.payer.timezone).date()

    def rules_about(self, services: Iterable[ServiceKey]) -> list[CompiledRule]:
        """Return the rules that can decide an item with these services, in order."""
        rules, index = self._by_service
        return [rules[position] for position in index.positions(services)]

    @cached_property
    def _by_service(self) -> tuple[list[CompiledRule], CodeIndex]:
        """The rules and an index by service, because a payer has many rules and most cover few services."""
        rules = list(map(CompiledRule.of, self.rules))
        return rules, CodeIndex(rule.services for rule in rules)

    def needs_authorization(self, services: Iterable[Coding]) -> bool:
        """Return whether a billing claim for these services needs an authorization.

        A service in a system that the policy never lists needs one, too: the policy cannot exclude it.
        """
        if not self.requires_authorization:
            return False
        keys = service_keys(services)
        listed = {code_set.system for code_set in self.requires_authorization}
        known = any(system in listed for system, _ in keys)
        return not known or any(code_set.includes(keys) for code_set in self.requires_authorization)

    def is_of(self, insurer: Party) -> bool:
        """Return whether an insurer in a request is this payer, by any of its identifiers."""
        own = self._identifiers
        return (NPI, insurer.npi) in own or any((sent.system, sent.value) in own for sent in insurer.identifiers)

    @cached_property
    def _identifiers(self) -> frozenset[tuple[str, str | None]]:
        return frozenset((identifier.system, identifier.value) for identifier in self.payer.identifiers)
