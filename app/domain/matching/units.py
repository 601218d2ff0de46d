"""Compare the unit, and check that the quantity is countable. The ledger checks the units left."""

from __future__ import annotations

from decimal import Decimal

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import AuthorizedItem
from app.domain.billing import BilledLine
from app.domain.ledger import LARGEST, countable
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Mismatch, Outcome
from app.domain.parts.matching_terms import MatchingTerms, UnitConversion
from app.domain.service_line import ONE
from app.domain.units import DAY, Unit, is_of, name_of, same_basis


class Units(Attribute):
    """The unit, which must have the basis of the authorized one, or a conversion of the payer.

    A quantity is a positive number of thousandths.
    """

    name = "unit"
    missing_on_bill = "No quantity is one; no unit is a count."
    missing_on_authorization = "No limit on units compares no unit; no unit is a count."
    tolerances = (UnitConversion,)
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
        authorized = _authorized_unit(item)
        if same_basis(line.unit, authorized):
            return None
        accepted = _conversions(line, item, sides.terms)
        return self.differs(name_of(line.unit), name_of(authorized), AdjustmentKey.UNIT_DIFFERS, accepted)


def units_for_one(line: BilledLine, item: AuthorizedItem, terms: MatchingTerms) -> Decimal:
    """Return how many units of a matching line are one authorized unit: one, or the factor of the payer."""
    if same_basis(line.unit, _authorized_unit(item)):
        return ONE
    return next((conversion.factor for conversion in _conversions(line, item, terms)), ONE)


def counts_days(item: AuthorizedItem) -> bool:
    """Return whether an item is a stay that counts days, so that each date pays once."""
    unit = _authorized_unit(item)
    return item.requested.revenue is not None and unit is not None and unit.bases == {DAY}


def _conversions(line: BilledLine, item: AuthorizedItem, terms: MatchingTerms) -> list[UnitConversion]:
    """Return the payer's conversions of a line's unit, the first of which counts. A stay counts dates, never units."""
    if not terms.tolerances or counts_days(item):
        return []
    authorized, in_force = _authorized_unit(item), terms.in_force(UnitConversion, line.serviced)
    return [each for each in in_force if is_of(line.unit, each.billed) and is_of(authorized, each.authorized)]


def _authorized_unit(item: AuthorizedItem) -> Unit | None:
    granted = item.granted
    return item.requested.unit if granted is None else granted.unit or item.requested.unit
