"""The same cause is logged once a minute, not once a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

PAUSE: Final = 60.0


class Seldom:
    """Says when a cause is due for a line again, and how many lines were left out since."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lines: dict[str, tuple[float, int]] = {}

    def left_out(self, cause: str) -> int | None:
        """Return how many lines of this cause were left out since its last line; None if this line must be left out."""
        now = self._monotonic()
        written, count = self._lines.get(cause, (now - PAUSE, 0))
        if now - written < PAUSE:
            self._lines[cause] = (written, count + 1)
            return None
        self._lines[cause] = (now, 0)
        return count
