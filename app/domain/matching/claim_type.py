"""Compare the claim type: the facility's part of a service, or the part of its professionals."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.level_of_care import is_stay
from app.domain.matching.mismatch import Outcome
from app.domain.service_line import is_institutional

_IN_WORDS = {True: "the facility's part (institutional)", False: "the professional's part"}


class ClaimType(Attribute):
    """The part of the service. A facility's authorization pays no professional, and the other way round."""

    name = "claim type"
    missing_on_bill = "Every claim has a type."
    reasons = (AdjustmentKey.COMPONENT_DIFFERS,)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch unless both are for the facility, or neither is. A stay is always the facility's."""
        requested = sides.authorization.claim_type
        if not requested.code:
            return None
        claimed = is_institutional(sides.claim.claim_type)
        authorized = is_institutional(requested) or is_stay(sides.item)
        if claimed == authorized:
            return None
        return self.differs(_IN_WORDS[claimed], _IN_WORDS[authorized], AdjustmentKey.COMPONENT_DIFFERS)
