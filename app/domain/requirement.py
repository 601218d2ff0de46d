"""The requirement of an authorization for a billed line, and the rule behind it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

NOT_COVERED = "not-covered"
"""The key of the review reason that excludes a service: no authorization makes it payable."""

LATE_REQUEST = "late-request"
"""The key of the review reason that the request came too late."""

LATE_REQUESTS = "late-requests"
"""The rule id of a decision by the payer's terms of late requests."""


class Need(StrEnum):
    """A billed line needs no authorization, needs one, or is for a service that the plan does not cover."""

    NOT_REQUIRED = "not required"
    REQUIRED = "required"
    EXCLUDED = "excluded"


class Requirement(Struct, frozen=True):
    """The need of a billed line, with its rule.

    `rule`, `title` and `reference` are those of the rule; empty if no rule is in force for the line.
    `unknown`: the facts that the bill does not give and on which a rule hangs.
    `exempt`: the provider needs none because of a gold card.
    """

    need: Need
    rule: str = ""
    title: str = ""
    reference: str = ""
    unknown: tuple[str, ...] = ()
    exempt: bool = False

    @property
    def criterion(self) -> str:
        """The rule as a sentence for the biller."""
        return f"{self.title} ({self.reference})."
