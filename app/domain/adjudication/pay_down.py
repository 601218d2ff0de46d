"""Pay observation under an inpatient authorization at a rate of its own, if the payer's policy has one."""

from __future__ import annotations

from decimal import Decimal

from app.domain.adjudication.desk import Desk
from app.domain.adjudication.numbers import NamedAuthorizations
from app.domain.adjustment_key import AdjustmentKey
from app.domain.billing import BilledLine, LineResult
from app.domain.ledger import EXACT
from app.domain.line_result import plain, reduced
from app.domain.matching.level_of_care import INPATIENT, is_observation, is_stay
from app.domain.matching.mismatch import Tolerated
from app.domain.parts.matching_terms import ObservationRate

_OF_THE_LEVEL = frozenset({"level of care", "procedure", "place of service", "unit"})
"""The attributes that differ because the level of care does."""

_HOURS_OF_A_DAY = 24


def paid_down(line: BilledLine, named: NamedAuthorizations, desk: Desk) -> LineResult | None:
    """Pay hours of observation at the payer's rate; None for any other line. No day of the stay is drawn.

    All other attributes must match, and the hours must fit into the days of service.
    """
    rate = next(desk.facts.terms.matching.in_force(ObservationRate, line.serviced), None)
    nearest = desk.comparisons.closest(line, named.by_number)
    if rate is None or nearest is None or not is_observation(line) or line.quantity > _most_hours(line):
        return None
    differing = {mismatch.attribute for mismatch in nearest.mismatches}
    if not is_stay(nearest.item) or not differing <= _OF_THE_LEVEL:
        return None
    at_rate = EXACT.multiply(line.quantity, rate.rate)
    amount = None if line.charge is None else min(line.charge, at_rate)
    accepted = Tolerated("level of care", "observation", INPATIENT, rate.reference)
    notes = (accepted.sentence, f"Paid at {plain(rate.rate)} for each unit. No authorized day is used.")
    reason = desk.reason(AdjustmentKey.LEVEL_OF_CARE_PAID_DOWN)
    return reduced(line, amount, reason, notes=notes, linked=nearest.link)


def _most_hours(line: BilledLine) -> Decimal:
    serviced = line.serviced
    if serviced is None or serviced.start is None or serviced.end is None:
        return Decimal(0)
    return Decimal(_HOURS_OF_A_DAY * ((serviced.end - serviced.start).days + 1))
