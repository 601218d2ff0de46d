"""Log the same cause once a minute, not once a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

PAUSE: Final = 60.0


class Seldom:
    """Limit each cause to one line a minute, and count the lines left out."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lines: dict[str, tuple[float, int]] = {}

    def left_out(self, cause: str) -> int | None:
        """Return the number of lines left out since the last one of this cause; None to leave this one out."""
        now = self._monotonic()
        written, count = self._lines.get(cause, (now - PAUSE, 0))
        if now - written < PAUSE:
            self._lines[cause] = (written, count + 1)
            return None
        self._lines[cause] = (now, 0)
        return count
