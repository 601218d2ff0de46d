"""The ledger of an authorization's units. Billing claims draw units, and never more than the grant.

A claim that is voided or replaced releases its draws. An adjustment counts units that no claim here has drawn.

The entries are the truth. `AuthorizedItem.consumed` is the balance that they add up to; a billing claim reads the
entries and checks the balance before it draws.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_DOWN, Context, Decimal
from enum import StrEnum
from functools import reduce

from msgspec import Struct
from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem

PLACES = Decimal("0.001")
"""The smallest countable part of a unit."""

LARGEST = Decimal("1e12")
"""The largest quantity. A larger one is a mistake, and its sums would not be exact."""

EXACT = Context(prec=5000, rounding=ROUND_DOWN)
"""Arithmetic with enough digits that no sum of claim quantities or amounts is rounded."""


class EntryKind(StrEnum):
    """The kinds of ledger entries. The grant is not an entry. It is part of the authorization's record."""

    DRAW = "draw"
    RELEASE = "release"
    ADJUST = "adjust"


class LedgerEntry(Struct, frozen=True):
    """One movement of an authorized item's units. Entries are never changed.

    `units` is the change of the units left: negative for a draw, positive for a release, any for an adjustment.
    `service_from` and `service_to` are the first and the last day of service.
    `actor` is the client that caused the entry.
    `component`: the modifier (26 or TC), if one component of an authorized whole service drew the units.
    `reverses`: the draw that a release takes back. `cause`: the claim that took it back.
    """

    id: str
    authorization: str
    item: str
    units: Decimal
    created: datetime
    actor: str
    claim: str
    line: str
    service_from: date | None = None
    service_to: date | None = None
    kind: EntryKind = EntryKind.DRAW
    reverses: str | None = None
    cause: str | None = None
    component: str = ""


class OverDrawn(Exception):  # noqa: N818 - the ledger's word
    """The entry would draw more than is granted; no entry is posted."""

    def __init__(self, entry: LedgerEntry) -> None:
        self.entry = entry
        super().__init__(f"Item {entry.item} of authorization {entry.authorization} has too few units left.")


class OutOfBalance(Exception):  # noqa: N818 - the ledger's word
    """The entries do not add up to the balance in the authorization's record."""


def total(units: Iterable[Decimal]) -> Decimal:
    """Return the exact sum of units."""
    return reduce(EXACT.add, units, Decimal(0))


def countable(quantity: Decimal) -> bool:
    """Return whether a quantity is a positive number of thousandths and at most `LARGEST`."""
    return quantity.is_finite() and 0 < quantity <= LARGEST and quantity == quantity.quantize(PLACES, context=EXACT)


def available(item: AuthorizedItem) -> Decimal | None:
    """Return the units that can still be drawn, rounded down to thousandths; None if the grant has no limit."""
    granted = item.granted
    if granted is None:
        return Decimal(0)
    if granted.quantity is None:
        return None
    left = EXACT.subtract(granted.quantity, item.consumed)
    rounded = left.quantize(PLACES, context=EXACT)
    return left if left == rounded else rounded


def consumed(entries: Iterable[LedgerEntry]) -> Mapping[str, Decimal]:
    """Return the consumed units of each item, by its number, from all entries of an authorization."""
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        totals[entry.item] = EXACT.subtract(totals[entry.item], entry.units)
    return totals


def open_draws(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Return the draws among all entries of an authorization or of a claim that no release has taken back."""
    known = list(entries)
    released = {entry.reverses for entry in known}
    return [entry for entry in known if entry.kind is EntryKind.DRAW and entry.id not in released]


def release_of(
    entries: Iterable[LedgerEntry], created: datetime, actor: str, cause: str | None = None
) -> tuple[LedgerEntry, ...]:
    """Return the entries that take back the open draws among `entries`, all entries of a claim.

    The id of a release follows from its draw, so that of two releases of one draw the store accepts one.
    """
    return tuple(
        replace(
            draw,
            id=f"{draw.id}.release",
            kind=EntryKind.RELEASE,
            units=-draw.units,
            created=created,
            actor=actor,
            reverses=draw.id,
            cause=cause,
        )
        for draw in open_draws(entries)
    )


def check_balance(authorization: Authorization, entries: Iterable[LedgerEntry]) -> None:
    """Compare the record's balances with all entries of the authorization. Raises OutOfBalance."""
    derived = {item: units for item, units in consumed(entries).items() if units}
    recorded = {item.requested.number: item.consumed for item in authorization.items if item.consumed}
    if derived != recorded:
        raise OutOfBalance(f"The ledger of authorization {authorization.id} does not add up to its record.")


def post(authorization: Authorization, entries: Iterable[LedgerEntry]) -> Authorization:
    """Return the authorization with the balances after the new `entries`; either all are posted or none.

    Releases count before draws, so a replaced claim makes room for its replacement.
    Raises OverDrawn when an item would pass its grant, and ValueError for an entry of another authorization or of an
    unknown item, for units with the wrong sign, and for a release of more units than are drawn.
    """
    items = {item.requested.number: item for item in authorization.items}
    for entry in sorted(entries, key=lambda entry: entry.kind is not EntryKind.RELEASE):
        if entry.authorization != authorization.id or entry.item not in items or not _signed(entry):
            raise ValueError(f"{entry} cannot be posted to authorization {authorization.id}.")
        items[entry.item] = _posted(items[entry.item], entry)
    return replace(authorization, items=tuple(items[item.requested.number] for item in authorization.items))


def _signed(entry: LedgerEntry) -> bool:
    match entry.kind:
        case EntryKind.DRAW:
            return entry.units < 0
        case EntryKind.RELEASE:
            return entry.units > 0 and entry.reverses is not None
        case EntryKind.ADJUST:
            return entry.units != 0


def _posted(item: AuthorizedItem, entry: LedgerEntry) -> AuthorizedItem:
    balance = EXACT.subtract(item.consumed, entry.units)
    granted = item.granted
    if balance < 0:
        raise ValueError(f"{entry} returns more units than are drawn.")
    if entry.units < 0 and (granted is None or (granted.quantity is not None and balance > granted.quantity)):
        raise OverDrawn(entry)
    return replace(item, consumed=balance)
