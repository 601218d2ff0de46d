"""Count the units that one rule grants for one service, over all lines of a request."""

from __future__ import annotations

from decimal import Decimal

from app.policy.facts.line_facts import LineFacts
from app.policy.facts.tally import Tally


class Limits:
    """The units that each rule has granted for each service while one request is reviewed."""

    __slots__ = ("_granted",)

    def __init__(self) -> None:
        self._granted: dict[str, Tally] = {}

    def granted(self, rule: str, line: LineFacts) -> Decimal:
        """Return the units that earlier lines with a service of the line got from the rule."""
        tally = self._granted.get(rule)
        return Decimal(0) if tally is None else tally.of(line.services, line.span)

    def take(self, rule: str, line: LineFacts, units: Decimal) -> None:
        """Count the units of a grant."""
        self._granted.setdefault(rule, Tally()).add(line.services, line.span, units)
