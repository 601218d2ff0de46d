"""Keep the state of the rate limits over a restart: read at the start, stored every few seconds and at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from app.records.access.pace import keep, read_kept
from app.workers.periodic import repeated
from app.workflow.system import System

SECONDS_BETWEEN = 5.0


@asynccontextmanager
async def limits_kept(system: System) -> AsyncIterator[None]:
    """Continue with the state of an earlier process, and keep it while the server runs."""
    system.budgets.limiter.restore(await read_kept(system.documents), system.clock.now().timestamp())
    async with repeated("state of the rate limits", partial(keep_limits, system), SECONDS_BETWEEN):
        yield


async def keep_limits(system: System) -> None:
    """Store the state, if it changed. Raises StoreUnavailable; the limits go on without the store."""
    await keep(system.documents, system.budgets.limiter.kept(system.clock.now().timestamp()))
