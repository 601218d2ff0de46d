"""Compute the due time of a pended request: the legal time limit, or a shorter limit of a policy rule.

The clock starts when the payer receives the request. A request for more information does not stop it.
https://www.ecfr.gov/current/title-42/section-422.568
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator

from app.domain.authorization import ItemDecision, ReviewAction
from app.domain.span import parse_time
from app.domain.urgency import Urgency, urgency_of
from app.policy.actions import Pend
from app.policy.policy import Policy
from app.policy.yaml.model import Data, Text, read_model
from app.policy.yaml.text import read_yaml


class DecisionClock(Data):
    """The time limit of a decision and its legal source."""

    within: Annotated[timedelta, BeforeValidator(parse_time)]
    source: Text


class Clocks(Data):
    """The clocks for standard and expedited requests."""

    standard: DecisionClock
    expedited: DecisionClock

    def of(self, urgency: str | None) -> DecisionClock:
        """Return the clock for an X12 1338 level of service or a FHIR priority."""
        return self.expedited if urgency_of(urgency) is Urgency.EXPEDITED else self.standard


def parse_clocks(text: str, source: str) -> Clocks:
    """Read the clocks from YAML text. Raises YamlRefused."""
    return read_model(read_yaml(text, source), Clocks)


def due(urgency: str | None, received: datetime, clocks: Clocks) -> datetime:
    """Return the due time of a request, in UTC, by the legal time limit.

    A calendar day counts as 24 hours, so a change to daylight saving time never makes an answer late.
    """
    return received.astimezone(UTC) + clocks.of(urgency).within


def due_of(
    decisions: Iterable[ItemDecision], policy: Policy, urgency: str | None, received: datetime, clocks: Clocks
) -> datetime | None:
    """Return the due time of the pended items; None if no item is pended. A rule may shorten the legal limit."""
    pended = [decision.rule for decision in decisions if decision.action is ReviewAction.PENDED]
    if not pended:
        return None
    actions = [rule.then for rule in policy.rules if rule.id in pended]
    limits = [action.within for action in actions if isinstance(action, Pend) and action.within is not None]
    return min([due(urgency, received, clocks), *(received.astimezone(UTC) + limit for limit in limits)])
