"""An attribute of a claim line: its name, its exact rule, its missing values, its tolerances and its reasons."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from msgspec import Struct

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.datatypes import Coding
from app.domain.matching.mismatch import Mismatch, Outcome, Tolerated
from app.domain.parts.matching_terms import Kind, MatchingTerms, Modes, Tolerance


class Sides(Struct, frozen=True):
    """The two sides of a comparison: a line of a claim, and an item of an authorization. `terms` are the payer's."""

    line: BilledLine
    claim: BillingClaim
    item: AuthorizedItem
    authorization: Authorization
    terms: MatchingTerms = MatchingTerms()

    @property
    def authorized_services(self) -> tuple[Coding, ...]:
        """The granted code, which replaces the requested ones, else the requested codes."""
        granted = self.item.decision.granted
        if granted is not None and granted.service is not None:
            return (granted.service,)
        return self.item.requested.services

    @property
    def modes(self) -> Modes:
        """How the authorized service compares."""
        return self.terms.modes_of(self.authorized_services)

    def tolerated_by(self, kind: type[Kind]) -> list[Kind]:
        """Return the payer's tolerances of a kind that are in force on the days of the service."""
        return list(self.terms.in_force(kind, self.line.serviced))


class Attribute(ABC):
    """Compares one attribute.

    `missing_on_bill`, `missing_on_authorization`: the meaning of a missing value, in words.
    """

    __slots__ = ()

    name: ClassVar[str]
    missing_on_bill: ClassVar[str]
    missing_on_authorization: ClassVar[str] = "Any value matches."
    tolerances: ClassVar[tuple[type[Tolerance], ...]] = ()
    reasons: ClassVar[tuple[AdjustmentKey, ...]]

    @abstractmethod
    def compare(self, sides: Sides) -> Outcome:
        """Return the difference, or None if there is none or the authorization does not limit the attribute."""

    def differs(self, claimed: str, authorized: str, key: AdjustmentKey, accepted: list[Kind] | None = None) -> Outcome:
        """Return the difference: tolerated, if the payer accepts it."""
        if accepted:
            return Tolerated(self.name, claimed, authorized, accepted[0].reference)
        return Mismatch(self.name, claimed, authorized, key)
