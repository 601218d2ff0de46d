"""Compare one attribute of a bill and an authorization."""

from __future__ import annotations

from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Mismatch


def exactly(attribute: Attribute, sides: Sides) -> Mismatch | None:
    """Return the mismatch; None if both sides agree. Without tolerances there is no third outcome."""
    outcome = attribute.compare(sides)
    assert outcome is None or isinstance(outcome, Mismatch)
    return outcome
