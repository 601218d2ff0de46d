"""Log the head of the chain of seals, so that the log has it even if the end of the chain is removed."""

from __future__ import annotations

from app.audit.seal import Seal
from app.log import get_logger

SECONDS_BETWEEN_LINES = 60.0


class Head:
    """The newest seal, until the log has it. At most one line a minute; the last seal of a busy minute is not lost."""

    def __init__(self, now: float) -> None:
        self._seal: Seal | None = None
        self._logged = now

    def advance(self, seal: Seal | None, now: float) -> None:
        """Take a new seal, if there is one, and log the newest if the last line is a minute old."""
        self._seal = seal or self._seal
        if now - self._logged >= SECONDS_BETWEEN_LINES:
            self.write(now)

    def write(self, now: float) -> None:
        """Log the newest seal, if the log does not have it yet."""
        if self._seal is not None:
            get_logger().info("audit sealed", seal=self._seal.number, digest=self._seal.hash)
            self._logged, self._seal = now, None
