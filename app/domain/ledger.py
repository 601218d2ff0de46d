"""The ledger of an authorization's units. Billing claims draw units, and never more than the grant.

A claim that is voided or replaced releases its draws. An adjustment counts units that no claim here has drawn. A draw
on the grant of an appeal counts by a share on the appealed item, too, if both have the units of one request.

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
    SHARE = "share"


_RELEASED_BY = {EntryKind.DRAW: EntryKind.RELEASE, EntryKind.SHARE: EntryKind.SHARE}
"""The kind of the entry that takes back an entry."""


class LedgerEntry(Struct, frozen=True):
    """One movement of an authorized item's units. Entries are never changed.

    `units` is the change of the units left: negative for a draw, positive for a release, any for the others.
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
    left = min(left, unshared(item)) if item.shared else left
    rounded = left.quantize(PLACES, context=EXACT)
    return left if left == rounded else rounded


def unshared(item: AuthorizedItem) -> Decimal:
    """Return the requested units that neither the item nor its appeals have drawn."""
    return EXACT.subtract(item.requested.quantity, EXACT.add(item.consumed, item.shared))


def consumed(entries: Iterable[LedgerEntry]) -> Mapping[str, Decimal]:
    """Return the consumed units of each item, by its number, from all entries of an authorization."""
    return _sums(entry for entry in entries if entry.kind is not EntryKind.SHARE)


def _sums(entries: Iterable[LedgerEntry]) -> Mapping[str, Decimal]:
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        totals[entry.item] = EXACT.subtract(totals[entry.item], entry.units)
    return totals


def open_draws(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Return the draws among all entries of an authorization or of a claim that no release has taken back."""
    return [entry for entry in _open(entries) if entry.kind is EntryKind.DRAW]


def _open(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Return the draws and shares that no entry has taken back."""
    known = list(entries)
    released = {entry.reverses for entry in known}
    return [entry for entry in known if entry.kind in _RELEASED_BY and entry.units < 0 and entry.id not in released]


def release_of(
    entries: Iterable[LedgerEntry], created: datetime, actor: str, cause: str | None = None
) -> tuple[LedgerEntry, ...]:
    """Return the entries that take back the open draws and shares among `entries`, all entries of a claim.

    The id of a release follows from its draw, so that of two releases of one draw the store accepts one.
    """
    return tuple(
        replace(
            draw,
            id=f"{draw.id}.release",
            kind=_RELEASED_BY[draw.kind],
            units=-draw.units,
            created=created,
            actor=actor,
            reverses=draw.id,
            cause=cause,
        )
        for draw in _open(entries)
    )


def check_balance(authorization: Authorization, entries: Iterable[LedgerEntry]) -> None:
    """Compare the record's balances with all entries of the authorization. Raises OutOfBalance."""
    known = list(entries)
    shares = _sums(entry for entry in known if entry.kind is EntryKind.SHARE)
    items = [(item.requested.number, item) for item in authorization.items]
    drawn = {number: item.consumed for number, item in items if item.consumed}
    shared = {number: item.shared for number, item in items if item.shared}
    if _some(consumed(known)) != drawn or _some(shares) != shared:
        raise OutOfBalance(f"The ledger of authorization {authorization.id} does not add up to its record.")


def _some(units: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {item: sum_ for item, sum_ in units.items() if sum_}


def post(authorization: Authorization, entries: Iterable[LedgerEntry]) -> Authorization:
    """Return the authorization with the balances after the new `entries`; either all are posted or none.

    Releases count before draws, so a replaced claim makes room for its replacement.
    Raises OverDrawn when an item would pass its grant, and ValueError for an entry of another authorization or of an
    unknown item, for units with the wrong sign, and for a release of more units than are drawn.
    """
    items = {item.requested.number: item for item in authorization.items}
    for entry in sorted(entries, key=lambda entry: entry.reverses is None):
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
        case EntryKind.ADJUST | EntryKind.SHARE:
            return entry.units != 0


def _posted(item: AuthorizedItem, entry: LedgerEntry) -> AuthorizedItem:
    if entry.kind is EntryKind.SHARE:
        after = replace(item, shared=EXACT.subtract(item.shared, entry.units))
    else:
        after = replace(item, consumed=EXACT.subtract(item.consumed, entry.units))
    if after.consumed < 0 or after.shared < 0:
        raise ValueError(f"{entry} returns more units than are drawn.")
    if entry.units < 0 and not _within(after, entry.kind):
        raise OverDrawn(entry)
    return after


def _within(item: AuthorizedItem, kind: EntryKind) -> bool:
    """Return whether the units fit into the request, if appeals draw on it, and into the grant of the item."""
    if item.shared and unshared(item) < 0:
        return False
    granted = item.granted
    if kind is EntryKind.SHARE:
        return True
    return granted is not None and (granted.quantity is None or item.consumed <= granted.quantity)
