"""An act that becomes due at a time, without a call of a client."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class ActName(StrEnum):
    """The acts that the server does by itself. None decides about an item: a release lets a person's decision count."""

    DUE_SOON = "due-soon"
    BREACHED = "breached"
    RELEASE = "release"
    EXPIRING = "expiring"
    PURGE = "purge"


class DueAct(Struct, frozen=True):
    """An act and the time at which it is due. An act of another time is another act: a new due time gives a new one."""

    name: ActName
    at: datetime
