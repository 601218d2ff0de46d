"""Read the block `reminders` of a policy: when subscribers learn that an authorization ends, or that units run out."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.domain.parts.reminder_terms import ReminderTerms
from app.domain.span import parse_time
from app.policy.yaml.model import Data

_LONGEST = 365


def _days(value: Any) -> int:
    lead = parse_time(value)
    if lead.seconds or lead.days > _LONGEST:
        raise ValueError("must be a number of days from P1D to P365D")
    return lead.days


class Reminders(Data):
    """The time before the end of a grant, and the percentage of the units left, at which a reminder is due."""

    expiring: Annotated[int, BeforeValidator(_days)] = 30
    units_low: Annotated[int, Field(ge=1, le=99)] = 20

    @property
    def terms(self) -> ReminderTerms:
        """The terms, for the record of a decision."""
        return ReminderTerms(self.expiring, self.units_low)
