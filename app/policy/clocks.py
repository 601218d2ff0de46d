"""By when a pended request must be answered: the clocks that the law sets, and shorter ones that a rule sets.

The clock starts when the payer receives the request, and asking for more information does not stop it.
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
    """How long a decision may take, and where that is written."""

    within: Annotated[timedelta, BeforeValidator(parse_time)]
    source: Text


class Clocks(Data):
    """The two paces' clocks."""

    standard: DecisionClock
    expedited: DecisionClock

    def of(self, urgency: str | None) -> DecisionClock:
        """Return the clock for a request's level of service or priority."""
        return self.expedited if urgency_of(urgency) is Urgency.EXPEDITED else self.standard


def parse_clocks(text: str, source: str) -> Clocks:
    """Return the clocks that a text states. Raises YamlRefused."""
    return read_model(read_yaml(text, source), Clocks)


def due(urgency: str | None, received: datetime, clocks: Clocks) -> datetime:
    """Return the instant, in UTC, by which a request received at an instant must be answered.

    A calendar day counts as 24 hours from the receipt, so that a change of the clocks never makes an answer late.
    """
    return received.astimezone(UTC) + clocks.of(urgency).within


def due_of(
    decisions: Iterable[ItemDecision], policy: Policy, urgency: str | None, received: datetime, clocks: Clocks
) -> datetime | None:
    """Return by when what is pended must be answered: the clock's time, or sooner where a rule says so.

    None where nothing is pended.
    """
    pended = [each.rule for each in decisions if each.action is ReviewAction.PENDED]
    if not pended:
        return None
    actions = [rule.then for rule in policy.rules if rule.id in pended]
    sooner = [each.within for each in actions if isinstance(each, Pend) and each.within is not None]
    return min([due(urgency, received, clocks), *(received.astimezone(UTC) + time for time in sooner)])
