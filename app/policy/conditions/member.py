"""Conditions on the member, as the payer's record has them on the day of service."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from app.policy.conditions.words import listed
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Codes, Data

_STATED = frozenset({"female", "male"})


class AgeBetween(Data):
    """The condition that the member's age on the day of service is from `from` to `to` years, both included.

    The age of a member without a birth date is not known.
    """

    test: Literal["age-between"]
    from_: Annotated[int, Field(ge=0, le=150)] = 0
    to: Annotated[int, Field(ge=0, le=150)] = 150
    fact: ClassVar[str] = "birth date"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ > self.to or not self.model_fields_set & {"from_", "to"}:
            raise ValueError("must have `from` or `to`, and `from` must not exceed `to`")
        return self

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"age {self.from_} to {self.to}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the age is in the range."""
        born, day = facts.member.birth_date, facts.day
        if born is None or born > day:
            return None
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        return self.from_ <= age <= self.to


class Sex(Data):
    """The condition that the member is female or male. Any other gender on record says neither: it is not known."""

    test: Literal["sex"]
    is_: Literal["female", "male"]
    fact: ClassVar[str] = "sex"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"sex {self.is_}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the member has this sex."""
        gender = facts.member.gender
        return gender == self.is_ if gender in _STATED else None


class PlanIn(Data):
    """The condition that the member has one of these plans. A member without a plan on record is not known."""

    test: Literal["plan-in"]
    plans: Codes
    fact: ClassVar[str] = "plan"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"plan {listed(self.plans)}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether at least one of the member's plans is listed."""
        plans = facts.member.plans
        return not self.plans.isdisjoint(plans) if plans else None
