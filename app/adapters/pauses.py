"""How long to wait between attempts."""

from __future__ import annotations

from collections.abc import Iterator
from secrets import SystemRandom
from time import monotonic

_SHORTEST = 0.001
_LONGEST = 0.05
_uniform = SystemRandom().uniform


def pauses(patience: float) -> Iterator[float]:
    """Yield a pause, in seconds, for after each attempt, until `patience` seconds have gone by; one at least.

    They grow, and each is drawn at random around its length, so that those who collided once do not collide again in
    step.
    """
    end = monotonic() + patience
    length = _SHORTEST
    while True:
        yield length * _uniform(0.5, 1.5)
        if monotonic() > end:
            return
        length = min(length * 2, _LONGEST)
