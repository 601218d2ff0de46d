"""Compare the unit, and check that the quantity is countable. The ledger checks the units left."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.ledger import LARGEST, countable
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Mismatch, Outcome
from app.domain.units import name_of, same_basis


class Units(Attribute):
    """The unit, which must have the basis of the authorized one. A quantity is a positive number of thousandths."""

    name = "unit"
    missing_on_bill = "No quantity is one; no unit is a count."
    missing_on_authorization = "No limit on units compares no unit; no unit is a count."
    reasons = (AdjustmentKey.UNIT_DIFFERS, AdjustmentKey.QUANTITY_UNUSABLE)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch if the quantity is not a positive number of thousandths or the unit differs."""
        line, item = sides.line, sides.item
        if not countable(line.quantity):
            countable_units = f"greater than 0 and at most {LARGEST:,f}, with at most three decimals"
            return Mismatch("quantity", f"{line.quantity:.6g}", countable_units, AdjustmentKey.QUANTITY_UNUSABLE)
        granted = item.decision.granted
        if granted is None or granted.quantity is None:
            return None
        authorized = granted.unit or item.requested.unit
        if same_basis(line.unit, authorized):
            return None
        return self.differs(name_of(line.unit), name_of(authorized), AdjustmentKey.UNIT_DIFFERS)
