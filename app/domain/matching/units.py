"""Compare the unit, and check that the quantity is countable. The ledger checks the units left."""

from __future__ import annotations

from decimal import Decimal

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import AuthorizedItem
from app.domain.billing import BilledLine
from app.domain.datatypes import Period
from app.domain.ledger import LARGEST, countable
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Mismatch, Outcome
from app.domain.matching.stay_days import authorized_unit, counts_days, dates_in
from app.domain.parts.matching_terms import MatchingTerms, UnitConversion
from app.domain.service_line import ONE
from app.domain.units import is_of, name_of, same_basis


class Units(Attribute):
    """The unit, which must have the basis of the authorized one, or a conversion of the payer.

    A quantity is a positive number of thousandths.
    """

    name = "unit"
    missing_on_bill = "No quantity is one; no unit is a count."
    missing_on_authorization = "No limit on units compares no unit; no unit is a count."
    tolerances = (UnitConversion,)
    reasons = (AdjustmentKey.UNIT_DIFFERS, AdjustmentKey.QUANTITY_UNUSABLE, AdjustmentKey.DAYS_EXCEED_DATES)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch if the quantity is not countable, the unit differs, or a stay has too many days."""
        line, item = sides.line, sides.item
        if not countable(line.quantity):
            countable_units = f"greater than 0 and at most {LARGEST:,f}, with at most three decimals"
            return Mismatch("quantity", f"{line.quantity:.6g}", countable_units, AdjustmentKey.QUANTITY_UNUSABLE)
        granted = item.decision.granted
        if granted is None:
            return None
        authorized = authorized_unit(item)
        if same_basis(line.unit, authorized):
            return _too_many_days(sides)
        if granted.quantity is None:
            return None
        accepted = _conversions(line, item, sides.terms)
        return self.differs(name_of(line.unit), name_of(authorized), AdjustmentKey.UNIT_DIFFERS, accepted)


def units_for_one(line: BilledLine, item: AuthorizedItem, terms: MatchingTerms) -> Decimal:
    """Return how many units of a matching line are one authorized unit: one, or the factor of the payer."""
    if same_basis(line.unit, authorized_unit(item)):
        return ONE
    return next((conversion.factor for conversion in _conversions(line, item, terms)), ONE)


def _too_many_days(sides: Sides) -> Mismatch | None:
    """Return a mismatch if a stay has more days than dates: each date pays one day."""
    line, dates = sides.line, dates_in(sides.line.serviced or Period())
    if dates is None or line.quantity <= dates or not counts_days(sides.item):
        return None
    most = f"one for each date, at most {dates}"
    return Mismatch("days", f"{line.quantity.normalize():f}", most, AdjustmentKey.DAYS_EXCEED_DATES)


def _conversions(line: BilledLine, item: AuthorizedItem, terms: MatchingTerms) -> list[UnitConversion]:
    """Return the payer's conversions of a line's unit, the first of which counts. A stay counts dates, never units."""
    if not terms.tolerances or counts_days(item):
        return []
    authorized, in_force = authorized_unit(item), terms.in_force(UnitConversion, line.serviced)
    return [each for each in in_force if is_of(line.unit, each.billed) and is_of(authorized, each.authorized)]
