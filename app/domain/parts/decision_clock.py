"""The clock of the pended items of a request."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct


class DecisionClock(Struct, frozen=True, omit_defaults=True):
    """The clock of the pended items, as the policy had it when it started. It never stops.

    `started`: the receipt of the request. `source`: the law or the rule that limits the time.
    `due_soon`: the time before the due time from which the decision is due soon.
    `longest_extension`: the most by which the payer may extend the time, once.
    """

    started: datetime
    source: str
    due_soon: timedelta
    longest_extension: timedelta
