"""Compute the clock of a pended request: the legal time limit, or a shorter limit of a policy rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.covered import Covered
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.due.clock import clock_of_record
from app.domain.due.running import LEVELS, NOT_PENDED, NotChangeable
from app.domain.parts.decision_clock import DecisionClock
from app.domain.urgency import Urgency, urgency_of
from app.policy.actions import Pend
from app.policy.clocks.clocks import Program, TimeLimit
from app.policy.clocks.programs import limits_of, program_of
from app.policy.policy import Policy


class Running(Struct, frozen=True):
    """A clock that runs, and its due time in UTC."""

    due: datetime
    clock: DecisionClock


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


def program_on(policy: Policy, received: datetime, covered: Covered) -> Program | None:
    """Return the program of the member on the day of receipt; without a plan of that day, by the member's plans."""
    return program_of(policy.programs, covered.on(policy.day(received)).plans or covered.plans)


def clock_as(
    urgency: Urgency, authorization: Authorization, policy: Policy, now: datetime, covered: Covered
) -> Running:
    """Return the clock of a pended request that a reviewer reviews as expedited, or as standard.

    The expedited limit counts from now, and never moves the due time to a later one. The standard limit counts from the
    receipt of the request, and an extension stays.
    """
    before = clock_of_record(authorization)
    decisions = [item.decision for item in authorization.items]
    expedited = urgency is Urgency.EXPEDITED
    running = clock_of(decisions, policy, LEVELS[urgency], now if expedited else before.started, covered)
    if running is None or authorization.due is None:
        raise NotChangeable(NOT_PENDED)
    clock = replace(running.clock, started=before.started, extension=before.extension)
    if expedited:
        return Running(min(running.due, authorization.due), clock)
    return Running(running.due + (timedelta() if before.extension is None else before.extension.by), clock)


def _end(limit: TimeLimit, policy: Policy, started: datetime) -> tuple[datetime, str]:
    return limit.within.end(started, policy.calendar), limit.source


def _by_rule(policy: Policy, pended: set[str], started: datetime) -> Iterator[tuple[datetime, str]]:
    """Yield the ends of the limits that the rules set, with the reference of the rule as their source."""
    for rule in policy.rules:
        if rule.id in pended and isinstance(rule.then, Pend) and rule.then.within is not None:
            yield started.astimezone(UTC) + rule.then.within, rule.reference
