"""Count the units that one rule grants for one service, over all lines of a request."""

from __future__ import annotations

from decimal import Decimal

from app.policy.codes.code_sets import ServiceKey


class Limits:
    """The units that each rule has granted for each service while one request is reviewed."""

    __slots__ = ("_granted",)

    def __init__(self) -> None:
        self._granted: dict[tuple[str, ServiceKey], Decimal] = {}

    def granted(self, rule: str, services: tuple[ServiceKey, ...]) -> Decimal:
        """Return the units that earlier lines with one of these services got from the rule."""
        return max([self._granted.get((rule, service), Decimal(0)) for service in services], default=Decimal(0))

    def take(self, rule: str, services: tuple[ServiceKey, ...], units: Decimal) -> None:
        """Count the units of a grant."""
        for service in services:
            self._granted[rule, service] = self._granted.get((rule, service), Decimal(0)) + units
