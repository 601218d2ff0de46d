"""The type of bill of a facility (NUBC): a leading 0, the kind of facility, the kind of care, and the frequency."""

from __future__ import annotations

from app.codes import PLACE_OF_SERVICE, TYPE_OF_BILL, canonical
from app.domain.datatypes import Coding

_PLACES = {
    "11": frozenset({"21"}),
    "12": frozenset({"21"}),
    "13": frozenset({"19", "22", "23"}),
    "21": frozenset({"31"}),
    "32": frozenset({"12"}),
    "72": frozenset({"65"}),
    "81": frozenset({"34"}),
    "82": frozenset({"34"}),
    "83": frozenset({"24"}),
    "85": frozenset({"19", "22", "23"}),
}
"""The places of service of each kind of facility and care, because a facility's bill has no place of service."""


def is_type_of_bill(place: Coding) -> bool:
    """Return whether the code of a place is a type of bill."""
    system = canonical(place.system)
    return system == TYPE_OF_BILL or (system != PLACE_OF_SERVICE and len(place.code) > len("11"))


def facility_of(type_of_bill: str) -> str:
    """Return the first two digits after the leading 0: the kinds of facility and care."""
    digits = type_of_bill.removeprefix("0")
    return digits[:2]


def is_place_of(type_of_bill: str, place_of_service: str) -> bool:
    """Return whether a place of service is one of the type of bill."""
    return place_of_service in _PLACES.get(facility_of(type_of_bill), frozenset())
