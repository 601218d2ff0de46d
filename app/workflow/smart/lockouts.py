"""Count attempts to sign in by user and by address, in the store: a restart or another process forgets none."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from math import ceil

from app.access.smart.lockouts import REMEMBERED, Lockout
from app.ports import Conflict
from app.records.smart.kinds import LOCKOUTS
from app.records.smart.shelf import digest
from app.workflow.contention import retried
from app.workflow.system import System


class LockedOut(Exception):  # noqa: N818 - an answer to the user
    """Too many attempts were bad. The next one is answered after `seconds`."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__("locked out")


async def count_attempt(system: System, names: Sequence[str]) -> None:
    """Count an attempt for each name, as bad until `forgive`: parallel attempts cannot pass. Raises LockedOut."""
    keys = [digest(name) for name in names]
    async with system.contention.turn(keys):
        now = system.clock.now()
        waits = [await _wait(system, key, now) for key in keys]
        if any(waits):
            raise LockedOut(max(waits))
        waits = [await _counted(system, key, now) for key in keys]
        if any(waits):
            raise LockedOut(max(waits))


async def forgive(system: System, names: Sequence[str]) -> None:
    """Take an attempt back that was good."""
    now = system.clock.now()
    for key in map(digest, names):
        async with system.contention.turn([key]):
            kept = await LOCKOUTS.find(system.documents, key, now)
            if kept is not None:
                with suppress(Conflict):  # one attempt too many stays counted, which does no harm
                    await LOCKOUTS.change(system.documents, kept, kept.value.taken_back(), now)


async def _wait(system: System, key: str, now: datetime) -> int:
    kept = await LOCKOUTS.find(system.documents, key, now)
    return 0 if kept is None else ceil(kept.value.wait(now.timestamp()))


async def _counted(system: System, key: str, now: datetime) -> int:
    """Count the attempt; return the seconds of the lockout that it causes, or 0."""
    seconds = now.timestamp()

    async def attempt() -> Lockout:
        kept = await LOCKOUTS.read(system.documents, key)
        before = Lockout(since=seconds) if kept is None or kept.has_expired(now) else kept.value
        counted = before.counted(seconds)
        until = max(datetime.fromtimestamp(counted.locked_until, UTC), now) + timedelta(seconds=REMEMBERED)
        if kept is None:
            await LOCKOUTS.keep(system.documents, key, counted, now, until)
        else:
            await LOCKOUTS.change(system.documents, kept, counted, now, until)
        return counted

    return ceil((await retried(attempt)).wait(seconds))
