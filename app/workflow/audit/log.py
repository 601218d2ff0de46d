"""Store AuditEvents that belong to no other commit: those of reads, which wait for them, and those of refusals."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.log import get_logger
from app.ports import Documents, Ids
from app.records.audit.events import Entry
from app.workflow.audit.payers import with_payers
from app.workflow.changes import audit_rows
from app.workflow.contention import retried

MOST_TOGETHER = 64
MOST_QUEUED = 1_000
"""The most refusals that wait for a commit. More are counted, and the next event names their number."""


class _Unit(Struct, eq=False):
    """The events of one reader, and the future that it waits for."""

    entries: Sequence[Entry]
    stored: asyncio.Future[None]


class AuditLog:
    """Gather the events that wait, and commit them together."""

    def __init__(self, most_queued: int = MOST_QUEUED) -> None:
        self._most_queued = most_queued
        self._units: deque[_Unit] = deque()
        self._queued: deque[Entry] = deque()
        self._left_out = 0
        self._running: asyncio.Task[None] | None = None

    async def write(self, documents: Documents, ids: Ids, entries: Sequence[Entry]) -> None:
        """Store events, and return when they are durable. Raises StoreUnavailable: then nothing may be disclosed."""
        unit = _Unit(entries, asyncio.get_running_loop().create_future())
        self._units.append(unit)
        self.start(documents, ids)
        await unit.stored

    def queue(self, documents: Documents, ids: Ids, entry: Entry) -> None:
        """Store the event of a refusal soon, without waiting for it."""
        if len(self._queued) >= self._most_queued:
            self._left_out += 1
            return
        self._queued.append(entry)
        self.start(documents, ids)

    async def flush(self, documents: Documents, ids: Ids) -> None:
        """Store the queued events; those that the store does not take stay queued.

        It ends when no event waits, so a busy server must not wait for it.
        """
        self.start(documents, ids)
        while self._running is not None:
            await asyncio.wait({self._running})

    def start(self, documents: Documents, ids: Ids) -> None:
        """Store the events that wait, unless a commit is under way: then they follow it."""
        if self._running is None and (self._units or self._queued):
            self._running = asyncio.get_running_loop().create_task(self._run(documents, ids))

    async def _run(self, documents: Documents, ids: Ids) -> None:
        try:
            while (self._units or self._queued) and await self._commit(documents, ids):
                pass
        finally:
            self._running = None  # in the same turn as the last look at the queues, so that no event waits for ever

    async def _commit(self, documents: Documents, ids: Ids) -> bool:
        """Commit the events that wait; return whether to go on. Refusals wait for a later time if the store fails."""
        units = [self._units.popleft() for _ in range(min(MOST_TOGETHER, len(self._units)))]
        queued = [self._queued.popleft() for _ in range(min(MOST_TOGETHER, len(self._queued)))]
        left_out, self._left_out = self._left_out, 0
        entries = [*(entry for unit in units for entry in unit.entries), *_numbered(queued, left_out)]
        try:
            entries = await with_payers(documents, entries)
            await retried(lambda: documents.commit(*audit_rows(ids, entries)))
        except Exception as failure:  # noqa: BLE001 - it belongs to the readers that wait
            self._queued.extendleft(reversed(queued))
            self._left_out += left_out
            _answer(units, failure)
            return bool(self._units)
        _answer(units, None)
        return True


def _numbered(queued: Sequence[Entry], left_out: int) -> Sequence[Entry]:
    """Name the number of refusals that were left out in the reason of the first event after them."""
    if not left_out or not queued:
        return queued
    get_logger().warning("audit events left out", count=left_out)
    (actor, access), *rest = queued
    reason = f"{access.reason}. {left_out} more refusals were not recorded."
    return [(actor, replace(access, reason=reason)), *rest]


def _answer(units: Sequence[_Unit], failure: Exception | None) -> None:
    for unit in units:
        if unit.stored.done():  # the reader was cancelled
            continue
        if failure is None:
            unit.stored.set_result(None)
        else:
            unit.stored.set_exception(failure)
