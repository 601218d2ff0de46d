"""A term of a plan about billed lines: its reference, its days of service and its conditions."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from app.policy.billing.dated import Dated
from app.policy.conditions import NOT_ON_A_BILL, Condition
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Text


def _on_a_bill(condition: Condition) -> Condition:
    if isinstance(condition, NOT_ON_A_BILL):
        raise ValueError(f"must not be the condition {condition.test}, because no bill gives this fact")  # noqa: TRY004 - pydantic's
    return condition


BillCondition = Annotated[Condition, AfterValidator(_on_a_bill)]
"""A condition on facts that a bill gives."""


class Term(Dated):
    """A term: its name, its reference in the payer's documents, and its days of service and conditions."""

    name: Text
    when: tuple[BillCondition, ...] = ()

    @property
    def rule(self) -> str:
        """The term as a sentence for the biller."""
        return f"{self.name} ({self.reference})."

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the term counts for a line; None if that hangs on a fact which the claim does not give."""
        return all_hold(self.when, facts) if self.from_ <= facts.day <= self.until else False


def all_hold(conditions: tuple[BillCondition, ...], facts: LineFacts) -> bool | None:
    """Return whether all conditions hold; None if none fails and one is not known."""
    held = [condition.holds(facts) for condition in conditions]
    return False if False in held else None if None in held else True
