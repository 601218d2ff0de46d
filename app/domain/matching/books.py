"""Track the units left in each authorized item while one claim is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from app.domain.balances.components import HALF, used_by_component
from app.domain.balances.days import days_of, drawn_days
from app.domain.balances.periods import period_starts, used_by_period
from app.domain.balances.pools import NO_POOLS, Key, Pools
from app.domain.balances.portions import Portion
from app.domain.datatypes import Period
from app.domain.ledger import EXACT, LedgerEntry, available, total
from app.domain.matching.candidate import Candidate
from app.domain.matching.component import COMPONENTS
from app.domain.parts.period_cap import PeriodCap

NOTHING = Decimal(0)


class Books:
    """The units left in each item. The authorizations do not change.

    `entries`: the ledger entries of the authorizations, by id; the units of a period follow from them.
    `pools`: the units that items share with the items of an appealed request.
    `before`: the books before a line, for a trial of its draws.
    """

    __slots__ = (
        *("_before", "_caps", "_components", "_days", "_drawn_on", "_entries", "_left", "_pools", "_rooms", "_used"),
    )

    def __init__(
        self,
        entries: Mapping[str, Sequence[LedgerEntry]] | None = None,
        pools: Pools = NO_POOLS,
        before: Books | None = None,
    ) -> None:
        self._entries = entries or {}
        self._pools = pools
        self._rooms: dict[Key, Decimal] = dict(pools.rooms if before is None else before._rooms)
        self._before = before
        self._left: dict[Key, Decimal | None] = {}
        self._caps: dict[Key, PeriodCap | None] = {}
        self._days: dict[Key, set[date]] = {}
        self._drawn_on: set[Key] = set()
        self._used: dict[Key, dict[date, Decimal]] = {}
        self._components: dict[Key, dict[str, Decimal]] = {}

    def trial(self) -> Books:
        """Return books in which a line may draw before it is known whether the line is paid."""
        return Books(pools=self._pools, before=self)

    def left(self, candidate: Candidate) -> Decimal | None:
        """Return the units left in all periods; None if there is no limit."""
        key = candidate.key
        if key not in self._left:
            before = self._before
            self._left[key] = available(candidate.item) if before is None else before.left(candidate)
            self._caps[key] = candidate.cap
        return self._left_in_pools(key)

    def room(self, candidate: Candidate, component: str = "") -> Decimal | None:
        """Return the units that the next line can draw in all periods; None if there is no limit.

        A unit pays each component of a whole service once: a component can draw half of the units that neither it nor
        the whole service has used, and the whole service those of which no component is used.
        """
        left, own = self.left(candidate), self._left[candidate.key]
        if left is None or own is None:
            return left
        used = {name: self._used_by(candidate.key, name) for name in COMPONENTS}
        if component:
            other = total(units for name, units in used.items() if name != component)
            own = EXACT.multiply(EXACT.subtract(EXACT.add(own, other), used[component]), HALF)
        else:
            own = EXACT.subtract(own, EXACT.subtract(max(used.values()), min(used.values())))
        return max(min(left, own), NOTHING)

    def has_day(self, candidate: Candidate, day: date) -> bool:
        """Return whether a day of a stay is drawn already, by an earlier claim or an earlier line."""
        key = candidate.key
        if key not in self._days:
            authorization, item = key
            entries = self._entries.get(authorization, ())
            self._days[key] = set(drawn_days(entries, item)) if self._before is None else set()
        return day in self._days[key] or (self._before is not None and self._before.has_day(candidate, day))

    def shares(self, candidate: Candidate) -> tuple[Key, ...]:
        """Return the appealed items on which the units of an item count, too."""
        return tuple(pool for pool in self._pools.chains.get(candidate.key, ()) if pool != candidate.key)

    def left_on(self, candidate: Candidate, days: Period, component: str = "") -> Decimal | None:
        """Return the units that the next line can draw for a service on `days`, under the cap of the grant, too."""
        left, key = self.room(candidate, component), candidate.key
        cap = self._caps[key]
        if cap is None:
            return left
        rooms = (EXACT.subtract(cap.units, self._used_in(key, cap, first)) for first in period_starts(cap, days))
        room = max(min(rooms, default=NOTHING), NOTHING)
        return room if left is None else min(left, room)

    def untouched(self, candidate: Candidate) -> bool:
        """Return whether no line of this claim has drawn on the item."""
        return candidate.key not in self._drawn_on

    def take(self, key: Key, portions: Iterable[Portion]) -> None:
        """Record units that a line draws on an item. Call `left` for the item first."""
        self._drawn_on.add(key)
        cap = self._caps[key]
        for portion in portions:
            left = self._left[key]
            self._left[key] = None if left is None else EXACT.subtract(left, portion.units)
            if portion.component:
                used = self._used_by(key, portion.component)
                self._components[key][portion.component] = EXACT.add(used, portion.units)
            for pool in self._pools.chains.get(key, ()):
                self._rooms[pool] = EXACT.subtract(self._rooms[pool], portion.units)
            if cap is not None:
                self._count(key, cap, portion)
            if key in self._days:
                self._days[key].update(days_of(portion.days, portion.units))

    def _left_in_pools(self, key: Key) -> Decimal | None:
        """Return the units left in an item and in the appealed items with which it shares units."""
        left = self._left[key]
        rooms = [self._rooms[pool] for pool in self._pools.chains.get(key, ())]
        return left if not rooms else max(min(*rooms, rooms[0] if left is None else left), NOTHING)

    def _count(self, key: Key, cap: PeriodCap, portion: Portion) -> None:
        for first in period_starts(cap, portion.days):
            used = self._used_in(key, cap, first)
            self._used[key][first] = EXACT.add(used, portion.units)

    def _used_by(self, key: Key, component: str) -> Decimal:
        """Return the units that a component of an item has drawn."""
        if key not in self._components:
            authorization, item = key
            entries = self._entries.get(authorization, ())
            self._components[key] = dict(used_by_component(entries, item)) if self._before is None else {}
        used = self._components[key].get(component)
        if used is None:
            used = NOTHING if self._before is None else self._before._used_by(key, component)
        return used

    def _used_in(self, key: Key, cap: PeriodCap, first: date) -> Decimal:
        """Return the units drawn in the period that begins on a day."""
        if key not in self._used:
            authorization, item = key
            entries = self._entries.get(authorization, ())
            self._used[key] = dict(used_by_period(entries, item, cap)) if self._before is None else {}
        used = self._used[key].get(first)
        if used is None:
            used = NOTHING if self._before is None else self._before._used_in(key, cap, first)
        return used
