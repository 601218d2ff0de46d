"""The workflow of each act that can be due."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from app.domain.parts.due_act import ActName, DueAct
from app.records.authorizations import Stored
from app.workflow.due.clock import mark_clock
from app.workflow.due.purge import purge
from app.workflow.due.release import release
from app.workflow.due.remind import remind
from app.workflow.system import System

Act = Callable[[System, Stored, DueAct], Awaitable[None]]
"""Does the act in one commit that marks it as done in the record, as read. Raises Conflict."""

ACTS: Mapping[ActName, Act] = {
    ActName.DUE_SOON: mark_clock,
    ActName.BREACHED: mark_clock,
    ActName.RELEASE: release,
    ActName.EXPIRING: remind,
    ActName.PURGE: purge,
}
