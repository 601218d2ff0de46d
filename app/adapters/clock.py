"""The system's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    """Tells the machine's time, moved by `offset` where a demonstration wants to see what a later day brings."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """Now, in UTC with its zone."""
        return datetime.now(UTC) + self._offset
