"""Compare the level of care: inpatient, observation or another outpatient service."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import AuthorizedItem
from app.domain.authorization_types.typed import ADMISSION
from app.domain.billing import BilledLine, BillingClaim
from app.domain.coding.type_of_bill import facility_of, is_type_of_bill
from app.domain.datatypes import Coding
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Outcome
from app.domain.service_line import ServiceLine, is_institutional

INPATIENT, OBSERVATION, OUTPATIENT = "inpatient", "observation", "outpatient"

OBSERVATION_HOURS, OBSERVATION_CODES = "0762", frozenset({"G0378", "G0379"})
"""The revenue code and the HCPCS codes of observation."""

_OF_BILL = {"11": INPATIENT, "13": OUTPATIENT, "83": OUTPATIENT, "85": OUTPATIENT}
"""The levels by the first two digits of the type of bill, after the leading 0."""


class LevelOfCare(Attribute):
    """The level of care, which must be the same. An outpatient authorization covers observation of its services."""

    name = "level of care"
    missing_on_bill = "Not compared on a professional's bill; a mismatch on a facility's bill."
    reasons = (AdjustmentKey.LEVEL_OF_CARE_DIFFERS, AdjustmentKey.LEVEL_OF_CARE_PAID_DOWN)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch unless the levels are equal, if both sides can tell theirs."""
        authorized = authorized_level(sides.item)
        claimed = billed_level(sides.line, sides.claim)
        if authorized is None or (claimed is None and not is_institutional(sides.claim.claim_type)):
            return None
        if claimed == authorized or (authorized == OUTPATIENT and claimed == OBSERVATION):
            return None
        return self.differs(claimed or "none", authorized, AdjustmentKey.LEVEL_OF_CARE_DIFFERS)


def billed_level(line: BilledLine, claim: BillingClaim) -> str | None:
    """Return the level of a billed line: by the type of bill, its revenue code and its procedure."""
    of_bill = _OF_BILL.get(facility_of(claim.type_of_bill)) if claim.type_of_bill else None
    return of_bill if of_bill == INPATIENT else _of_codes(line) or of_bill


def authorized_level(item: AuthorizedItem) -> str | None:
    """Return the level of an item: by its revenue code and its procedure, its place, or its request type."""
    requested = item.requested
    level = _of_codes(requested)
    if level is None and requested.place is not None and is_type_of_bill(requested.place):
        level = _OF_BILL.get(facility_of(requested.place.code))
    return level or (INPATIENT if requested.request_type == ADMISSION else None)


def is_observation(line: ServiceLine) -> bool:
    """Return whether a line bills observation and nothing else."""
    return _of_codes(line) == OBSERVATION and all(coding.code.upper() in OBSERVATION_CODES for coding in line.services)


def is_stay(item: AuthorizedItem) -> bool:
    """Return whether an item is granted by a room's revenue code."""
    return not item.requested.services and _of_codes(item.requested) == INPATIENT


def is_room(revenue: Coding | None) -> bool:
    """Return whether a revenue code is one of room and board (010x to 021x)."""
    return revenue is not None and len(revenue.code) == len("0100") and "0100" <= revenue.code <= "0219"


def _of_codes(line: ServiceLine) -> str | None:
    revenue = line.revenue
    named = {coding.code.upper() for coding in line.services}
    if (revenue is not None and revenue.code == OBSERVATION_HOURS) or not OBSERVATION_CODES.isdisjoint(named):
        return OBSERVATION
    return INPATIENT if is_room(revenue) else None
