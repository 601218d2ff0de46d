"""The urgency of a request: standard or expedited."""

from __future__ import annotations

from enum import StrEnum


class Urgency(StrEnum):
    """The two kinds of review. Each has its own time limit."""

    STANDARD = "standard"
    EXPEDITED = "expedited"


URGENT = "U"
"""The X12 1338 code of an urgent request."""

EXPEDITED_CODES = frozenset({URGENT, "03", "stat"})
"""X12 1338 codes for urgent and emergency, and the FHIR processpriority code `stat`."""


def urgency_of(code: str | None) -> Urgency:
    """Return the urgency for an X12 1338 level of service or a FHIR priority; without a code it is standard."""
    return Urgency.EXPEDITED if code in EXPEDITED_CODES else Urgency.STANDARD
