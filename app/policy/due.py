"""Compute the clock of a pended request: the legal time limit, or a shorter limit of a policy rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from msgspec import Struct

from app.domain.covered import Covered
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.parts.decision_clock import DecisionClock
from app.domain.urgency import urgency_of
from app.policy.actions import Pend
from app.policy.clocks.clocks import TimeLimit
from app.policy.clocks.programs import limits_of
from app.policy.policy import Policy


class Running(Struct, frozen=True):
    """A clock that runs, and its due time in UTC. The clock of an earlier build has only the due time."""

    due: datetime
    clock: DecisionClock | None


def clock_of(
    decisions: Iterable[ItemDecision], policy: Policy, urgency: str | None, started: datetime, covered: Covered
) -> Running | None:
    """Return the clock of the pended items; None if no item is pended.

    The shortest of the limits of the member's programs and states, and of the rules that pended, counts. A calendar day
    has 24 hours, so a change to daylight saving time never makes an answer late.
    """
    pended = {decision.rule for decision in decisions if decision.action is ReviewAction.PENDED}
    if not pended:
        return None
    limits = limits_of(policy.clocks, policy.programs, covered.on(policy.day(started)).plans or covered.plans)
    legal = filter(None, (one.of(urgency_of(urgency)) for one in limits))
    ends = [*(_end(limit, policy, started) for limit in legal), *_by_rule(policy, pended, started)]
    due, source = min(ends)
    extensions = [one.extension.up_to for one in limits if one.extension is not None]
    return Running(due, DecisionClock(started, source, policy.clocks.due_soon, min(extensions)))


def _end(limit: TimeLimit, policy: Policy, started: datetime) -> tuple[datetime, str]:
    return limit.within.end(started, policy.calendar), limit.source


def _by_rule(policy: Policy, pended: set[str], started: datetime) -> Iterator[tuple[datetime, str]]:
    """Yield the ends of the limits that the rules set, with the reference of the rule as their source."""
    for rule in policy.rules:
        if rule.id in pended and isinstance(rule.then, Pend) and rule.then.within is not None:
            yield started.astimezone(UTC) + rule.then.within, rule.reference
