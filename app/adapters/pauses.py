"""Compute the pauses between attempts."""

from __future__ import annotations

from collections.abc import Iterator
from secrets import SystemRandom
from time import monotonic

_SHORTEST = 0.001
_LONGEST = 0.05
_uniform = SystemRandom().uniform


def pauses(patience: float) -> Iterator[float]:
    """Yield the pause in seconds after each attempt, until `patience` seconds have passed; at least one.

    The pauses grow, and each has a random part, so that two colliding writers do not collide again.
    """
    end = monotonic() + patience
    length = _SHORTEST
    while True:
        yield length * _uniform(0.5, 1.5)
        if monotonic() > end:
            return
        length = min(length * 2, _LONGEST)
