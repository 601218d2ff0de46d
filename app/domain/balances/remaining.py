"""The units of each item of an authorization on a day: authorized, used and remaining, also by period of its cap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.balances.periods import used_by_period
from app.domain.balances.pools import Pools
from app.domain.datatypes import Period
from app.domain.ledger import EXACT, LedgerEntry, unshared
from app.domain.parts.period_cap import PeriodCap
from app.domain.units import Unit

NOTHING = Decimal(0)


class PeriodUnits(Struct, frozen=True):
    """The units that claims have used in a period of a cap, and those that they can still use in it."""

    period: Period
    used: Decimal
    remaining: Decimal


class Remaining(Struct, frozen=True):
    """The units of an item. `authorized`, `remaining` and `usable` are None if the grant has no limit.

    `remaining`: authorized and not used. `usable`: those of them that a service from now on can use: none after the
    last day of the grant or a cancellation. Nothing is reserved: a pended claim draws when its request is decided.
    """

    item: AuthorizedItem
    authorized: Decimal | None
    used: Decimal
    remaining: Decimal | None
    usable: Decimal | None
    unit: Unit | None
    period: Period | None = None
    cap: PeriodCap | None = None
    periods: tuple[PeriodUnits, ...] = ()


def remaining_units(
    authorization: Authorization, entries: Sequence[LedgerEntry], pools: Pools, today: date
) -> tuple[Remaining, ...]:
    """Return the units of each item. `entries` are all entries of the authorization, which agree with its record.

    `pools`: the units that items share with the items of an appealed request.
    """
    return tuple(_remaining(authorization, item, entries, pools, today) for item in authorization.items)


def _remaining(
    authorization: Authorization, item: AuthorizedItem, entries: Sequence[LedgerEntry], pools: Pools, today: date
) -> Remaining:
    granted = item.granted
    if granted is None:
        return Remaining(item, NOTHING, item.consumed, NOTHING, NOTHING, item.requested.unit)
    left = None if granted.quantity is None else _left(authorization, item, granted.quantity, pools)
    over = item.in_force is None or (granted.period.end is not None and granted.period.end < today)
    cap = granted.cap
    return Remaining(
        item=item,
        authorized=granted.quantity,
        used=item.consumed,
        remaining=left,
        usable=NOTHING if over else left,
        unit=granted.unit or item.requested.unit,
        period=granted.period,
        cap=cap,
        periods=() if cap is None else tuple(_periods(item, cap, entries, today)),
    )


def _left(authorization: Authorization, item: AuthorizedItem, quantity: Decimal, pools: Pools) -> Decimal:
    """Return the units that neither the item nor those that share its units have used."""
    chain = pools.chains.get((authorization.id, item.requested.number), ())
    shared = [unshared(item)] if item.shared else []
    return max(min([EXACT.subtract(quantity, item.consumed), *shared, *(pools.rooms[pool] for pool in chain)]), NOTHING)


def _periods(
    item: AuthorizedItem, cap: PeriodCap, entries: Iterable[LedgerEntry], today: date
) -> Iterator[PeriodUnits]:
    """Yield each period with used units, and the present one."""
    used = used_by_period(entries, item.requested.number, cap)
    present = cap.period(today)
    firsts = {present.start or today, *used}
    for first in sorted(firsts):
        units = used.get(first, NOTHING)
        yield PeriodUnits(cap.period(first), units, max(EXACT.subtract(cap.units, units), NOTHING))
