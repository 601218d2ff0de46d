"""A payer's coverage policy as data: dated, cited, read top to bottom, first rule that holds wins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from app.domain.actions import Action
from app.domain.authorization import PolicyVersion
from app.domain.codes import CodeIndex, CodeSet, ServiceKey, service_keys
from app.domain.conditions import Asked, Condition, ServiceIn
from app.domain.request import Coding, Party
from app.domain.yaml.model import Code, Data, Day, Slug, Some, Text

NPI = "http://hl7.org/fhir/sid/us-npi"


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

    @property
    def services(self) -> CodeSet | None:
        """The services that the rule can be about; None where it may be about any."""
        return next((each for each in self.when if isinstance(each, ServiceIn)), None)

    def in_force(self, day: date) -> bool:
        """Tell whether the rule applies to what is received on a day."""
        return self.effective.from_ <= day <= self.effective.until

    def holds(self, asked: Asked) -> bool:
        """Tell whether every condition of the rule holds."""
        for condition in self.when:  # noqa: SIM110 - half the time of all() over a generator, and most rules fail here
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

    def rules_about(self, services: Iterable[ServiceKey]) -> list[Rule]:
        """Return the rules that can hold for an item of these services, in order."""
        return [self.rules[place] for place in self._by_service.places(services)]

    @cached_property
    def _by_service(self) -> CodeIndex:
        """A payer's rules are many, and each is about few services: held against all of them, an item costs most."""
        return CodeIndex(rule.services for rule in self.rules)

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
        named = {(each.system, each.value) for each in insurer.identifiers} | {(NPI, insurer.npi)}
        return any((each.system, each.value) in named for each in self.payer.identifiers)
