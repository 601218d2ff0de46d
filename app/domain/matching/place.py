"""Compare the place of service, or the type of bill, of the line and the request."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.coding.type_of_bill import facility_of, is_place_of, is_type_of_bill
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Outcome
from app.domain.parts.matching_terms import EqualPlaces


class Place(Attribute):
    """The place of service, or the first two digits of the type of bill. A type of bill stands for its places."""

    name = "place of service"
    missing_on_bill = "A mismatch, which asks for the place."
    tolerances = (EqualPlaces,)
    reasons = (AdjustmentKey.PLACE_DIFFERS, AdjustmentKey.PLACE_MISSING)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch unless the line has the authorized place. Systems do not count: several are in use."""
        authorized = sides.item.requested.place
        if authorized is None:
            return None
        place, type_of_bill = _billed(sides)
        if place is None and type_of_bill is None:
            return self.differs("none", authorized.code, AdjustmentKey.PLACE_MISSING)
        if is_type_of_bill(authorized):
            agreed = _bill_agrees(authorized.code, type_of_bill, place)
        else:
            agreed = is_place_of(type_of_bill or "", authorized.code) if place is None else place == authorized.code
        if agreed:
            return None
        accepted = [each for each in sides.tolerated_by(EqualPlaces) if {place, authorized.code} <= each.places]
        return self.differs(place or type_of_bill or "", authorized.code, AdjustmentKey.PLACE_DIFFERS, accepted)


def _billed(sides: Sides) -> tuple[str | None, str | None]:
    """Return the place of service of the line, and the type of bill of the line or its claim."""
    place = sides.line.place
    if place is None:
        return None, sides.claim.type_of_bill
    return (None, place.code) if is_type_of_bill(place) else (place.code, sides.claim.type_of_bill)


def _bill_agrees(authorized: str, type_of_bill: str | None, place: str | None) -> bool:
    if type_of_bill is not None:
        return facility_of(type_of_bill) == facility_of(authorized)
    return place is not None and is_place_of(authorized, place)
