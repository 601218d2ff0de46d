"""Compute the due time of a pended request: the legal time limit, or a shorter limit of a policy rule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from app.domain.decision import ItemDecision, ReviewAction
from app.policy.actions import Pend
from app.policy.clocks import Clocks
from app.policy.policy import Policy


def due(urgency: str | None, received: datetime, clocks: Clocks) -> datetime:
    """Return the due time of a request, in UTC, by the legal time limit.

    A calendar day counts as 24 hours, so a change to daylight saving time never makes an answer late.
    """
    return received.astimezone(UTC) + clocks.of(urgency).within


def due_of(
    decisions: Iterable[ItemDecision], policy: Policy, urgency: str | None, received: datetime
) -> datetime | None:
    """Return the due time of the pended items; None if no item is pended. A rule may shorten the limit of the clock."""
    pended = [decision.rule for decision in decisions if decision.action is ReviewAction.PENDED]
    if not pended:
        return None
    actions = [rule.then for rule in policy.rules if rule.id in pended]
    limits = [action.within for action in actions if isinstance(action, Pend) and action.within is not None]
    return min([due(urgency, received, policy.clocks), *(received.astimezone(UTC) + limit for limit in limits)])
