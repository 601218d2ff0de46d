"""A gold card: providers whose requests for some services need no review, by code and by day of service."""

from __future__ import annotations

from app.policy.codes.possible import Npis
from app.policy.conditions.service import Services
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.days import InForce
from app.policy.yaml.model import Text


class GoldCard(Services, InForce):
    """The providers of a program, by NPI, its services, and the days of service on which it counts."""

    name: Text
    npis: Npis

    def covers(self, facts: LineFacts) -> bool | None:
        """Return whether all who perform the service have the card for it. Without a performer it is not known."""
        serves = self.holds(facts) if self.from_ <= facts.day <= self.until else False
        if not serves:
            return serves
        return facts.performers <= self.npis if facts.performers else None
