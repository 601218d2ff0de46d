"""The system's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.settings import Settings


class SystemClock:
    """The machine's time plus `offset`, which lets a demo run on a later day."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """Return the time in UTC, with its zone."""
        return datetime.now(UTC) + self._offset


def system_clock(settings: Settings) -> SystemClock:
    """Return the clock of a server with these settings."""
    return SystemClock(timedelta(seconds=settings.clock_offset))
