"""Why a claim line is not covered, as the key of its reason."""

from __future__ import annotations

from datetime import date

from app.domain.adjustment_key import AdjustmentKey
from app.domain.covered import Covered, NotCovered

# A line of a member who died before the service gets the reason of an ended coverage: the answer reveals no death.
_KEYS = {
    NotCovered.INACTIVE: AdjustmentKey.COVERAGE_NONE,
    NotCovered.NO_COVERAGE: AdjustmentKey.COVERAGE_NONE,
    NotCovered.NOT_YET: AdjustmentKey.COVERAGE_NOT_STARTED,
    NotCovered.ENDED: AdjustmentKey.COVERAGE_ENDED,
    NotCovered.DECEASED: AdjustmentKey.COVERAGE_ENDED,
    NotCovered.LAPSED: AdjustmentKey.COVERAGE_LAPSED,
}


def why_not_covered(covered: Covered, first_day: date, last_day: date) -> AdjustmentKey | None:
    """Return the reason if the payer does not cover the member on all days of a service; None if it does."""
    why = covered.why_not_covered(first_day, last_day)
    return None if why is None else _KEYS[why]
