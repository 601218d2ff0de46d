"""Compare two clocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.safety.check import Check, failed, passed, warned

FAR_OFF: Final = timedelta(minutes=5)
"""A clock that is further off breaks tokens, deadlines and the order of records."""

OFF: Final = timedelta(seconds=10)
_REMEDY = "Set the clock of this machine by NTP."


def difference_of(name: str, now: datetime, reference: datetime) -> Check:
    """Compare the server's clock with another one."""
    seconds = round((now - reference).total_seconds())
    way = "after" if seconds > 0 else "before"
    text = f"The server's clock is {abs(seconds)} s {way} the other one."
    if abs(now - reference) > FAR_OFF:
        return failed(name, text, _REMEDY)
    return passed(name, text) if abs(now - reference) <= OFF else warned(name, text, _REMEDY)
