"""The summary of an authorized or requested item for an app, on a day of the payer."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.life.states import ItemState, state_of_item
from app.domain.tracking.item_units import ItemUnits, units_of
from app.domain.tracking.next_step import NextStep, Step, next_step


class ItemSummary(Struct, frozen=True):
    """An item: its request, its state, its units, its days and its next step.

    `active`: its grant has begun, has not ended, and has units left. `days_left`: the days until its last day.
    """

    authorization: Authorization
    item: AuthorizedItem
    state: ItemState
    units: ItemUnits | None
    start: date | None
    end: date | None
    active: bool
    days_left: int | None
    step: NextStep


def summary_of(item: AuthorizedItem, authorization: Authorization, today: date) -> ItemSummary:
    """Return the summary of an item."""
    granted, units = item.in_force, units_of(item)
    start, end = (None, None) if granted is None else (granted.period.start, granted.period.end)
    begun, ended = start is None or start <= today, end is not None and end < today
    has_units = units is not None and units.left != 0
    return ItemSummary(
        authorization,
        item,
        state_of_item(item, today),
        units,
        start,
        end,
        active=granted is not None and begun and not ended and has_units,
        days_left=None if end is None or ended else (end - today).days,
        step=_step(next_step(item, authorization), ended=ended),
    )


def _step(step: NextStep, *, ended: bool) -> NextStep:
    """Return the step of the day: an authorization that has ended needs an extension for later services."""
    return NextStep(Step.EXTEND) if ended and step.step is Step.BILL else step
