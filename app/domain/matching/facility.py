"""Compare the facility of the service with the facility of the request."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Outcome
from app.domain.parts.matching_terms import FacilitySystem
from app.domain.service_line import is_institutional


class Facility(Attribute):
    """The NPI of the facility, which must be the authorized one."""

    name = "facility"
    missing_on_bill = "The billing provider counts as the facility on an institutional bill, or if it is authorized."
    tolerances = (FacilitySystem,)
    reasons = (AdjustmentKey.FACILITY_DIFFERS, AdjustmentKey.FACILITY_MISSING)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch unless the facility is the authorized one, if the request names one."""
        authorized, biller = sides.item.requested.facility, sides.claim.provider.npi
        claimed = sides.line.facility
        if claimed is None and (is_institutional(sides.claim.claim_type) or biller == authorized):
            claimed = biller
        if authorized is None or claimed == authorized:
            return None
        if claimed is None:
            return self.differs("none", f"NPI {authorized}", AdjustmentKey.FACILITY_MISSING)
        accepted = [each for each in sides.tolerated_by(FacilitySystem) if {claimed, authorized} <= each.npis]
        return self.differs(f"NPI {claimed}", f"NPI {authorized}", AdjustmentKey.FACILITY_DIFFERS, accepted)
