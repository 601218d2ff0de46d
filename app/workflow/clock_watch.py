"""Compare the server's clock with the store's and with another server's, once a minute, for the readiness check."""

from __future__ import annotations

import time
from collections.abc import Callable

from app import log
from app.ports import Clock, Documents, TimeSource
from app.safety.check import Check, Status
from app.safety.clock import difference_of

EVERY_SECONDS = 60.0


class ClockWatch:
    """Know whether the clock is far off. A source that does not answer says nothing about the clock."""

    def __init__(self, source: TimeSource | None, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Set the other server's clock; without one, only the store's is compared."""
        self._source, self._monotonic = source, monotonic
        self._compared: float | None = None
        self._far_off = False

    async def is_far_off(self, clock: Clock, documents: Documents) -> bool:
        """Return whether the clock was far off at the last comparison, which is at most a minute old."""
        if self._compared is None or self._monotonic() - self._compared >= EVERY_SECONDS:
            self._compared = self._monotonic()
            self._far_off = await self._compare(clock, documents)
        return self._far_off

    async def _compare(self, clock: Clock, documents: Documents) -> bool:
        checks: list[Check] = []
        if (stored := await documents.time()) is not None:
            checks.append(difference_of("store", clock.now(), stored))
        if self._source is not None:
            try:
                checks.append(difference_of("time url", clock.now(), await self._source()))
            except RuntimeError as silent:
                log.get_logger().warning("clock not compared", cause=str(silent))
        for check in checks:
            if check.status is not Status.PASS:
                log.get_logger().error("clock is off", at=check.name, cause=check.sentence)
        return any(check.status is Status.FAIL for check in checks)
