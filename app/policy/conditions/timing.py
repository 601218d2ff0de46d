"""The condition on the time between the day of receipt and the first day of service."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, model_validator

from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Data


def days_of(value: Any) -> timedelta:
    """Read a number of days such as P14D."""
    days = re.fullmatch("P([0-9]{1,4})D", value) if isinstance(value, str) else None
    if days is None or not int(days[1]):
        raise ValueError("must be a number of days such as P14D")
    return timedelta(days=int(days[1]))


class ServiceStarts(Data):
    """The condition that the service starts before or after the day of receipt, with `by` at least that many days.

    A service that starts on the day of receipt does neither, nor does one without days. On a bill it is not known.
    """

    test: Literal["service-starts"]
    before: Literal["receipt"] | None = None
    after: Literal["receipt"] | None = None
    by: Annotated[timedelta, BeforeValidator(days_of)] = timedelta(days=1)
    fact: ClassVar[str] = "first day of the service"

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.before is None) is (self.after is None):
            raise ValueError("must have either `before: receipt` or `after: receipt`")
        return self

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        side = "before" if self.before else "after"
        days = f"{self.by.days} days or more " if self.by.days > 1 else ""
        return f"service starts {days}{side} receipt"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the service starts on that side of the day of receipt."""
        if facts.item is None:
            return None
        ahead = facts.day - facts.received
        return ahead >= self.by if self.before is None else -ahead >= self.by
