"""Whether bytes still move, in either direction."""

from __future__ import annotations

from app.web.protocol.limits import LEAST_PROGRESS


class Progress:
    """Remembers how many bytes there were, and since when that has hardly changed."""

    __slots__ = ("_amount", "_since")

    def __init__(self, now: float) -> None:
        self._amount, self._since = 0, now

    def stalled(self, amount: int, now: float, seconds: float) -> bool:
        """Take the amount of now; tell whether it has changed by too little for that many seconds."""
        if abs(amount - self._amount) >= LEAST_PROGRESS:
            self.restart(amount, now)
        return now - self._since >= seconds

    def restart(self, amount: int, now: float) -> None:
        """Measure from here on."""
        self._amount, self._since = amount, now
