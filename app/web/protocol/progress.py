"""Detect a connection that has stalled, in either direction."""

from __future__ import annotations

from app.web.protocol.limits import LEAST_PROGRESS


class Progress:
    """The last number of bytes, and the time since when it has hardly changed."""

    __slots__ = ("_amount", "_since")

    def __init__(self, now: float) -> None:
        self._amount, self._since = 0, now

    def stalled(self, amount: int, now: float, seconds: float) -> bool:
        """Record the current amount; return True if it has changed too little for `seconds`."""
        if abs(amount - self._amount) >= LEAST_PROGRESS:
            self.restart(amount, now)
        return now - self._since >= seconds

    def restart(self, amount: int, now: float) -> None:
        """Begin a new measurement at this amount and time."""
        self._amount, self._since = amount, now
