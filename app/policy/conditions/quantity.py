"""Conditions on how much a line asks for: units, money and days."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.counts import counted
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Data, Number


class QuantityOver(Data):
    """The condition that the units of the service are over the limit, on all lines of the request or bill."""

    test: Literal["quantity-over"]
    limit: Annotated[Number, Field(ge=0)]
    fact: ClassVar[str] = "quantity"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"more than {self.limit} units"

    def holds(self, facts: LineFacts) -> bool:
        """Return whether the units are over the limit."""
        return facts.units > self.limit


class LineAmountOver(Data):
    """The condition that the amount of the line is over the limit. Without an amount in US dollars, it is not known."""

    test: Literal["line-amount-over"]
    limit: Annotated[Number, Field(ge=0)]
    fact: ClassVar[str] = "amount of the line in US dollars"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"amount over {self.limit} USD"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the amount is over the limit."""
        amount = facts.line.charge
        return None if amount is None or facts.line.currency != "USD" else amount > self.limit


class DaysAskedOver(Data):
    """The condition that the request is for more days than the limit. On a bill, and without both ends, not known."""

    test: Literal["days-asked-over"]
    limit: Annotated[int, Field(ge=0)]
    fact: ClassVar[str] = "first and last day of the service"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"requested for more than {counted(self.limit, 'day')}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the period of service has more days than the limit."""
        serviced = facts.line.serviced
        if facts.item is None or serviced is None or serviced.start is None or serviced.end is None:
            return None
        return (serviced.end - serviced.start).days + 1 > self.limit
