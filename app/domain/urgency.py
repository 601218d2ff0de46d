"""How soon a provider needs the answer."""

from __future__ import annotations

from enum import StrEnum


class Urgency(StrEnum):
    """The two paces of a review; each has its own time limit."""

    STANDARD = "standard"
    EXPEDITED = "expedited"


EXPEDITED_CODES = frozenset({"U", "03", "stat"})
"""X12 1338 urgent and emergency, and FHIR's processpriority for at once."""


def urgency_of(code: str | None) -> Urgency:
    """Return the pace that a level of service or a priority asks for; without one it is the standard pace."""
    return Urgency.EXPEDITED if code in EXPEDITED_CODES else Urgency.STANDARD
