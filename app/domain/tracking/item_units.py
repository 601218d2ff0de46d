"""The units of an item: authorized, used by billing claims, and left."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from app.domain.authorization import AuthorizedItem
from app.domain.decision import ReviewAction
from app.domain.ledger import available
from app.domain.units import Unit

_NOTHING = frozenset({ReviewAction.NOT_CERTIFIED, ReviewAction.CANCELLED})


class ItemUnits(Struct, frozen=True):
    """The units of an item. `authorized` and `left` are None if the grant has no limit."""

    authorized: Decimal | None
    used: Decimal
    left: Decimal | None
    unit: Unit | None

    @property
    def unlimited(self) -> bool:
        """Whether the grant has no limit of units."""
        return self.authorized is None


def units_of(item: AuthorizedItem) -> ItemUnits | None:
    """Return the units of an item; None if it is not decided and has no earlier grant, or needs no authorization.

    A denied or cancelled item has no units left.
    """
    granted, unit = item.granted, item.requested.unit
    if granted is None:
        nothing = ItemUnits(Decimal(0), item.consumed, Decimal(0), unit)
        return nothing if item.decision.action in _NOTHING else None
    left = available(item) if item.in_force is not None else Decimal(0)
    return ItemUnits(granted.quantity, item.consumed, left, granted.unit or unit)
