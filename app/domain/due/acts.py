"""The acts that are due on an authorization: they follow from its record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.due.clock import clock_acts
from app.domain.due.purge import purge_acts
from app.domain.due.release import release_acts
from app.domain.due.reminders import expiry_acts
from app.domain.parts.due_act import DueAct

_SOURCES: tuple[Callable[[Authorization], tuple[DueAct, ...]], ...] = (
    clock_acts,
    release_acts,
    expiry_acts,
    purge_acts,
)
"""The functions that find acts, done or not. A new one raises `_WRITTEN_AS` in `app/records/kinds.py`."""


def due_acts(authorization: Authorization) -> tuple[DueAct, ...]:
    """Return the acts that are not done yet, the earliest first."""
    acts = (act for source in _SOURCES for act in source(authorization))
    return tuple(sorted((act for act in acts if act not in authorization.done), key=lambda act: act.at))


def next_due(authorization: Authorization) -> datetime | None:
    """Return the time of the earliest act; None if no act will be due."""
    return next((act.at for act in due_acts(authorization)), None)


def marked(authorization: Authorization, act: DueAct) -> Authorization:
    """Return the record with the act marked as done, so that no server does it again."""
    return replace(authorization, done=(*authorization.done, act))
