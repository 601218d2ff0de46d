"""The units of an authorization: granted once, drawn by billing claims, never more than was granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_DOWN, Context, Decimal
from enum import StrEnum

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import Draw

PLACES = Decimal("0.001")
"""The smallest part of a unit that is counted."""

EXACT = Context(prec=5000, rounding=ROUND_DOWN)
"""Arithmetic with more digits than a number of a claim can have, so that nothing is rounded unasked."""


class OverDrawn(Exception):  # noqa: N818 - what the draw would do, in the ledger's words
    """A draw would take more than is granted; nothing is drawn."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        super().__init__(f"item {draw.item} of authorization {draw.authorization} has not that many units left")


class EntryKind(StrEnum):
    """What an entry does to the balance."""

    GRANT = "grant"
    CONSUME = "consume"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of an authorized item's ledger, written once and never changed.

    `units` is always positive, the kind is its sign; None in a grant is no cap. `claim` and `line` name what consumed;
    `service_from` and `service_to` are the first and the last day of the service, or of the grant. `actor` is the
    client or worker on whose behalf it was written.
    """

    id: str
    authorization: str
    item: int
    kind: EntryKind
    units: Decimal | None
    created: datetime
    actor: str
    claim: str | None = None
    line: int | None = None
    service_from: date | None = None
    service_to: date | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What the entries of one item come to. `granted` None is no cap."""

    granted: Decimal | None
    consumed: Decimal

    @property
    def remaining(self) -> Decimal | None:
        """Units left; None where there is no cap."""
        return None if self.granted is None else self.granted - self.consumed


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


def balance(entries: Sequence[LedgerEntry]) -> Balance:
    """Add up the entries of one authorized item. Raises ValueError when they are of several."""
    if len({(entry.authorization, entry.item) for entry in entries}) > 1:
        raise ValueError("A balance is of one item: these entries are of several.")
    grants = [entry.units for entry in entries if entry.kind is EntryKind.GRANT]
    consumed = [entry.units for entry in entries if entry.kind is EntryKind.CONSUME and entry.units is not None]
    capped = [units for units in grants if units is not None]
    return Balance(sum(capped, Decimal(0)) if len(capped) == len(grants) else None, sum(consumed, Decimal(0)))


def _take(item: AuthorizedItem, one: Draw) -> AuthorizedItem:
    consumed = EXACT.add(item.consumed, one.units)
    granted = item.decision.granted
    if granted is None or (granted.quantity is not None and consumed > granted.quantity):
        raise OverDrawn(one)
    return replace(item, consumed=consumed)
