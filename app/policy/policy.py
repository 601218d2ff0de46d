"""A payer's coverage policy: dated rules with citations, read from top to bottom. The first match decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr

from app.codes import NPI, canonical
from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import UNKNOWN_PAYER, PolicyVersion
from app.domain.billing import AdjudicationReason
from app.domain.due.limit import Calendar
from app.domain.notice import Criterion
from app.domain.parts.billing_terms import BillingTerms, OverLimit
from app.domain.request import Party
from app.domain.review.review_reason import ReviewReason
from app.domain.service_line import ServiceLine
from app.policy.appeal import Appeal
from app.policy.billing.billing import Billing
from app.policy.by_type.terms import TypeTerms
from app.policy.clocks.clocks import Clocks
from app.policy.clocks.programs import Programs
from app.policy.codes.code_index import CodeIndex
from app.policy.conditions.service import ServiceIn
from app.policy.facts.gather import line_keys
from app.policy.facts.line_facts import LineFacts
from app.policy.rule import CompiledRule, Rule
from app.policy.tables import Tables
from app.policy.terms.reminders import Reminders
from app.policy.terms.retention import Retention
from app.policy.terms.reviewing import DocumentTerms, Reviewing
from app.policy.yaml.model import Code, Data, NotEmpty, Slug, Text


class PayerIdentifier(Data):
    """An identifier of the payer that submitters use."""

    system: Annotated[Text, AfterValidator(canonical)]
    value: Code


def _prefix(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{2,4}", value):
        raise ValueError("must be two to four capital letters")
    return str(value)


def _zone_name(value: Any) -> Any:
    # ZoneInfo keeps the text that it was made with, and the store takes only plain text.
    return str(value) if isinstance(value, str) else value


class Payer(Data):
    """The payer: its name, its identifiers, its time zone and the prefix of its authorization numbers."""

    name: Text
    identifiers: Annotated[tuple[PayerIdentifier, ...], NotEmpty]
    timezone: Annotated[ZoneInfo, BeforeValidator(_zone_name)]
    prefix: Annotated[str, BeforeValidator(_prefix)] = "PA"


def _name(value: str) -> str:
    if value == UNKNOWN_PAYER:
        raise ValueError(f"must not be `{UNKNOWN_PAYER}`, which stands for an unknown payer")
    return value


class NonCovered(Data):
    """The payer of a service that the plan excludes: the provider (CO) or the patient (PR), by contract."""

    group: Literal["CO", "PR"]


class Policy(Data):
    """A payer's policy: its rules, and the payer that they are of.

    `programs`: the programs and states of its plans, whose limits count; without them, the general limits do.
    `member_systems`: the identifier systems of the payer's member numbers. Without them, the Coverage shows the system.
    """

    name: Annotated[Slug, AfterValidator(_name)] = Field(alias="policy")
    payer: Payer
    members: Literal["accept-unknown", "registered-only"]
    member_systems: Annotated[frozenset[Text], NotEmpty] = frozenset()
    over_limit: OverLimit = "pay-up-to"
    future_services: Literal["accept", "deny"] = "deny"
    clinical_denial: Literal["automatic"] | None = None
    non_covered: NonCovered | None = None
    billing: Billing = Billing()
    appeal: Appeal
    retention: Retention | None = None
    types: TypeTerms = TypeTerms()
    programs: Programs = ()
    review: Reviewing = Reviewing()
    documents: DocumentTerms = DocumentTerms()
    reminders: Reminders = Reminders()
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
        reasons = self._tables.adjudication_reasons
        if self.non_covered is None:
            return reasons
        excluded = AdjustmentKey.SERVICE_EXCLUDED
        return {**reasons, excluded: replace(reasons[excluded], group=self.non_covered.group)}

    @cached_property
    def billing_terms(self) -> BillingTerms:
        """The terms of bills, with those that stand beside the block `billing`."""
        return replace(
            self.billing.terms,
            over_limit=self.over_limit,
            future_services=self.future_services == "accept",
            appeal=self.appeal.terms,
            late_requests=self.types.late_requests,
        )

    @cached_property
    def clocks(self) -> Clocks:
        """The time limits of decisions, with those that clocks.yaml beside the policy changes."""
        return self._tables.clocks

    @cached_property
    def calendar(self) -> Calendar:
        """The payer's time zone and holidays."""
        return Calendar(self.payer.timezone, self.clocks.holidays)

    @cached_property
    def version(self) -> PolicyVersion:
        """The policy's name, digest and terms, for the record of a decision."""
        return PolicyVersion(
            self.name,
            self._digest,
            self.payer.timezone.key,
            self.appeal.terms,
            self.review.terms,
            reminders=self.reminders.terms,
            retention=None if self.retention is None else self.retention.terms,
        )

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """The title and the reference of each rule by its id, for the record of a decision."""
        return {rule.id: Criterion(rule.title, rule.reference) for rule in self.rules}

    def day(self, instant: datetime) -> date:
        """Return the payer's calendar day at an aware instant."""
        return instant.astimezone(self.payer.timezone).date()

    def rules_for(self, facts: LineFacts) -> list[CompiledRule]:
        """Return the rules that can decide a line, in order."""
        rules, index = self._by_service
        return [rules[position] for position in index.positions(facts.services)] if facts.plain else rules

    @property
    def compiled(self) -> tuple[CompiledRule, ...]:
        """The rules as the walk reads them, in order."""
        return tuple(self._by_service[0])

    def looks_back(self, lines: Iterable[ServiceLine]) -> bool:
        """Return whether a rule about one of the lines looks at the member's earlier requests."""
        index = self._about_history
        return index is not None and any(
            line.service_end is not None or not line.services or index.positions(line_keys(line)) for line in lines
        )

    @cached_property
    def _about_history(self) -> CodeIndex | None:
        """An index by service of the rules about earlier requests; None if the policy has no such rule."""
        rules, _ = self._by_service
        looking_back = [rule.services for rule in rules if rule.looks_back]
        return CodeIndex(looking_back) if looking_back else None

    @cached_property
    def systems(self) -> frozenset[str]:
        """The systems of the codes that the rules name."""
        conditions = (condition for rule in self.rules for condition in rule.when)
        return frozenset(condition.system for condition in conditions if isinstance(condition, ServiceIn))

    @cached_property
    def _by_service(self) -> tuple[list[CompiledRule], CodeIndex]:
        """The rules and an index by service, because a payer has many rules and most cover few services."""
        rules = [CompiledRule.of(rule, self.systems) for rule in self.rules]
        return rules, CodeIndex(rule.services for rule in rules)

    def is_of(self, insurer: Party) -> bool:
        """Return whether an insurer in a request is this payer, by any of its identifiers."""
        own = self._identifiers
        return (NPI, insurer.npi) in own or any((sent.system, sent.value) in own for sent in insurer.identifiers)

    @cached_property
    def _identifiers(self) -> frozenset[tuple[str, str | None]]:
        return frozenset((identifier.system, identifier.value) for identifier in self.payer.identifiers)
