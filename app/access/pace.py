"""Measure how often callers ask, with one number for each: the time at which all of its requests are used up again.

The generic cell rate algorithm (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm): a request moves that time
forward by one interval; a caller whose time is too far ahead must wait. Times are in seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping
from heapq import nlargest

from msgspec import Struct

MOST_CALLERS = 20_000
"""Callers that a meter knows at a time. Above, it forgets those that asked least."""

MOST_KEPT = 1_000
SHORTEST_KEPT = 1.0
"""Seconds below which a restart may forget a caller."""


class Pace(Struct, frozen=True):
    """Allow `burst` requests at once, and `per_second` further ones each second."""

    per_second: float
    burst: int

    @property
    def interval(self) -> float:
        """Seconds between two requests at the steady pace."""
        return 1 / self.per_second

    @property
    def span(self) -> float:
        """Seconds until a caller that used the burst may use it again."""
        return self.burst / self.per_second


class Meter:
    """The callers of one kind, each with the time at which its burst is whole again."""

    def __init__(self, pace: Pace) -> None:
        self._interval, self._span = pace.interval, pace.span
        self._whole: dict[str, float] = {}

    def take(self, caller: str, now: float) -> float:
        """Count a request and return 0, or return the seconds until the next one is allowed."""
        wait = self.wait(caller, now)
        if wait <= 0:
            self._put(caller, max(self._whole.get(caller, now), now) + self._interval, now)
            return 0.0
        return wait

    def give_back(self, caller: str, now: float) -> None:
        """Count a request as not made."""
        if (whole := self._whole.get(caller)) is not None:
            self._put(caller, whole - self._interval, now)

    def wait(self, caller: str, now: float) -> float:
        """Return the seconds until a request is allowed; 0 or less: now."""
        whole = self._whole.get(caller)
        if whole is None:
            return 0.0
        if whole > now + self._span:  # the clock was set back: no caller waits for longer than a full burst
            self._whole[caller] = whole = now + self._span
        return whole + self._interval - self._span - now

    def kept(self, now: float) -> dict[str, float]:
        """Return the callers that a restart must not forget, each with its time."""
        used = {caller: whole for caller, whole in self._whole.items() if whole - now > SHORTEST_KEPT}
        return dict(nlargest(MOST_KEPT, used.items(), key=lambda entry: entry[1]))

    def restore(self, kept: Mapping[str, float], now: float) -> None:
        """Remember callers that a process kept before; the later time of each counts."""
        for caller, whole in kept.items():
            self._put(caller, max(whole, self._whole.get(caller, now)), now)

    def _put(self, caller: str, whole: float, now: float) -> None:
        self._whole[caller] = min(whole, now + self._span)
        if len(self._whole) > MOST_CALLERS:
            used = {caller: whole for caller, whole in self._whole.items() if whole > now}
            self._whole = dict(nlargest(MOST_CALLERS // 2, used.items(), key=lambda entry: entry[1]))
