"""Decide whether the payer allows a retrospective request: for which reasons, and how long after the service began."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from app.domain.decision import ItemDecision, ReviewAction
from app.domain.notice import Criterion
from app.domain.parts.authorization_type import AuthorizationType
from app.domain.requirement import LATE_REQUESTS
from app.policy.actions import Deny, PendReason
from app.policy.conditions import Condition
from app.policy.conditions.timing import days_of
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Data, Text


class Allowed(Data):
    """A reason for a late request, and its window: the most days between the first day of service and the receipt."""

    name: Text
    within: Annotated[timedelta, BeforeValidator(days_of)]
    when: tuple[Condition, ...] = ()

    def unknown(self, facts: LineFacts) -> tuple[str, ...] | None:
        """Return the facts on which the reason hangs: none if it certainly fits. None: it does not fit."""
        if facts.received - facts.day > self.within:
            return None
        held = [(condition, condition.holds(facts)) for condition in self.when]
        if any(holds is False for _, holds in held):
            return None
        return tuple(condition.fact for condition, holds in held if holds is None)


class LeftToReviewer(Data):
    """Leave the item to a reviewer."""

    action: Literal["pend"]
    reason: PendReason


class LateRequests(Data):
    """The reasons for which the payer allows late requests, and its answer to all others."""

    reference: Text
    allowed: tuple[Allowed, ...] = ()
    otherwise: Annotated[Deny | LeftToReviewer, Field(discriminator="action")]

    @property
    def criterion(self) -> Criterion:
        """The criterion of a decision by these terms."""
        names = ", ".join(reason.name for reason in self.allowed) or "none"
        return Criterion(f"Reasons for a request after the service began: {names}", self.reference)

    def allows(self, facts: LineFacts) -> bool:
        """Return whether the request is late for an allowed reason, within its window."""
        return any(reason.unknown(facts) == () for reason in self.allowed)

    def refusal(self, facts: LineFacts) -> ItemDecision | None:
        """Return the decision on a late request without an allowed reason; None if another answer counts.

        A reason that hangs on a fact may fit, so the request is not refused.
        """
        late = facts.item is not None and facts.item.type is AuthorizationType.RETROSPECTIVE
        if not late or any(reason.unknown(facts) is not None for reason in self.allowed):
            return None
        action = ReviewAction.NOT_CERTIFIED if isinstance(self.otherwise, Deny) else ReviewAction.PENDED
        reason = self.otherwise.reason.reason
        return ItemDecision(action, LATE_REQUESTS, facts.received, reason, criterion=self.criterion)
