"""The payer's terms of reminders about authorizations."""

from __future__ import annotations

from msgspec import Struct


class ReminderTerms(Struct, frozen=True):
    """When a reminder is due: `expiring` days before the end of a grant, and at `units_low` percent of its units."""

    expiring: int = 30
    units_low: int = 20
