"""The units of an authorization: granted once, drawn by billing claims, never more than was granted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_DOWN, Context, Decimal

from msgspec import Struct
from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import Draw

PLACES = Decimal("0.001")
"""The smallest part of a unit that is counted."""

LARGEST = Decimal("1e12")
"""Beyond this a quantity is a mistake, and sums of it would not be exact."""

EXACT = Context(prec=5000, rounding=ROUND_DOWN)
"""Arithmetic with more digits than a number of a claim can have, so that nothing is rounded unasked."""


class OverDrawn(Exception):  # noqa: N818 - what the draw would do, in the ledger's words
    """A draw would take more than is granted; nothing is drawn."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        super().__init__(f"item {draw.item} of authorization {draw.authorization} has not that many units left")


class LedgerEntry(Struct, frozen=True):
    """Units that a line of a billing claim drew from an authorized item: written once and never changed.

    What was granted stands in the authorization's own record. `service_from` and `service_to` are the first and the
    last day of the service; `actor` is the client on whose behalf it was written.
    """

    id: str
    authorization: str
    item: int
    units: Decimal
    created: datetime
    actor: str
    claim: str
    line: int
    service_from: date | None = None
    service_to: date | None = None


def countable(quantity: Decimal) -> bool:
    """Whether it is a positive number of thousandths, up to the largest that is no mistake."""
    return quantity.is_finite() and 0 < quantity <= LARGEST and quantity == quantity.quantize(PLACES, context=EXACT)


def available(item: AuthorizedItem) -> Decimal | None:
    """Return the units that can still be drawn, in thousandths and never rounded up; None where there is no cap."""
    granted = item.decision.granted
    if granted is None:
        return Decimal(0)
    if granted.quantity is None:
        return None
    left = EXACT.subtract(granted.quantity, item.consumed)
    counted = left.quantize(PLACES, context=EXACT)
    return left if left == counted else counted


def draw(authorization: Authorization, draws: Sequence[Draw]) -> Authorization:
    """Take the units of all `draws` from the authorization's items, or none of them.

    Raises OverDrawn when an item would pass what it was granted, and ValueError for a draw of no units, from another
    authorization or from an item that is not there.
    """
    items = {item.requested.sequence: item for item in authorization.items}
    for one in draws:
        if one.authorization != authorization.id or one.item not in items or not one.units > 0:
            raise ValueError(f"Authorization {authorization.id} cannot be drawn on by {one}.")
        items[one.item] = _take(items[one.item], one)
    return replace(authorization, items=tuple(items[item.requested.sequence] for item in authorization.items))


def _take(item: AuthorizedItem, one: Draw) -> AuthorizedItem:
    consumed = EXACT.add(item.consumed, one.units)
    granted = item.decision.granted
    if granted is None or (granted.quantity is not None and consumed > granted.quantity):
        raise OverDrawn(one)
    return replace(item, consumed=consumed)
